"""How does ``timesink …`` become the command line? Node.js takes the place of this process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NoReturn

from timesink._node import NodeNotFound, files, find_node


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line with these arguments, by default those of this process. Programs run with this interpreter."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        command = [find_node(), str(files() / "dist" / "timesink.js")] + words
    except NodeNotFound as error:
        sys.stderr.write("timesink: {}\n".format(error))
        sys.exit(1)
    if sys.executable:
        os.environ["TIMESINK_PYTHON"] = sys.executable
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)
