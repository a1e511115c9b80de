"""Makes mailings that ask for far more than a mailing may take: the documents in a directory of their own, what they name
below files/ of a spool. All of them look as if they had been written an hour ago: what does not parse and is young is not
judged yet, and a file that is young is waited for."""

import json
import os
import sys
import time

spool, place = sys.argv[1:]
AN_HOUR_AGO = time.time() - 3600


def age(path):
    os.utime(path, (AN_HOUR_AGO, AN_HOUR_AGO))


def put(path, text):
    with open(path, "w") as file:
        file.write(text)
    age(path)


def drop(name, beside="", **keys):
    """A document with these keys instead of those that do no harm, and with what no dictionary holds."""
    document = {"subject": name, "from": "club@example.org", "text": "Hello", "recipients": ["m@example.net"]}
    document.update(keys)
    text = json.dumps({key: value for key, value in document.items() if value is not None})
    put(f"{place}/{name}.json", text[:-1] + beside + "}")


def files(name):
    return f"{spool}/files/{name}"


drop("huge-text", text="all work and no play\n" * 2_500_000)
drop("huge-product", text="{{ a }}" * 400, recipients=[{"address": "m@example.net", "a": "x" * 4_000_000}])
drop("holes", html="{{a}}" * 1_600_000)

with open(files("sparse.bin"), "w") as file:
    file.truncate(40 << 30)
age(files("sparse.bin"))
drop("sparse-attachment", attachments=["sparse.bin"])

put(files("a.txt"), "Hello")
drop("many-attachments", attachments=["a.txt"] * 1_100)

drop("deep", beside=', "headers": ' + "[" * 10_000 + "]" * 10_000)
drop("keys", **dict.fromkeys(map(str, range(2_000_000)), 1))
drop("inline-recipients", recipients=["m@example.net"] * 2_500_000)

# Nothing is wrong with it but its last row.
rows = "\n".join(map("m%d@example.net,x".__mod__, range(4_000_000)))
put(files("rows.csv"), f"address,name\n{rows}\nlast@example.net,\n")
drop("long-list", text="Dear {{ name }}", recipients=None, recipientsFile="rows.csv")

drop("zone", timeZone="Europe/" + "Z" * 2_000_000)

os.mkfifo(files("pipe.csv"))
age(files("pipe.csv"))
drop("pipe", recipients=None, recipientsFile="pipe.csv")
