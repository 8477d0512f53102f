"""Threads that each do one thing, by name: first one of every kind, then one busy one beside 200 that wait.

Prints their idents as JSON.
"""

import json
import threading
import time
import zlib

ended = threading.Event()
all_ended = threading.Event()
held = threading.Lock()
held.acquire()
idents = {}


def count_forever(until):
    number = 0
    while not until.is_set():
        for _ in range(1000):
            number += 1


def count_too(until):
    number = 0
    while not until.is_set():
        for _ in range(1000):
            number += 1


def sleep_long(until):
    while not until.is_set():
        time.sleep(0.3)


def acquire_held(until):
    held.acquire()


def wait_for_event(until):
    until.wait()


def compress(until):
    data = bytes(range(256)) * 20_000
    while not until.is_set():
        zlib.compress(data, 9)


def start(name, target, until):
    def run():
        idents[name] = threading.get_ident()
        target(until)

    thread = threading.Thread(target=run, name=name)
    thread.start()
    return thread


def one_of_each_kind():
    kinds = [count_forever, count_too, sleep_long, acquire_held, wait_for_event, compress]
    threads = [start("%s é🐍" % kind.__name__, kind, ended) for kind in kinds]
    time.sleep(1)
    held.release()
    ended.set()
    for thread in threads:
        thread.join()


def one_beside_many():
    threads = [start("waits %d" % number, wait_for_event, all_ended) for number in range(200)]
    threads.append(start("alone", count_forever, all_ended))
    time.sleep(0.5)
    all_ended.set()
    for thread in threads:
        thread.join()


one_of_each_kind()
one_beside_many()
print(json.dumps(idents))
