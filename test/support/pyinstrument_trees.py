"""What tree does pyinstrument make of a session, and of that its processors? Requests and answers are JSON, one per line."""

import json
import sys

from pyinstrument import processors
from pyinstrument.session import Session


def nodes(root):
    rows = []
    positions = {}
    open_frames = [root] if root is not None else []
    while open_frames:
        frame = open_frames.pop()
        positions[id(frame)] = len(rows)
        rows.append(
            {
                "identifier": frame.identifier,
                "parent": positions[id(frame.parent)] if frame is not root else -1,
                "time": frame.time,
                "absorbedTime": frame.absorbed_time,
                "attributes": dict(frame.attributes),
                "group": positions[id(frame.group.root)] if frame.group else -1,
            }
        )
        open_frames.extend(reversed(frame.children))
    return rows


def answer(request):
    session = Session.from_json(json.loads(request["session"]))
    # It fails on an empty list.
    trim_stem = request["trimStem"] and len(session.start_call_stack) > 0
    root = session.root_frame(trim_stem=trim_stem)
    before = nodes(root)
    for step in request["steps"]:
        root = getattr(processors, step["name"])(root, step["options"])
    return {"before": before, "after": nodes(root)}


def main():
    sys.setrecursionlimit(20_000)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


main()
