# Completion for the commands of Spool in bash. The options are those that the command's own --help names.

# What stands behind the options --spool and DIR, else $SPOOL_DIR, else the current directory, else ./spool.
_spool_directory() {
    local i word
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == --spool ]]; then
            word=${COMP_WORDS[i + 1]-}
            [[ $word != = ]] || word=${COMP_WORDS[i + 2]-}
            word=${word//\\/}
            printf '%s' "${word/#\~/$HOME}"
            return
        fi
    done
    if [[ -n ${SPOOL_DIR-} ]]; then
        printf '%s' "$SPOOL_DIR"
    elif [[ -d scheduled && -d active && -d journal ]]; then
        printf .
    else
        printf spool
    fi
}

# The names of the mailings that begin like the word, with something behind each.
_spool_names() {
    local spool file name
    spool=$(_spool_directory)
    for file in "$spool"/{scheduled,active,paused,done}/*.json; do
        [[ -e $file ]] || continue
        name=${file##*/}
        name=${name%.json}
        [[ $name != "$1"* ]] || COMPREPLY+=("$name${2-}")
    done
    compopt -o filenames
}

# The words of a list that begin like the last part of the word.
_spool_words() {
    local word
    for word in $2; do
        [[ $word != "$1"* ]] || COMPREPLY+=("$word")
    done
}

_spool() {
    local command=$1 cur=${COMP_WORDS[COMP_CWORD]} option file word is_behind_sign=no
    local -a prior=()
    COMPREPLY=()
    # In bash a = stands alone.
    if [[ $cur == = || ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then is_behind_sign=yes; fi
    [[ $cur != = ]] || cur=
    for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do
        [[ $word == = ]] || prior+=("$word")
    done
    option=${prior[-1]}
    if [[ $is_behind_sign == yes && ${#prior[@]} -gt 2 && ${prior[-2]} == --resolve ]]; then
        _spool_words "$cur" 'sent resend'
        return
    fi
    cur=${cur//\\/}
    case $option in
        --spool | --init) compopt -o filenames -o plusdirs; return ;;
        --html) compopt -o filenames -o default; return ;;
        --color) _spool_words "$cur" 'auto always never'; return ;;
        --group) mapfile -t COMPREPLY < <(compgen -g -- "$cur"); return ;;
        --adopt | --forget | --mailing) _spool_names "$cur"; return ;;
        --resolve)
            _spool_names "$cur" =
            compopt -o nospace
            return
            ;;
        --state)
            local before=
            [[ $cur != *,* ]] || before=${cur%,*},
            _spool_words "${cur##*,}" 'waiting sending in-doubt sent deferred failed skipped'
            COMPREPLY=("${COMPREPLY[@]/#/$before}")
            compopt -o nospace
            return
            ;;
        --preview | --as | --test | --block | --unblock) return ;;
        --explain) compopt -o filenames -o default; return ;;
    esac
    if [[ $cur == -* ]]; then
        _spool_words "$cur" "$("$command" --help 2>/dev/null | grep -oE -- '--[a-z]+(-[a-z]+)*' | sort -u)"
        return
    fi
    case ${command##*/} in
        spool-tick | spool-returns) compopt -o filenames -o plusdirs ;;
        spool-check)
            [[ $option != --new ]] || _spool_words "$cur" html
            while IFS= read -r file; do
                [[ ! -d $file && $file != *.json ]] || COMPREPLY+=("$file")
            done < <(compgen -f -- "$cur")
            compopt -o filenames
            ;;
        *) _spool_names "$cur" ;;
    esac
}

complete -F _spool spool-tick spool-check spool-status spool-returns
