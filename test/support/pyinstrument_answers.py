"""What does pyinstrument make of a session? Reads requests and writes answers, one JSON object per line."""

import json
import sys

from pyinstrument.renderers import ConsoleRenderer, JSONRenderer
from pyinstrument.session import Session

RENDERERS = {"text": ConsoleRenderer, "json": JSONRenderer}


def attempt(make):
    try:
        return {"text": make()}
    except Exception as error:
        return {"error": type(error).__name__}


def answer(request):
    session = Session.from_json(json.loads(request["session"]))
    reports = [
        attempt(lambda: RENDERERS[wish["format"]](**wish["options"]).render(session))
        for wish in request["reports"]
    ]
    return {"saved": json.dumps(session.to_json()), "reports": reports}


def main():
    sys.setrecursionlimit(20_000)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


main()
