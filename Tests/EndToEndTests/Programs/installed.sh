#!/usr/bin/env bash
# Installs Spool as root would, as a Debian package and by install.sh, on a copy of this machine that forgets all of it
# (an overlay of /), has cron deliver a first mailing of each, and takes both away again. Prints what it finds.
#
# usage: unshare --mount --pid --fork bash installed.sh SOURCE PROGRAMS PACKAGE FAKETIME
set -euo pipefail
source=$1 programs=$2 package=$3 faketime=$4

mount --make-rprivate /
top=$(mktemp -d)
mount -t tmpfs tmpfs "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
cd "$top/root"
mount -t proc proc proc
mount --bind /dev dev
mount -t tmpfs tmpfs tmp
chmod 1777 tmp
mkdir tmp/source tmp/programs
mount --bind "$source" tmp/source
mount --bind "$programs" tmp/programs
cp "$package" tmp/spool.deb
# No other job of this machine runs there, and no mail of it is there.
rm -f etc/cron.d/* var/spool/cron/crontabs/* var/spool/postfix/maildrop/*
: >etc/crontab
# Else dpkg reads all manual pages of the machine again.
rm -f var/lib/man-db/auto-update
[ -e etc/postfix/main.cf ] || cp usr/share/postfix/main.cf.debian etc/postfix/main.cf

chroot . env LC_ALL=C FAKETIME_LIBRARY="$faketime" bash -euo pipefail <<'END'
cd /
umask 022
# The hints that people get are not what is looked at here.
{
    dpkg -i /tmp/spool.deb
    SPOOL_BIN=/tmp/programs bash /tmp/source/Sources/Packaging/install.sh --prefix /opt/spool \
        --user mailer --group club --spool /srv/mailings --cron
    useradd --no-create-home --groups spool,club anna
} >/tmp/log 2>&1 || { cat /tmp/log; exit 1; }

show() { # a spool
    (cd "$1" && stat -c '%n %a %U %G' . scheduled active paused done files suppressed journal suppressed.txt config.json)
}
echo package
show /var/spool/mailings
echo script
show /srv/mailings
cat /etc/cron.d/spool-srv-mailings
find /opt/spool -type f | sort

# Anna's first mailing, in each.
for spool in /var/spool/mailings /srv/mailings; do
    cd "$spool"
    setpriv --reuid anna --regid anna --init-groups bash -c '
        umask 0007
        spool-check --new files/first.json && spool-check files/first.json && cp files/first.json scheduled/' >/tmp/log 2>&1 ||
        { cat /tmp/log; exit 1; }
    touch -d '-1 minute' files/* scheduled/*
done
cd /
# A cron for whom a minute has two seconds; its jobs have the machine's time.
LD_PRELOAD=$FAKETIME_LIBRARY FAKETIME='+0 x30' FAKETIME_NO_CACHE=1 cron -f &
cron=$!
for ((i = 0; i < 300; i++)); do
    [ -e /var/spool/mailings/done/first.json ] && [ -e /srv/mailings/done/first.json ] && break
    sleep 0.1
done
kill $cron
echo delivered
for spool in /var/spool/mailings /srv/mailings; do
    setpriv --reuid anna --regid anna --init-groups spool-status --spool $spool --json | grep -o '"state":"[a-z]*"\|"sent":[0-9]*'
done
# With nothing beside them that a tick has had to say.
ls /var/spool/postfix/maildrop | wc -l

echo removed
{
    dpkg --purge spool
    bash /tmp/source/Sources/Packaging/install.sh --prefix /opt/spool --user mailer --spool /srv/mailings --uninstall
} >/tmp/log 2>&1 || { cat /tmp/log; exit 1; }
find /opt/spool -type f
ls /etc/cron.d
find /usr -path /usr/share/doc -prune -o -name '*spool-[tcs]*' -print
ls /var/spool/mailings/done /srv/mailings/done
END
