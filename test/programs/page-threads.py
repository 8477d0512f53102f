"""Eight threads: one computes most, the others a little, and all of them wait in between."""

import threading
import time


def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(number * number for number in range(1000))


def work(seconds):
    compute(seconds)
    time.sleep(0.5)


def main():
    threads = [
        threading.Thread(target=work, args=[1 if number == 0 else 0.1], name=f"worker-{number}") for number in range(7)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
