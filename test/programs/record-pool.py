"""Sends objects of its own class through a pool of processes started in the way of argv[1]; prints what comes back."""

import json
import multiprocessing
import os
import sys
import time


class Job:
    def __init__(self, number):
        self.number = number
        self.process = 0

    def run(self):
        end = time.monotonic() + 0.04
        total = 0
        while time.monotonic() < end:
            total += sum(range(200))
        self.process = os.getpid()
        self.number *= self.number
        return self


def work(job):
    return job.run()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        jobs = pool.map(work, [Job(number) for number in range(8)], chunksize=1)
        pool.close()
        pool.join()
    print(json.dumps([[job.number for job in jobs], sorted({job.process for job in jobs})]))
