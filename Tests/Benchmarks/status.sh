#!/usr/bin/env bash
# The status of a spool with ten thousand finished mailings and an active one with a million recipients, half of them
# sent: seconds and peak memory of the looks, the best of five. The overview has to stay under 0.3 s and 60 MB; beside
# it stands a C program that only makes the system calls that cannot be spared. Needs the release build, cc, python3.
set -euo pipefail
cd "$(dirname "$0")/../.."
finished=${1:-10000}
recipients=${2:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.build/release/spool-tick --init "$work/spool"
python3 Tests/Benchmarks/made-up-spool.py "$work/spool" "$finished" "$recipients"
cc -O2 -o "$work/tails" Tests/Benchmarks/tails.c
python3 - "$PWD/.build/release/spool-status" "$work" <<'P'
import os, subprocess, sys, time

status, work = sys.argv[1:]
spool = f"{work}/spool"


def measure(what, command):
    best = None
    for _ in range(5):
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, code, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        if os.waitstatus_to_exitcode(code) > 1:
            sys.exit(f"{what}: exit status {os.waitstatus_to_exitcode(code)}")
        if best is None or seconds < best[0]:
            best = seconds, usage.ru_maxrss / 1024
    print(f"{what}: {best[0]:.3f} s, {best[1]:.0f} MB")
    return best


measure("the system calls alone", [f"{work}/tails", spool])
seconds, megabytes = measure("overview", [status, "--spool", spool])
measure("--json", [status, "--spool", spool, "--json"])
measure("--attention", [status, "--spool", spool, "--attention"])
measure("the page of the active mailing", [status, "--spool", spool, "million"])
if seconds >= 0.3 or megabytes >= 60:
    sys.exit("the overview is over its limit of 0.3 s and 60 MB")
P
