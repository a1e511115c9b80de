#!/usr/bin/env bash
# Runs all tests on a Debian machine, as root: installs the tools they need where these are missing,
# checks the format, builds the release, and tests. At the end it says how long each suite took and what failed.
set -euo pipefail
cd "$(dirname "$0")/.."

usage="usage: bash Tests/run.sh [--fast] [--replace-mta]

  --fast         for daily work, less than three minutes on a built tree: the format, all unit tests
                 and one suite of whole programs; prints little but what fails
  --replace-mta  install Postfix, which the tests need, also where it removes another mail system;
                 CI=true says the same"

fast=no
replaces_mta=${CI:-no}
for argument in "$@"; do
    case $argument in
        --fast) fast=yes ;;
        --replace-mta) replaces_mta=true ;;
        -h | --help)
            printf '%s\n' "$usage"
            exit
            ;;
        *)
            printf 'run.sh: unknown argument: %s\n%s\n' "$argument" "$usage" >&2
            exit 64
            ;;
    esac
done

# What the tests need and the machine has not.
packages=()
need() {
    [ -e "$1" ] || packages+=("$2")
}
need /usr/bin/cc gcc
need /usr/bin/doveadm dovecot-core
command -v python3 >/dev/null || packages+=(python3)
if [ $fast = no ]; then
    need /usr/sbin/postfix postfix
    need /usr/bin/strace strace
    need "/usr/lib/$(uname -m)-linux-gnu/faketime/libfaketimeMT.so.1" libfaketime
    need /usr/sbin/cron cron
    need /usr/bin/tmux tmux
    need /sbin/mkfs.ext4 e2fsprogs
    need /usr/bin/chromium chromium
    need /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
    need /usr/bin/mandoc mandoc
    need /usr/bin/zsh zsh
    need /usr/bin/fish fish
    need /usr/bin/lintian lintian
    need /usr/bin/dpkg-shlibdeps dpkg-dev
    python3 -c 'import prometheus_client' 2>/dev/null || packages+=(python3-prometheus-client)
fi

# The mail system that apt-get would remove for Postfix, if any.
other_mta() {
    dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Provides}\n' | awk -F '\t' '
        $1 == "installed" && $2 != "postfix" && $3 ~ /(^|[ ,])mail-transport-agent([ ,(]|$)/ { print $2 }'
}
if [[ " ${packages[*]} " == *" postfix "* && $replaces_mta != true ]]; then
    mta=$(other_mta)
    if [ -n "$mta" ]; then
        cat >&2 <<END
run.sh: the tests need Postfix, and to install it would remove this machine's mail system, $mta. Nothing was
installed. Run the tests on another machine or in a container, or say --replace-mta; --fast needs no Postfix.
END
        exit 1
    fi
fi

if [ "${#packages[@]}" -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends libc6-dev "${packages[@]}"
fi
# A python3 of another origin than the distribution's does not see the distribution's modules.
if [ $fast = no ]; then
    python3 -c 'import prometheus_client' 2>/dev/null || python3 -m pip install -q prometheus_client
fi

swift format lint --strict -r Package.swift Sources Tests

if [ $fast = yes ]; then
    swift build --build-tests
    swift test --skip-build --quiet --parallel --skip EndToEndTests
    swift test --skip-build --quiet --no-parallel --filter 'EndToEndTests\..The life of a mailing'
    exit
fi

# Which suites took how long, the slowest first, and what failed, from what swift test has written down of each test.
# Quotes in a name stand there as they are:
# <testcase classname="Target.Suite" name="…" time="0.1" >
#   <failure message="…" />
print_results() {
    awk '
        function plain(text) {
            gsub(/`/, "", text)
            gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&#10;/, "\n      ", text)
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        /<testcase classname=/ {
            suite = $0; sub(/.*<testcase classname="[^".]*\.?/, "", suite); sub(/" name=".*/, "", suite)
            name = $0; sub(/.*" name="/, "", name); sub(/" time="[^"]*".*/, "", name)
            time = $0; sub(/.*" time="/, "", time)
            tests[suite]++; seconds[suite] += time; allTests++; allSeconds += time
        }
        /<failure message=/ {
            sub(/.*<failure message="/, ""); sub(/" \/>.*/, "")
            failures = failures "\n  " plain(suite) ": " plain(name) "\n      " plain($0) "\n"
        }
        END {
            row = "%9.1f %6d  %s\n"
            printf "\n%9s %6s  %s\n", "seconds", "tests", "suite"
            fflush()
            for (suite in tests) printf row, seconds[suite], tests[suite], plain(suite) | "sort -rn"
            close("sort -rn")
            printf row, allSeconds, allTests, "in all"
            if (failures) printf "\nfailed:\n%s", failures
        }' "$1"
}

# With the check that no room imports what Package.swift does not name.
swift build -c release --static-swift-stdlib -Xlinker -s --explicit-target-dependency-import-check error
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
# The programs are tested as they are installed; those of a debug build take several times as long.
export SPOOL_BIN=$PWD/.build/release
# One after another: the tests of whole programs watch clocks, and two cores are soon busy.
status=0
swift test --no-parallel --xunit-output "$results/tests.xml" || status=$?
# There is none of a run that was cut short.
[ ! -e "$results/tests-swift-testing.xml" ] || print_results "$results/tests-swift-testing.xml"
exit $status
