"""Prints, as JSON, all that a program can see of how it was started."""

import json
import os
import signal
import sys

# Python's start (3.7+) may set LC_CTYPE in os.environ itself (PEP 538); this is what was handed over.
with open("/proc/self/environ", "rb") as file:
    environment = sorted(entry.decode("latin-1") for entry in file.read().split(b"\0") if entry)

descriptors = []
for name in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink("/proc/self/fd/" + name)
    except OSError:
        continue
    if not target.endswith("/fd"):
        descriptors.append([int(name), target])

with open("/proc/self/status") as file:
    status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
with open("/proc/self/stat") as file:
    stat = file.read().rpartition(") ")[2].split()
with open("/proc/self/limits") as file:
    limits = file.read()

print(
    json.dumps(
        {
            "environment": environment,
            "descriptors": sorted(descriptors),
            "signals": {name: status[name] for name in ("SigBlk", "SigIgn", "SigCgt")},
            "handlers": [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM)],
            "arguments": [os.fsencode(word).decode("latin-1") for word in sys.argv],
            "path": sys.path,
            "executable": sys.executable,
            "main": [__name__, __file__],
            "folder": os.getcwd(),
            "umask": status["Umask"],
            "limits": limits,
            "group": int(stat[2]),
            "session": int(stat[3]),
            "terminal": int(stat[4]),
            "input": sys.stdin.read() if not sys.stdin.isatty() else None,
        }
    )
)
