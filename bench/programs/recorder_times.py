"""How long do a profiler's start() and stop() take, and how much memory has its recorder?

usage: recorder_times.py PROFILER cold
       recorder_times.py PROFILER warm PAIRS SECONDS

PROFILER is a package with `Profiler`. Standard output gets one JSON object: with `cold` the seconds from the first
`Profiler` until it records; with `warm` those of start() and of stop(), once for each of PAIRS pairs, and the bytes that the
recorder process has, where there is one: while it has been recording for SECONDS, and the most that it ever had.
"""
import importlib
import json
import os
import sys
import time

clock = time.perf_counter


def busy(seconds):
    """Many functions and lines, at changing depth."""
    end = clock() + seconds
    depth = 0
    while clock() < end:
        depth = (depth + 7) % 50
        descend(depth)


def descend(depth):
    if depth > 0:
        return descend(depth - 1)
    return json.loads(json.dumps([{"depth": depth, "name": "number %d" % depth}] * 20))


def memory(pid, what):
    """Bytes: `VmRSS` now or `VmHWM` at most, of /proc/PID/status."""
    with open("/proc/%d/status" % pid) as file:
        [line] = [line for line in file if line.startswith(what + ":")]
    return int(line.split()[1]) * 1024


def recorder_pid(profiler):
    if profiler != "timesink":
        return None
    from timesink._recorder import current_recorder

    return current_recorder().pid


def cold(profiler_class):
    begin = clock()
    profiler = profiler_class(interval=0.001)
    profiler.start()
    taken = clock() - begin
    profiler.stop()
    return {"cold": taken}


def warm(package, profiler_class, pairs, seconds):
    profiler = profiler_class(interval=0.001)
    profiler.start()
    busy(seconds)
    pid = recorder_pid(package)
    recording = pid and memory(pid, "VmRSS")
    profiler.stop()
    profiler.output_text()
    starts, stops = [], []
    for _ in range(pairs):
        profiler = profiler_class(interval=0.001)
        # Whoever profiles a request waits for it first.
        time.sleep(0.002)
        begin = clock()
        profiler.start()
        started = clock()
        starts.append(started - begin)
        stopping = clock()
        profiler.stop()
        stops.append(clock() - stopping)
    return {"starts": starts, "stops": stops, "recording": recording, "most": pid and memory(pid, "VmHWM")}


def main():
    package, mode, *amounts = sys.argv[1:]
    profiler_class = importlib.import_module(package).Profiler
    if mode == "cold":
        result = cold(profiler_class)
    else:
        result = warm(package, profiler_class, int(amounts[0]), float(amounts[1]))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
