#!/usr/bin/env bash
# Installs Spool on this machine, or into $DESTDIR for a package; takes it away again.
set -euo pipefail

usage='usage: bash Sources/Packaging/install.sh [OPTION…]     as root, after the build

  --prefix DIR   where programs, manual pages and completions go (/usr/local)
  --user NAME    who runs the tick; made if there is none (spool)
  --group NAME   who may send mailings; made if there is none (that of the same name as the user)
  --spool DIR    the spool; made if there is none (/var/spool/mailings)
  --cron         puts the tick into /etc/cron.d instead of printing its line
  --uninstall    takes away what was installed below --prefix, and the line in /etc/cron.d;
                 user, group and spool stay

The programs are those of .build/release, or of $SPOOL_BIN. With $DESTDIR only programs, pages and
completions are installed, below it.'

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

prefix=/usr/local user=spool group= spool=/var/spool/mailings cron=no action=install
while [ $# -gt 0 ]; do
    case $1 in
        --cron) cron=yes ;;
        --uninstall) action=uninstall ;;
        -h | --help)
            printf '%s\n' "$usage"
            exit
            ;;
        --prefix | --user | --group | --spool | --prefix=* | --user=* | --group=* | --spool=*)
            name=${1%%=*}
            if [[ $1 == *=* ]]; then
                value=${1#*=}
            else
                [ $# -gt 1 ] || fail "$1 needs a value; see --help" 64
                shift
                value=$1
            fi
            [ -n "$value" ] || fail "the value of $name is empty" 64
            declare "${name#--}=$value"
            ;;
        *) fail "unknown argument: $1; see --help" 64 ;;
    esac
    shift
done
group=${group:-$user}
[[ $prefix == /* && $spool == /* ]] || fail '--prefix and --spool take whole paths' 64
spool=${spool%/}

here=$(cd "$(dirname "$0")" && pwd)
programs=${SPOOL_BIN:-$here/../../.build/release}
commands=(spool-tick spool-check spool-status spool-returns)
root=${DESTDIR-}$prefix
# Where cron finds it: a name without a dot, for each spool its own.
cron_file=/etc/cron.d/spool$(printf %s "$spool" | tr -c A-Za-z0-9 -)
man=share/man bash=share/bash-completion/completions fish=share/fish/vendor_completions.d
zsh=share/zsh/site-functions
# A distribution's own place is another than that of what the machine's owner installs.
[ "$prefix" != /usr ] || zsh=share/zsh/vendor-completions

[ -n "${DESTDIR-}" ] || [ "$(id -u)" = 0 ] || fail 'this is for root: run it with sudo' 77

if [ $action = uninstall ]; then
    for command in "${commands[@]}"; do
        rm -f "$root/bin/$command" "$root/$man"/man[1-8]/"$command".[1-8] \
            "$root/$bash/$command" "$root/$fish/$command.fish"
    done
    rm -f "$root/$man/man5/spool.5" "$root/$man/man5/spool.conf.5" "$root/$man/man7/spool.7" "$root/$zsh/_spool"
    [ -n "${DESTDIR-}" ] || rm -f "$cron_file"
    echo "Spool is taken away from $root."
    if [ -z "${DESTDIR-}" ] && [ -d "$spool" ]; then
        cat <<END
$spool stays, with all that was sent from it. A line in the crontab of $user is for you
to take out: crontab -u $user -e. When nothing of it is needed any more:
  rm -r $(printf %q "$spool") && userdel $user
END
    fi
    exit
fi

for command in "${commands[@]}"; do
    [ -x "$programs/$command" ] || fail "there is no $programs/$command; build first:
  swift build -c release --static-swift-stdlib -Xlinker -s" 66
done

for command in "${commands[@]}"; do
    install -D -m 755 "$programs/$command" "$root/bin/$command"
    install -D -m 644 "$here/completions/spool.bash" "$root/$bash/$command"
    install -D -m 644 "$here/completions/spool.fish" "$root/$fish/$command.fish"
done
install -D -m 644 "$here/completions/spool.zsh" "$root/$zsh/_spool"
for page in "$here"/man/*; do
    install -D -m 644 "$page" "$root/$man/man${page##*.}/${page##*/}"
done
[ -z "${DESTDIR-}" ] || exit 0

getent group "$group" >/dev/null || groupadd --system "$group"
if ! getent passwd "$user" >/dev/null; then
    useradd --system --gid "$group" --no-create-home --home-dir "$spool" --shell /usr/sbin/nologin \
        --comment 'Mailings of Spool' "$user"
fi
id -nG "$user" | tr ' ' '\n' | grep -qxF -- "$group" || usermod -aG "$group" "$user"
[ -e "$spool" ] || install -d -o "$user" -g "$group" -m 750 "$spool"
# As the user, who alone may work on it.
(cd / && runuser -u "$user" -- "$root/bin/spool-tick" --init "$spool" --group "$group") >/dev/null

quoted=$(printf '%q %q' "$root/bin/spool-tick" "$spool")
# cron takes a bare % for the end of the line.
quoted=${quoted//%/\\%}
if [ $cron = yes ]; then
    install -d /etc/cron.d
    printf '# The tick of Spool, every minute; cron mails what it has to say to root.\nMAILTO=root\n* * * * * %s %s\n' \
        "$user" "$quoted" >"$cron_file"
    chmod 644 "$cron_file"
    tick="The tick is in $cron_file."
else
    tick="The tick: run crontab -u $user -e, and add the line

* * * * * $quoted"
fi
cat <<END
Spool is installed below $root, and $spool is ready.

$tick

Who may send mailings: usermod -aG $group NAME, from the next login on. A first mailing:

  cd $(printf %q "$spool")
  spool-check --new files/first.json  # a document, a list and a text: edit them
  spool-check files/first.json        # what will go out, and what is wrong with it
  cp files/first.json scheduled/      # goes out with the next tick
  spool-status

man 7 spool has the rest.
END
