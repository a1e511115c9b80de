# Completion for a command of Spool in fish, which is that by whose name this file is found. The options are those that
# the command's own --help names.

# The spool: behind --spool, else $SPOOL_DIR, else the current directory, else ./spool.
function __spool_directory
    set -l words (commandline -opc)
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --spool
                set -q words[(math $i + 1)]; and echo $words[(math $i + 1)]
                return
            case '--spool=*'
                string replace -- --spool= '' $words[$i]
                return
        end
    end
    if test -n "$SPOOL_DIR"
        echo $SPOOL_DIR
    else if test -d scheduled -a -d active -a -d journal
        echo .
    else
        echo spool
    end
end

# The names of the mailings, with something behind each.
function __spool_names
    set -l spool (__spool_directory)
    for folder in scheduled active paused done
        for file in $spool/$folder/*.json
            echo (string replace -r '\.json$' '' (string replace -r '.*/' '' $file))"$argv[1]"
        end
    end
end

# States, behind those that stand there already.
function __spool_states
    set -l before (string match -r '.*,' -- (commandline -ct))
    for state in waiting sending in-doubt sent deferred failed skipped
        echo "$before[1]$state"
    end
end


set -l command (string replace -r '.*/' '' (string replace -r '\.fish$' '' (status filename)))
set -l known ($command --help 2>/dev/null | string match -ar -- '--[a-z]+(?:-[a-z]+)*' | sort -u)
for option in (string replace -- -- '' $known)
    switch $option
        case spool init
            complete -c $command -l $option -x -a '(__fish_complete_directories)'
        case html explain
            complete -c $command -l $option -r
        case color
            complete -c $command -l $option -x -a 'auto always never'
        case group
            complete -c $command -l $option -x -a '(__fish_complete_groups)'
        case adopt forget mailing
            complete -c $command -l $option -x -a '(__spool_names)'
        case resolve
            complete -c $command -l $option -x -a '(__spool_names =sent; __spool_names =resend)'
        case state
            complete -c $command -l $option -x -a '(__spool_states)'
        case preview as test block unblock
            complete -c $command -l $option -x
        case '*'
            complete -c $command -l $option
    end
end
switch $command
    case spool-tick spool-returns
        complete -c $command -f -a '(__fish_complete_directories)'
    case spool-check
        complete -c $command -n 'test (commandline -opc)[-1] = --new' -a html
        complete -c $command -k -a '(__fish_complete_suffix .json)'
    case '*'
        complete -c $command -f -a '(__spool_names)'
end
