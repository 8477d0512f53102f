"""Runs a command on a terminal of its own and types into it.

    cli-terminal.py STEPS COMMAND [ARGS...]

STEPS is a JSON list: ["expect", TEXT] waits until TEXT has been shown since the last step that waited, ["send", KEYS] types.
Prints, as JSON, all that the terminal showed, and how the command ended: its exit code, or minus the number of a signal.
"""

import json
import os
import pty
import select
import sys
import time


def main():
    steps, command = json.loads(sys.argv[1]), sys.argv[2:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)

    shown, seen = "", 0
    deadline = time.monotonic() + 40
    while True:
        while steps:
            kind, text = steps[0]
            if kind == "send":
                os.write(terminal, text.encode())
            else:
                found = shown.find(text, seen)
                if found < 0:
                    break
                seen = found + len(text)
            steps.pop(0)
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            os.kill(pid, 9)
            break
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode("utf-8", "replace")
    _, status = os.waitpid(pid, 0)
    ending = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    print(json.dumps({"shown": shown.replace("\r\n", "\n"), "ending": ending, "left": steps}))


main()
