#!/usr/bin/env bash
# spool-check over a list of a million, every message of 2 KB text and HTML rendered: time against the limit of a
# minute, and peak memory. Needs the release build; a first argument is another number of recipients.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.build/release/spool-tick --init "$work/spool"
python3 - "$PWD/.build/release/spool-check" "$work" "$count" <<'P'
import json, os, resource, subprocess, sys, time
check, work, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(f"{work}/spool/files/list.csv", "w") as file:
    file.write("email,name,city\n")
    for number in range(count):
        file.write(f"recipient{number}@example.org,Recipient {number},Town {number % 977}\n")
paragraph = "Dear {{ name }} of {{ city | default: \"somewhere\" }},\n\nthis is news, in a text of ordinary length.\n"
with open(f"{work}/news.json", "w") as file:
    json.dump({
        "subject": "Hello {{ name }}", "from": "a@example.org", "recipientsFile": "list.csv",
        "text": paragraph * 8, "html": "".join(f"<p>{paragraph}</p>" for _ in range(8)),
        "listUnsubscribe": {"url": "https://example.org/u?a={{ address | url_encode }}"},
    }, file)
start = time.time()
done = subprocess.run([check, "--spool", f"{work}/spool", f"{work}/news.json"], stdout=subprocess.DEVNULL)
seconds = time.time() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{count} recipients: {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of {os.cpu_count()} cores), "
      f"limit 60 s, peak {used.ru_maxrss // 1024} MB")
sys.exit(done.returncode != 0 or seconds > 60)
P
