"""Starts processes in many ways, each with a function of its own, and ends by becoming another program.

Prints a line "FUNCTION PID" for each.
"""

import os
import subprocess
import sys
import time


def spin(name):
    end = time.monotonic() + 0.15
    while time.monotonic() < end:
        sum(range(200))
    print(name, os.getpid(), flush=True)


def in_fork():
    spin("in_fork")


def in_fork_of_fork():
    spin("in_fork_of_fork")


def in_daemon():
    spin("in_daemon")


def in_child():
    spin("in_child")


def in_shell():
    spin("in_shell")


def after_exec():
    spin("after_exec")


def before_exec():
    spin("before_exec")


def fork(function):
    child = os.fork()
    if child == 0:
        function()
        os._exit(0)
    os.waitpid(child, 0)


def fork_twice():
    fork(in_fork_of_fork)
    in_fork()


def daemon(function):
    """Runs it in a process whose parent ends at once, and waits for its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            function()
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    os.read(reading, 1)
    os.close(reading)


def main():
    before_exec()
    fork(fork_twice)
    daemon(in_daemon)
    subprocess.check_call([sys.executable, __file__, "in_child"])
    subprocess.check_call(["sh", "-c", 'true; "$0" "$1" in_shell; true', sys.executable, __file__])
    os.execv(sys.executable, [sys.executable, __file__, "after_exec"])


if len(sys.argv) > 1:
    globals()[sys.argv[1]]()
else:
    main()
