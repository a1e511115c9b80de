#!/usr/bin/env bash
# Rendering on one core: letters of 2 KB with text and HTML, against Python's email package making the same letter
# and against a mere copy of the bytes; a template of 100 KB with 50 variables, against a copy. Then the peak memory of
# a tick that sends 10,000 messages with an attachment of 5 MB to a sink that takes no time, against a program that
# only copies such a message as often. Needs the release build, swiftc, cc and python3.
set -euo pipefail
cd "$(dirname "$0")/../.."
release=$PWD/.build/release
count=${1:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What rooms share is `package`, and the package's name is that of its directory.
package=$(basename "$PWD" | tr '[:upper:]' '[:lower:]')
swiftc -O -package-name "$package" -I "$release/Modules" -o "$work/rendering" Tests/Benchmarks/rendering.swift \
    "$release"/Spool{System,Mail}.build/*.o
"$work/rendering"
python3 - <<'P'
import time
from email import policy
from email.message import EmailMessage
paragraph = "vi ses på årsmötet i Folkets hus, där styrelsen berättar om året som gått och nästa vår. "

def render(number):
    message = EmailMessage(policy=policy.SMTP.clone(linesep="\n"))
    message["From"] = "Klubben <club@example.org>"
    message["To"] = "Åsa Berg <asa@example.org>"
    message["Subject"] = "Årsmöte, Åsa"
    message["Date"] = "Tue, 24 Nov 2026 19:00:00 +0100"
    message["Message-ID"] = f"<{number}.abc@example.org>"
    message["Precedence"] = "bulk"
    message["List-Unsubscribe"] = "<https://example.org/leave?a=asa%40example.org>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = "".join(f"{i}: {paragraph}\n" for i in range(8))
    html = "".join(f"<p>{i}: {paragraph}</p>\n" for i in range(8))
    message.set_content(f"Hej Åsa,\n\n{text}\nDitt nummer är {number}.\n")
    message.add_alternative(f"<p>Hej Åsa,</p>\n{html}<p>Ditt nummer är {number}.</p>\n", subtype="html")
    return message.as_bytes()

start, count = time.thread_time(), 0
while time.thread_time() - start < 3:
    size = len(render(count))
    count += 1
print(f"Python's email package: {int(count / (time.thread_time() - start))} a second of {size} bytes")
P

echo 'int main(void) { return 0; }' | cc -O2 -static -x c -o "$work/sink" -
"$release/spool-tick" --init "$work/spool"
echo "{\"delivery\":{\"command\":[\"$work/sink\"]}}" >"$work/spool/config.json"
head -c 5000000 /dev/urandom >"$work/spool/files/large.pdf"
{
    echo email,name
    seq "$count" | sed 's/.*/recipient&@example.org,Recipient &/'
} >"$work/spool/files/list.csv"
touch -d '1 minute ago' "$work"/spool/files/*
echo '{"subject":"Hello {{ name }}","from":"a@example.org","text":"Dear {{ name }},\n\nsee the file.\n",' \
    '"attachments":["large.pdf"],"recipientsFile":"list.csv"}' >"$work/spool/active/news.json"
python3 - "$release/spool-tick" "$work/spool" "$count" <<'P'
import os, resource, subprocess, sys, time
tick, spool, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
start = time.time()
subprocess.run([tick, spool], check=True)
seconds = time.time() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
sent = sum(" sent recipient" in line for line in open(spool + "/journal/news.journal"))
size = (5000000 + 56) // 57 * 77
source = os.memfd_create("source")
os.write(source, bytes(size))
start = time.time()
for _ in range(200):
    target = os.memfd_create("target")
    os.sendfile(target, source, 0, size)
    os.close(target)
copies = 200 / (time.time() - start)
print(f"attachment of 5 MB: {sent} of {count} sent, {int(sent / seconds)} a second,"
      f" peak {peak:.1f} MB; the kernel copies such a message {int(copies)} times a second")
P
