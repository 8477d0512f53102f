"""Counts the signals named; says when it is ready and what it gets.

    cli-signals.py TOTAL SIGNAL...

Ends 0.4 s after TOTAL of them have come, so that a surplus is counted too.
"""

import signal
import sys
import time

counts = {}


def count(number, frame):
    name = signal.Signals(number).name
    counts[name] = counts.get(name, 0) + 1
    print("got", name, flush=True)


for word in sys.argv[2:]:
    signal.signal(getattr(signal, word), count)

print("ready", flush=True)
while sum(counts.values()) < int(sys.argv[1]):
    time.sleep(0.01)
last = time.monotonic() + 0.4
while time.monotonic() < last:
    time.sleep(0.01)
print(counts, flush=True)
sys.exit(7)
