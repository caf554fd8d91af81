# SPDX-License-Identifier: ISC
"""Try each known defect of aiologic 0.17.1 there, and here: ``uv run python benchmarks/defects.py``.

It takes a minute, for some of them do not come back. The table of
``docs/explanation/defects.md`` is what it printed.
"""

# Each attempt has a process of its own, since a defect may make it hang, or leave it in any state.

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.command import FAILED, MISSED
from benchmarks.environments import OURS, PREDECESSOR, ROOT, Environments, find_python
from benchmarks.processes import clean_environment
from benchmarks.ratios import print_cells

RIGHT = "right"
HANGS = "does not come back"
PATIENCE_SECONDS = 10

TRY = """
import sys
from benchmarks.operations.defects import DEFECTS
try:
    DEFECTS[sys.argv[1]]()
except AssertionError as error:
    print(str(error).splitlines()[0], end="")
except Exception as error:
    print(f"{type(error).__name__}: {error}".splitlines()[0], end="")
else:
    print("right", end="")
sys.stdout.flush()
import os
os._exit(0)  # threads of it may wait for ever
"""
NAMES = """
from benchmarks.operations.defects import DEFECTS
for name, function in DEFECTS.items():
    print(name, function.__doc__.rstrip("."), sep="\\t")
"""


def main() -> None:
    environments = Environments(find_python("cpython@3.13"))
    ours, theirs = map(environments.python_of, (OURS, PREDECESSOR))
    print_cells(["entry", "what is right", "0.17.1", "here"])
    print_cells(["---"] * 4)
    said = []
    for line in run([ours, "-c", NAMES]).splitlines():
        name, _, right = line.partition("\t")
        outcomes = [run([python, "-c", TRY, name]) for python in (theirs, ours)]
        print_cells([name, right, *outcomes])
        said.append(outcomes)
    if any(here != RIGHT for _, here in said):
        raise SystemExit(MISSED)
    if any(there == RIGHT for there, _ in said):
        raise SystemExit(FAILED)  # then the comparison proves nothing


def run(command: list[str]) -> str:
    """Run a command, and return what it prints."""
    variables = {**clean_environment(), "AIOLOGIC_GREEN_CHECKPOINTS": "0"}  # for D25
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return HANGS
    return done.stdout or f"exit status {done.returncode}: {done.stderr[-300:]}"


if __name__ == "__main__":
    main()
