"""Four threads that work for some seconds, each at something else: text, numbers, records, recursion.

usage: four_threads.py SECONDS
"""
import json
import re
import sys
import threading
import time
from collections import Counter
from fractions import Fraction

words = re.compile(r"[a-z]+")
text = "the quick brown fox jumps over the lazy dog " * 40


def count_words():
    counts = Counter()
    for word in words.findall(text):
        counts[word.title()] += 1
    return counts.most_common(3)


def harmonic():
    total = Fraction(0)
    for number in range(1, 60):
        total += Fraction(1, number)
    return total


def records():
    orders = [{"id": number, "lines": [{"price": number * k} for k in range(5)]} for number in range(60)]
    orders = json.loads(json.dumps(orders, indent=1))
    return sorted(orders, key=lambda order: -sum(line["price"] for line in order["lines"]))


def moves(discs, source, spare, target):
    if discs == 0:
        return 0
    before = moves(discs - 1, source, target, spare)
    return before + 1 + moves(discs - 1, spare, source, target)


def hanoi():
    return moves(10, "a", "b", "c")


def work(task, end):
    while time.monotonic() < end:
        task()


def main():
    end = time.monotonic() + float(sys.argv[1])
    others = [threading.Thread(target=work, args=(task, end)) for task in (harmonic, records, hanoi)]
    for thread in others:
        thread.start()
    work(count_words, end)
    for thread in others:
        thread.join()


main()
