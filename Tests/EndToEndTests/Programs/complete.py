#!/usr/bin/env python3
"""What a shell offers behind a command line: complete.py SHELL COMPLETIONS LINE...

SHELL is bash, zsh or fish, COMPLETIONS the directory with our files. Prints a JSON object: line to what is offered.
"""
import json
import os
import pty
import re
import select
import shutil
import sys
import tempfile
import time

shell, completions, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
home = tempfile.mkdtemp()
PROMPT = "READY>"
commands = ["spool-tick", "spool-check", "spool-status", "spool-returns"]

if shell == "bash":
    with open(home + "/rc", "w") as file:
        # One a line, also if there is only one.
        file.write(f"source {completions}/spool.bash\nPS1='{PROMPT}'\nbind '\"\\t\": possible-completions'\n"
                   "bind 'set completion-display-width 0'\nbind 'set enable-bracketed-paste off'\n"
                   "bind 'set completion-prefix-display-length 0'\n")
    program = ["bash", "--noprofile", "--rcfile", home + "/rc", "-i"]
elif shell == "zsh":
    os.mkdir(home + "/functions")
    shutil.copy(completions + "/spool.zsh", home + "/functions/_spool")
    with open(home + "/.zshrc", "w") as file:
        file.write(f"fpath=({home}/functions $fpath)\nautoload -Uz compinit; compinit -u -d {home}/dump\nunsetopt prompt_sp\nPS1='{PROMPT}'\n"
                   "bindkey '^I' list-choices\nunset zle_bracketed_paste\n")
    program = ["zsh", "-i"]
else:
    for command in commands:
        shutil.copy(completions + "/spool.fish", f"{home}/{command}.fish")
    script = "set -g fish_complete_path $argv[1]\nfor line in $argv[2..]; complete -C $line; echo; echo end; end"
    offered = {}
    with os.popen(" ".join("'" + word.replace("'", "'\\''") + "'" for word in
                           ["fish", "--no-config", "-c", script, home] + lines)) as output:
        parts = output.read().split("\nend\n")
    for line, part in zip(lines, parts):
        offered[line] = sorted(row.split("\t")[0] for row in part.split("\n") if row)
    shutil.rmtree(home)
    print(json.dumps(offered))
    sys.exit()



def ask(line):
    """What a shell of its own shows between the line and the line drawn again, when TAB was pressed behind it."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(HOME=home, ZDOTDIR=home, TERM="dumb", INPUTRC="/dev/null")
        os.execvp(program[0], program)
    text, is_asked, end = "", False, time.time() + 20
    while text.count(PROMPT) < 2 and time.time() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            text += os.read(terminal, 65536).decode(errors="replace")
        if PROMPT in text and not is_asked:
            os.write(terminal, line.encode() + b"\t")
            is_asked = True
    os.kill(process, 9)
    os.waitpid(process, 0)
    os.close(terminal)
    return (text.replace("\r", "").split(PROMPT) + [""])[1]


offered = {}
for line in lines:
    rows = ask(line).split("\n")[1:]
    words = [word.replace("\\", "") for row in rows for word in re.split(r"\s{2,}", row.strip()) if word]
    offered[line] = sorted(words)
shutil.rmtree(home)
print(json.dumps(offered))
