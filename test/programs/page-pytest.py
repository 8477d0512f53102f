"""Tests for pytest, one of them slow."""

import time

import pytest


def total(numbers):
    end = time.monotonic() + 0.6
    while time.monotonic() < end:
        sum(numbers)
    return sum(numbers)


@pytest.fixture
def numbers():
    time.sleep(0.1)
    return list(range(1000))


def test_total(numbers):
    assert total(numbers) == 499500


@pytest.mark.parametrize("number", range(20))
def test_small(number):
    assert number * 2 == number + number
