"""Requests that greenlets of one thread answer at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import source

pytest.importorskip("gevent")

program = """
from gevent import monkey
monkey.patch_all()
import json, time, urllib.request
import gevent
from gevent.pywsgi import WSGIServer
import timesink.wsgi
from servers import seconds_by_function
from work import busy

def work(number):
    exec(compile("def work_{0}(): busy(0.08); time.sleep(0.5); busy(0.08)\\nwork_{0}()".format(number), "work", "exec"), globals())

def app(environ, start_response):
    work(environ["PATH_INFO"][1:])
    start_response("200 OK", [])
    return [b""]

server = WSGIServer(("127.0.0.1", 0), timesink.wsgi.ProfilerMiddleware(app, allow=True), log=None)
server.start()

def ask(number):
    url = "http://127.0.0.1:{}/{}?profile=json".format(server.server_port, number)
    return seconds_by_function(urllib.request.urlopen(url, timeout=30).read().decode())

ask(99)
jobs = [gevent.spawn(ask, number) for number in range(6)]
gevent.joinall(jobs)
for number, job in enumerate(jobs):
    seconds = {name: time for name, time in job.value.items() if name.startswith("work_")}
    own = seconds.pop("work_{}".format(number), 0)
    # A look that the machine interrupts may fall between two greenlets.
    print(number, "alone" if own > 4 * sum(seconds.values()) else (own, seconds))
"""


def test_each_report_holds_its_own_request() -> None:
    here = str(Path(__file__).parent)
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([source, here]), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        timeout=90,
    )
    assert ran.stdout.splitlines() == ["{} alone".format(number) for number in range(6)]
