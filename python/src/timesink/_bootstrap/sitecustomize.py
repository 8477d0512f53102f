"""How does a program come to sample itself that timesink has started, where no other process may read its memory?

`timesink` puts this, with what it imports from the package, into a folder of its own as `sitecustomize.py`, and names the
folder in `PYTHONPATH`: so Python starts the program itself, and all that is the program's is as ever. What was seen is
written to a file in that folder. Nothing is imported that the program might not want.
"""

from __future__ import annotations

import os
import sys

from timesink._bootstrap.sampler import Sampler

# Interval in seconds, and whether awaits are followed: `0.001 1`.
_variable = "TIMESINK_BOOTSTRAP"


def _leave_path(folder: str) -> str:
    """Makes the environment and ``sys.path`` what they would be without us. Gives our settings."""
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [entry for entry in entries if entry != folder]
    if others:
        os.environ["PYTHONPATH"] = os.pathsep.join(others)
    else:
        os.environ.pop("PYTHONPATH", None)
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path_importer_cache.pop(folder, None)
    # Loaded by the first line of this file, unless it was there already.
    modules = list(sys.modules)
    if "__future__" in modules[modules.index("sitecustomize") :]:
        del sys.modules["__future__"]
    return os.environ.pop(_variable, "")


def _load_hidden() -> bool:
    """Loads the ``sitecustomize`` that Python would have found without us; false where there is none."""
    del sys.modules["sitecustomize"]
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        return False
    return True


if __name__ == "sitecustomize":
    _folder = os.path.dirname(__file__)
    _settings = _leave_path(_folder).split()
    if len(_settings) == 2:
        Sampler(_folder, float(_settings[0]), _settings[1] == "1").begin()
    if not _load_hidden():
        # What Python expects where there is none.
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
