#compdef spool-tick spool-check spool-status spool-returns
# Completion for the commands of Spool in zsh. The options are those that the command's own --help names.

# The spool: behind --spool, else $SPOOL_DIR, else the current directory, else ./spool.
_spool_directory() {
    local i
    for ((i = 2; i < CURRENT; i++)); do
        case $words[i] in
            --spool) REPLY=${(Q)~words[i + 1]}; return ;;
            --spool=*) REPLY=${(Q)words[i]#--spool=}; return ;;
        esac
    done
    if [[ -n $SPOOL_DIR ]]; then
        REPLY=$SPOOL_DIR
    elif [[ -d scheduled && -d active && -d journal ]]; then
        REPLY=.
    else
        REPLY=spool
    fi
}

# The names of the mailings.
_spool_names() {
    local REPLY
    local -a names
    _spool_directory
    names=($REPLY/{scheduled,active,paused,done}/*.json(N:t:r))
    compadd "$@" -a names
}

_spool_value() {
    case $1 in
        --spool | --init) _files -/ ;;
        --html | --explain) _files ;;
        --color) compadd auto always never ;;
        --group) _groups ;;
        --adopt | --forget | --mailing) _spool_names ;;
        --resolve)
            if compset -P '*='; then
                compadd sent resend
            else
                _spool_names -S =
            fi
            ;;
        --state)
            compset -P '*,'
            compadd -q -S , waiting sending in-doubt sent deferred failed skipped
            ;;
        --preview | --as | --test | --block | --unblock) _message address ;;
        *) return 1 ;;
    esac
}

_spool() {
    local option=$words[CURRENT-1]
    if [[ $PREFIX == --*=* ]]; then
        option=${PREFIX%%=*}
        compset -P 1 '*='
        _spool_value $option
        return
    fi
    [[ $option == --* ]] && _spool_value $option && return
    if [[ $PREFIX == -* ]]; then
        local -aU options
        options=(${(f)"$($words[1] --help 2>/dev/null | grep -oE -- '--[a-z]+(-[a-z]+)*')"})
        compadd -a options
        return
    fi
    case ${words[1]:t} in
        spool-tick | spool-returns) _files -/ ;;
        spool-check)
            [[ $option == --new ]] && compadd html
            _files -g '*.json'
            ;;
        *) _spool_names ;;
    esac
}

_spool "$@"
