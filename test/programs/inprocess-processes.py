"""Forks in all ways, with warnings as errors, and says what came of it."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
import warnings


def multiply(number):
    return number * 7


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(200))


def fork_often():
    for _ in range(20):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    interval = sys.getswitchinterval()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        child = os.fork()
        if child == 0:
            spin(0.05)
            print("child", threading.active_count())
            sys.exit(0)
        os.waitpid(child, 0)
        fork_often()
    for method in ("spawn", "fork", "forkserver"):
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(method, pool.map(multiply, [1, 2, 3]))
    print(subprocess.check_output([sys.executable, "-c", "import os; print('PYTHONPATH' in os.environ)"]).decode().strip())
    threads = [threading.Thread(target=fork_often) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spin(0.2)
    print("done")
