#!/bin/bash
# Brings the profilers and programs that the benchmarks compare.
#
# PYTHON3.13: a virtual environment with pyinstrument, py-spy, pyperformance and Django from the package index; prints
#   its python.
# --node: 0x and @datadog/pprof from the package registry; prints the folder with node_modules.
#
# usage: bench/setup.sh PYTHON3.13
#        bench/setup.sh --node
set -euo pipefail
cache="${TIMESINK_TEST_CACHE:-$HOME/.cache/timesink-test}/bench"

if [ "$1" = --node ]; then
  # Each by itself: where one cannot be had, the other is compared all the same.
  for package in 0x@6.0.0 @datadog/pprof@5.20.0; do
    if ! npm ls --prefix "$cache/node" "$package" > /dev/null 2>&1; then
      mkdir -p "$cache/node"
      npm install --silent --no-audit --no-fund --prefix "$cache/node" "$package" >&2 || true
    fi
  done
  echo "$cache/node"
  exit
fi

python=$1
venv="$cache/venv"
if ! "$venv/bin/python" -c 'import pyinstrument, pyperformance, django' 2>/dev/null || [ ! -x "$venv/bin/py-spy" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet pyinstrument==5.1.3 py-spy==0.4.3 pyperformance==1.14.0 django==5.2.8 >&2
fi
echo "$venv/bin/python"
