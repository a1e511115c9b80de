"""Makes a spool as months of use leave it: made-up-spool.py DIR FINISHED RECIPIENTS

FINISHED mailings in done/ with their journals, and one in active/ with so many RECIPIENTS, half of them sent. DIR is a
spool that spool-tick --init has made. Journals have right checksums, and belong to their documents by inode and birth.
"""
import datetime
import json
import subprocess
import sys
import zlib

spool, finished, recipients = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
now = datetime.datetime.now(datetime.timezone.utc)


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def line(moment, text):
    rest = f"{stamp(moment)} {text}".encode()
    return b"%08x %s\n" % (zlib.crc32(rest), rest)


def counts(state, mailing, folder, identity, begun, **figures):
    names = "waiting sending in-doubt sent deferred failed duplicate invalid suppressed late former-sent".split()
    numbers = {name: figures.get(name, 0) for name in names}
    total = sum(numbers.values())
    fields = " ".join(f"{name}={number}" for name, number in numbers.items())
    inode, birth = identity
    return (f"counts recipients={total} {fields} mailing={mailing} folder={folder} last-folder={folder} inode={inode} "
            f"birth={birth} revision=0259838124809e5d started={stamp(begun)}{state}")


def identities(folder):
    """Inode, birth, size and mtime of all documents in a folder, by name."""
    found = subprocess.run(["find", f"{spool}/{folder}", "-name", "*.json", "-print0"], capture_output=True, check=True)
    stats = subprocess.run(["xargs", "-0", "stat", "-c", "%i|%w|%s|%y|%n"], input=found.stdout, capture_output=True,
                           check=True).stdout.decode()

    def seconds(text):
        day, clock, _ = text.split(" ")
        whole, nanoseconds = clock.split(".")
        moment = datetime.datetime.fromisoformat(f"{day}T{whole}+00:00")
        return f"{int(moment.timestamp())}.{nanoseconds}"

    for entry in stats.splitlines():
        inode, birth, size, modified, path = entry.split("|")
        name = path.rsplit("/", 1)[1][:-len(".json")]
        yield name, (inode, seconds(birth)), f"{inode}/{seconds(birth)}/{size}/{seconds(modified).lstrip('0')}"


about = 'about {"from":"The Club <club@example.org>","subject":"News of the week, {{ firstName }}"}'
document = {"subject": "News of the week, {{ firstName }}", "from": "The Club <club@example.org>", "text": "news\n"}
for number in range(finished):
    with open(f"{spool}/done/news-{number:05}.json", "w") as file:
        json.dump(document | {"recipientsFile": "members.csv"}, file)
for name, identity, _ in identities("done"):
    number = int(name[-5:])
    begun = now - datetime.timedelta(hours=number + 2)
    ended = begun + datetime.timedelta(minutes=20)
    with open(f"{spool}/journal/{name}.journal", "wb") as journal:
        journal.write(line(begun, f"journal 1 made{number}"))
        journal.write(line(begun, f"document active {' '.join(identity)}"))
        journal.write(line(begun, "revision 0259838124809e5d"))
        for recipient in range(30):
            journal.write(line(begun, f"try recipient{recipient}@example.org 1 waiting"))
            journal.write(line(begun, f"sent recipient{recipient}@example.org 250 ok"))
        closing = f" closed=finished ended={stamp(ended)}"
        for folder in ("active", "done"):
            if folder == "active":
                journal.write(line(ended, "closed finished"))
            else:
                journal.write(line(ended, f"document done {' '.join(identity)}"))
                journal.write(line(ended, about))
            journal.write(line(ended, counts(closing, f"made{number}", folder, identity, begun, sent=30)))

with open(f"{spool}/files/members.csv", "w") as members:
    members.write("email,firstName\n")
    members.writelines(f"recipient{number}@example.org,Name{number}\n" for number in range(recipients))
with open(f"{spool}/active/million.json", "w") as file:
    json.dump(document | {"recipientsFile": "members.csv"}, file)
for name, identity, version in identities("active"):
    begun = now - datetime.timedelta(hours=1)
    half = recipients // 2
    with open(f"{spool}/journal/{name}.journal", "wb") as journal:
        journal.write(line(begun, "journal 1 million"))
        journal.write(line(begun, f"document active {' '.join(identity)}"))
        journal.write(line(begun, "revision 0259838124809e5d"))
        journal.write(line(begun, about))
        for recipient in range(half):
            moment = begun + datetime.timedelta(seconds=3500 * recipient / max(1, half))
            address = f"recipient{recipient}@example.org"
            journal.write(line(moment, f"try {address} 1 waiting"))
            journal.write(line(moment, f"sent {address} 250 2.0.0 Ok: queued as 4FZb2T1xyz"))
            if recipient % 500 == 499 or recipient == half - 1:
                numbers = counts("", "million", "active", identity, begun, sent=recipient + 1,
                                 waiting=recipients - recipient - 1)
                journal.write(line(moment, numbers))
    entry = {"name": name, "folder": "active", "version": version, "files": {}, "errors": [], "warnings": [],
             "isJudged": True, "isSaid": False, "hasBegun": True, "total": recipients, "duplicate": 0, "invalid": 0,
             "suppressed": 0, "perMinute": 8571.4, "secondsLeft": 3500}
    board = {"program": "", "context": "", "said": [], "entries": [entry], "ignored": []}
    with open(f"{spool}/journal/board.json", "w") as file:
        json.dump(board, file)
with open(f"{spool}/journal/tick", "w") as file:
    file.write(stamp(now) + "\n")
