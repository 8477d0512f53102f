"""One thread after the other, each of which works for a moment. Prints for how many seconds they worked in all."""

import threading
import time

worked = []


def work():
    start = time.monotonic()
    while time.thread_time() < 0.015:
        sum(range(100))
    worked.append(time.monotonic() - start)


for number in range(40):
    thread = threading.Thread(target=work, name="brief %d" % number)
    thread.start()
    thread.join()
print(sum(worked))
