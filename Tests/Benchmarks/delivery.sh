#!/usr/bin/env bash
# Messages a second into a sink that takes no time, against a C program that only spawns the same sink with the same
# concurrency, in turn; time and peak memory of a tick over a list of a million, without a journal and with one that
# says that nearly all were sent; and a tick that finds nothing. Needs the release build and cc.
#
# On a busy machine: chrt -f 1 bash Tests/Benchmarks/delivery.sh. The rest of the limit goes to fdatasync: on a tmpfs
# (TMPDIR=/dev/shm) the ratio is some ten points higher, and with a concurrency of 2 it is lower, since there a
# synchronisation serves but one or two messages.
set -euo pipefail
cd "$(dirname "$0")/../.."
tick=$PWD/.build/release/spool-tick
count=${1:-4000}
concurrency=${2:-8}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc -O2 -o "$work/spawn" Tests/Benchmarks/spawn.c
echo 'int main(void) { return 0; }' | cc -O2 -static -x c -o "$work/sink" -

seconds() {
    local start end
    start=$(date +%s%N)
    "$@" >&2
    end=$(date +%s%N)
    echo $((end - start))
}

make_spool() {
    rm -rf "$work/spool"
    "$tick" --init "$work/spool"
    echo "{\"delivery\":{\"command\":[\"$2\"],\"concurrency\":$concurrency}}" >"$work/spool/config.json"
    {
        echo email,name
        seq "$1" | sed 's/.*/recipient&@example.org,Recipient &/'
    } >"$work/spool/files/list.csv"
    touch -d '1 minute ago' "$work/spool/files/list.csv"
    echo '{"subject":"Hello {{ name }}","from":"a@example.org","text":"Dear {{ name }},\n\nthis is news.\n",' \
        '"recipientsFile":"list.csv"}' >"$work/spool/active/news.json"
}

for round in 1 2 3; do
    limit=$(seconds "$work/spawn" "$count" "$concurrency" "$work/sink")
    make_spool "$count" "$work/sink"
    spool=$(seconds "$tick" "$work/spool")
    echo "round $round: $((count * 1000000000 / spool)) messages a second," \
        "limit $((count * 1000000000 / limit)), ratio $((limit * 100 / spool)) %"
done

# Nothing can be started, so that only reading, counting and ending is measured.
measure() {
    python3 - "$1" "$tick" "$work/spool" <<'P'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[2:], stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"{sys.argv[1]}: {time.time() - start:.3f} s, peak {peak} MB")
P
}
make_spool 1000000 /nonexistent
measure "a million recipients"

python3 - "$work/spool/journal/news.journal" <<'P'
import sys, zlib
with open(sys.argv[1], "r+b") as journal:
    # What the tick has just written, its counts line aside, is the beginning.
    lines = [line for line in journal.read().split(b"\n") if line[34:].startswith((b"journal", b"document", b"revision"))]
    for number in range(1, 999_991):
        for event in ("try recipient%d@example.org 1 waiting", "sent recipient%d@example.org"):
            text = ("2026-11-24T01:42:53.%03dZ " % (number % 1000) + event % number).encode()
            lines.append(b"%08x %s" % (zlib.crc32(text), text))
    journal.seek(0)
    journal.write(b"\n".join(lines) + b"\n")
P
measure "a million recipients and their journal"

rm -rf "$work/spool"
"$tick" --init "$work/spool"
"$tick" "$work/spool"
measure "nothing to do"
