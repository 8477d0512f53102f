"""Which calls does a running program really make? The interpreter itself says so, through a profile function.

usage: observe_calls.py SECONDS SCRIPT

Runs SCRIPT and prints one line `CALLER: CALLEE` for each pair of function names seen in the second half of so many
seconds, when it has started up.
"""
import os
import sys
import time

seconds, script = float(sys.argv[1]), sys.argv[2]
begin = time.monotonic()
seen = set()


def observe(frame, event, _argument):
    now = time.monotonic()
    if event != "call" or now < begin + seconds / 2:
        return
    if frame.f_back is not None:
        seen.add((frame.f_back.f_code.co_name, frame.f_code.co_name))
    if now > begin + seconds:
        sys.setprofile(None)
        for caller, callee in sorted(seen):
            print(caller + ": " + callee)
        sys.stdout.flush()
        os._exit(0)


with open(script, encoding="utf-8") as file:
    code = compile(file.read(), script, "exec")
sys.setprofile(observe)
exec(code, {"__name__": "__main__"})
