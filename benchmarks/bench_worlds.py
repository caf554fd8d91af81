# SPDX-License-Identifier: ISC
"""What every library promises: prompt wake-ups, idle waits, and nothing left behind.

``uv run python benchmarks/bench_worlds.py`` prints one table, of all libraries
that can be imported by the interpreter that runs it; the others are named, with
the reason. Exit status: 0 if all limits hold, 1 if one does not, 2 if something
could not be measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.command import FAILED, MISSED
from benchmarks.processes import WorkerError, run
from benchmarks.ratios import print_cells, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

WORKER = ["-m", "benchmarks.operations.in_worlds"]

LONGEST_WAKE_UP_SECONDS = 0.001
LONGEST_IDLE_SECONDS = 0.020
# Of these, not even one may be left. Of other objects some libraries keep a few (cancelled timers, for example),
# regardless of the number of wake-ups; if each wake-up left one behind, there would be 10,000.
PRECIOUS = ("descriptors", "threads", "timers", "waiters")
MOST_OTHERS = 200

HEAD = [
    "library",
    "wake-up from a thread, median",
    "processor time of 2 s of waiting",
    *[f"{kind} left" for kind in PRECIOUS],
    "other objects left",
    "holds",
]


class Line:
    """The measurements of one library."""

    def __init__(self, name: str, figures: dict[str, Any]) -> None:
        self._name = name
        self._latency: float = figures["latency"]
        self._idle: float = figures["idle"]
        # Measured for waits without a time-out, and with one; the worse result counts.
        self._left = [
            max(left.get(kind, 0) for left in figures["left"]) for kind in PRECIOUS
        ]
        self._others = max(
            sum(number for kind, number in left.items() if kind not in PRECIOUS)
            for left in figures["left"]
        )

    @property
    def holds(self) -> bool:
        return (
            self._latency < LONGEST_WAKE_UP_SECONDS
            and self._idle < LONGEST_IDLE_SECONDS
            and not any(self._left)
            and self._others <= MOST_OTHERS
        )

    def cells(self) -> list[str]:
        return [
            self._name,
            show(self._latency, "time"),
            show(self._idle, "time"),
            *map(str, self._left),
            str(self._others),
            "yes" if self.holds else "NO",
        ]


def main() -> NoReturn:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        help="only libraries whose name contains NAME; may be repeated",
    )
    only = parser.parse_args().only
    from benchmarks.operations.in_worlds import WORLDS

    names = [name for name in WORLDS if not only or any(part in name for part in only)]
    if not names:
        raise SystemExit(
            "no library is called like that; there are:\n" + "\n".join(WORLDS)
        )
    print(
        f"{platform.python_implementation()} {platform.python_version()},"
        f" load {os.getloadavg()[0]:.1f};"
        f" at most: {show(LONGEST_WAKE_UP_SECONDS, 'time')},"
        f" {show(LONGEST_IDLE_SECONDS, 'time')}, 0 left of 10,000 wake-ups"
        f" (of other objects {MOST_OTHERS})\n"
    )
    print_cells(HEAD)
    print_cells(["---"] * len(HEAD))
    lines, left_out = [], []
    for name in names:
        try:
            figures = json.loads(run([sys.executable, *WORKER, name]))
        except WorkerError as error:
            print(f"not measured: {error}", file=sys.stderr)
            raise SystemExit(FAILED) from None
        if "left out" in figures:
            left_out.append(f"left out: {name} ({figures['left out']})")
            continue
        lines.append(Line(name, figures))
        print_cells(lines[-1].cells())
    missed = [line for line in lines if not line.holds]
    print("", *left_out, f"{len(lines) - len(missed)} of {len(lines)} hold", sep="\n")
    raise SystemExit(MISSED if missed else 0)


if __name__ == "__main__":
    main()
