"""One thread that never rests under a given number of frames, and threads that only wait.

usage: busy.py RESULT FRAMES IDLE_THREADS --rounds N
       busy.py RESULT FRAMES IDLE_THREADS --calibrate SECONDS

RESULT.begun appears when the work begins; RESULT gets one JSON object: the rounds, and the wall and CPU seconds of the
work (CPU of the whole process).
"""
import json
import sys
import threading
import time


def step():
    total = 0
    for number in range(20):
        total += number
    return total


def loop(rounds):
    for _ in range(rounds):
        step()


def descend(frames, rounds):
    """Calls itself until `frames` frames are below the innermost `step`."""
    if frames > 0:
        descend(frames - 1, rounds)
    else:
        loop(rounds)


def measure(frames, rounds):
    wall, cpu = time.perf_counter(), time.process_time()
    # <module>, main, measure, the last descend, loop and step are frames too.
    descend(max(0, frames - 6), rounds)
    return {"rounds": rounds, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def calibrate(frames, seconds):
    taken = measure(frames, 500_000)["wall"]
    return {"rounds": round(500_000 * seconds / taken)}


def main():
    result, frames, idle, mode, amount = sys.argv[1:]
    finished = threading.Event()
    threads = [threading.Thread(target=finished.wait) for _ in range(int(idle))]
    for thread in threads:
        thread.start()
    with open(result + ".begun", "w", encoding="utf-8"):
        pass
    outcome = calibrate(int(frames), float(amount)) if mode == "--calibrate" else measure(int(frames), int(amount))
    with open(result, "w", encoding="utf-8") as file:
        json.dump(outcome, file)
    finished.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
