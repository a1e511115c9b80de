#!/usr/bin/env bash
# Runs all tests on a Debian machine, as root: installs the tools they need where these are missing,
# checks the format, builds the release, and tests.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
need() {
    [ -e "$1" ] || packages+=("$2")
}
need /usr/sbin/postfix postfix
need /usr/bin/strace strace
need "/usr/lib/$(uname -m)-linux-gnu/faketime/libfaketimeMT.so.1" libfaketime
need /usr/sbin/cron cron
need /usr/bin/cc gcc
need /usr/bin/tmux tmux
need /sbin/mkfs.ext4 e2fsprogs
need /usr/bin/doveadm dovecot-core
need /usr/bin/chromium chromium
need /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
command -v python3 >/dev/null || packages+=(python3)
python3 -c 'import prometheus_client' 2>/dev/null || packages+=(python3-prometheus-client)
if [ "${#packages[@]}" -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends libc6-dev "${packages[@]}"
fi
# A python3 of another origin than the distribution's does not see the distribution's modules.
python3 -c 'import prometheus_client' 2>/dev/null || python3 -m pip install -q prometheus_client

swift format lint --strict -r Package.swift Sources Tests
swift build -c release --static-swift-stdlib
# One after another: the tests of whole programs watch clocks, and two cores are soon busy.
swift test --no-parallel
