#!/usr/bin/env bash
# Messages a second into a sink that takes no time, against a C program that only spawns the same sink with the same
# concurrency, in turn; and the peak memory of a tick over a list of a million. Needs the release build and cc.
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
make_spool 1000000 /nonexistent
python3 - "$tick" "$work/spool" <<'P'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"a million recipients: {time.time() - start:.1f} s, peak {peak} MB")
P
