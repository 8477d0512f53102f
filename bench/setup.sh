#!/bin/bash
# Brings the profilers and programs that the benchmarks compare: a virtual environment with pyinstrument, py-spy,
# pyperformance and Django from the package index, on CPython 3.13. Prints the environment's python.
# usage: bench/setup.sh PYTHON3.13
set -euo pipefail
python=$1
venv="${TIMESINK_TEST_CACHE:-$HOME/.cache/timesink-test}/bench/venv"
if ! "$venv/bin/python" -c 'import pyinstrument, pyperformance, django' 2>/dev/null || [ ! -x "$venv/bin/py-spy" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet pyinstrument==5.1.3 py-spy==0.4.3 pyperformance==1.14.0 django==5.2.8 >&2
fi
echo "$venv/bin/python"
