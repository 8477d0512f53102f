"""A function that calls itself 10,000 deep and is busy at the bottom."""

import sys
import threading
import time

sys.setrecursionlimit(50_000)
threading.stack_size(512 * 1024 * 1024)


def spin():
    end = time.monotonic() + 1
    while time.monotonic() < end:
        pass


def descend(depth):
    if depth > 1:
        return descend(depth - 1)
    # Reading so many frames for the first time takes a while.
    time.sleep(0.5)
    spin()


thread = threading.Thread(target=descend, args=[10_000], name="deep")
thread.start()
thread.join()
