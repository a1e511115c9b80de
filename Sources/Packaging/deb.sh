#!/usr/bin/env bash
# Makes a Debian package of what was built: prints its path. Needs dpkg-dev.
set -euo pipefail

usage='usage: bash Sources/Packaging/deb.sh [DIR]     after the build; the package goes into DIR, or here

The maintainer is $DEBFULLNAME <$DEBEMAIL>.'

fail() {
    printf 'deb.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

case ${1-} in
    -h | --help)
        printf '%s\n' "$usage"
        exit
        ;;
    -*) fail "unknown argument: $1; see --help" 64 ;;
esac
[ $# -le 1 ] || fail 'one directory at a time; see --help' 64
target=$(cd "${1:-.}" && pwd) || fail "there is no directory $1" 66
command -v dpkg-shlibdeps >/dev/null || fail 'dpkg-shlibdeps is missing; install the package dpkg-dev' 69

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/spool
umask 022
DESTDIR=$root bash "$here/install.sh" --prefix /usr
version=$("$root/usr/bin/spool-tick" --version)
version=${version##* }
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-The makers of Spool} <${DEBEMAIL:-spool@mailings.invalid}>"

find "$root/usr/share/man" -type f -exec gzip -9n {} +
document=$root/usr/share/doc/spool
mkdir -p "$document" "$root/DEBIAN" "$root/etc/cron.d" "$work/debian"
cp "$here/../../README.md" "$document/README.md"
cp -r "$here/../Manual" "$document/manual"
# Links out of the package lead nowhere.
sed -i 's#](Sources/Manual/#](manual/#g' "$document/README.md"
sed -i 's#](\.\./\.\./README\.md#](../README.md#g' "$document"/manual/*.md
printf 'Spool %s\n\nCopyright 2026 the authors of Spool\n\nThe source names no licence: ask them for the terms of its use.\n' \
    "$version" >"$document/copyright"
printf 'spool (%s) unstable; urgency=medium\n\n  * As built from its source.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(date -R -r "$root/usr/bin/spool-tick")" | gzip -9n >"$document/changelog.gz"
cat >"$root/etc/cron.d/spool-mailings" <<'END'
# The tick of Spool, every minute; cron mails what it has to say to root.
MAILTO=root
* * * * * spool [ ! -x /usr/bin/spool-tick ] || /usr/bin/spool-tick /var/spool/mailings
END
echo /etc/cron.d/spool-mailings >"$root/DEBIAN/conffiles"

# What the programs' libraries come from.
printf 'Source: spool\n\nPackage: spool\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O --warnings=0 "$root"/usr/bin/*)
libraries=${libraries#shlibs:Depends=}
cat >"$root/DEBIAN/control" <<END
Package: spool
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $libraries, adduser, default-mta | mail-transport-agent, cron | cron-daemon
Section: mail
Priority: optional
Description: mailings sent from a directory
 Spool sends mailings (newsletters, notices, invitations) from one directory.
 A mailing is one JSON document, and its state is the folder it lies in: cron
 runs spool-tick every minute, people start and stop a mailing with mv, and
 spool-status shows where everything stands. There is no daemon, no database
 and no network port; the machine's sendmail delivers.
END
cat >"$root/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
spool=/var/spool/mailings
if [ "$1" = configure ]; then
    if ! getent passwd spool >/dev/null; then
        adduser --quiet --system --group --no-create-home --home "$spool" --gecos 'Mailings of Spool' spool
    fi
    # What is there stays as it is.
    if [ ! -e "$spool" ]; then
        install -d -o spool -g spool -m 750 "$spool"
        runuser -u spool -- /usr/bin/spool-tick --init "$spool" --group spool >/dev/null
    fi
fi
END
cat >"$root/DEBIAN/postrm" <<'END'
#!/bin/sh
set -e
# The journals tell who has got what: they are for a person to remove.
if [ "$1" = purge ] && [ -d /var/spool/mailings ]; then
    echo 'The spool /var/spool/mailings and the user spool stay; remove them when nothing of it is needed.'
fi
END
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/postrm"
(cd "$root" && find etc usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

package=$target/spool_${version}_$architecture.deb
dpkg-deb -Zxz -z1 --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"
