"""Prints what a program can see of how it was started, and does what its first word says."""

import os
import pickle
import signal
import sys
import threading

# What the sampler needs itself, all of it built into the interpreter.
own_modules = {"atexit", "time"}


class Thing:
    pass


def work():
    import time

    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        sum(range(200))


def multiply(number):
    return number * 7


def main():
    here = sys.modules["__main__"]
    print(sys.argv, getattr(sys, "orig_argv", None), sys.path, sys.flags, sep="\n")
    print(sorted(vars(here)), __name__, vars(here).get("__file__"), repr(__package__))
    print(getattr(__spec__, "name", None), type(__loader__).__name__, vars(here).get("__cached__"))
    print({name: os.environ[name] for name in os.environ if name.startswith(("PYTHON", "TIMESINK"))})
    print(sorted(set(sys.modules) - own_modules), file=sys.stderr)
    print([thread.name for thread in threading.enumerate()], threading.active_count())
    print(type(pickle.loads(pickle.dumps(Thing()))) is Thing, sys.excepthook is sys.__excepthook__, sys.gettrace())
    print(signal.pthread_sigmask(signal.SIG_BLOCK, []) == set(), sys.getrecursionlimit())


def end(how):
    work()
    if how == "exit":
        sys.exit(3)
    elif how == "text":
        raise SystemExit("the end")
    elif how == "raise":
        raise ValueError("it went wrong")
    elif how == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
        work()
    elif how == "at-once":
        os._exit(4)
    elif how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "thread":
        threading.Thread(target=lambda: 1 / 0, name="worker").start()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    end(sys.argv[1] if len(sys.argv) > 1 else "")
