# SPDX-License-Identifier: ISC
"""The command line of the benchmarks: which rows, how thoroughly, and the table."""

from __future__ import annotations

import argparse
import os
import sys

from benchmarks import instructions
from benchmarks.environments import Environments, find_python
from benchmarks.processes import WorkerError
from benchmarks.ratios import HEAD, Plan, print_cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from benchmarks.ratios import Line

    class Row(Protocol):
        """One operation of the table."""

        @property
        def name(self) -> str: ...

        def measure(self, environments: Environments, plan: Plan) -> list[Line]: ...


THOROUGH = Plan(passes=5, rounds=9)
QUICK = Plan(passes=3, rounds=5)

MISSED = 1  # exit status: all was measured, but a limit does not hold
FAILED = 2  # exit status: something could not be measured


def main(rows: Sequence[Row]) -> None:
    """Measure what the command line selects, print a table, and exit."""
    options = _parse()
    chosen = [row for row in rows if _is_wanted(row.name, options.only)]
    if not chosen:
        names = "\n".join(row.name for row in rows)
        raise SystemExit(f"no row is called like that; there are:\n{names}")
    environments = Environments(options.python or find_python("cpython@3.13"))
    try:
        print(environments.describe(), f"load {os.getloadavg()}", sep="\n", end="\n\n")
        if options.instructions:
            instructions.count_rows(chosen, environments)
            return
        lines = _measure(chosen, environments, QUICK if options.quick else THOROUGH)
    except WorkerError as error:
        print(f"not measured: {error}", file=sys.stderr)
        raise SystemExit(FAILED) from None
    missed = [line for line in lines if not line.holds]
    limited = [line for line in lines if line.limit is not None]
    print(f"\n{len(limited) - len(missed)} of {len(limited)} limits hold")
    raise SystemExit(MISSED if missed else 0)


def _measure(rows: Sequence[Row], environments: Environments, plan: Plan) -> list[Line]:
    """Measure all rows, and print each as soon as it is known."""
    print_cells(HEAD)
    print_cells(["---"] * len(HEAD))
    lines = []
    for row in rows:
        for line in row.measure(environments, plan):
            print_cells(line.cells())
            lines.append(line)
    return lines


def _is_wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(part in name for part in only)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare aiologic with others.")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer rounds: a few minutes, and noisier",
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        help="only rows whose name contains NAME; may be repeated",
    )
    parser.add_argument(
        "--python", metavar="PATH", help="the interpreter; CPython 3.13 by default"
    )
    parser.add_argument(
        "--instructions",
        action="store_true",
        help="count instructions under valgrind: slow, and the same each time",
    )
    return parser.parse_args()
