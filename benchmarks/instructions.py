# SPDX-License-Identifier: ISC
"""Count instructions instead of time: that is slow, but the result is the same each time."""

# A worker runs under valgrind with a small count and with a larger one. What the two runs have in common (the start of
# the interpreter, imports, the creation and end of the loop) cancels out in the difference; the rest, divided by the
# difference of the counts, is the cost of the operation. Hashes of strings are fixed, as are addresses under valgrind,
# and the worker prints no floats: so two runs of the same thing do not differ, and each is run twice to show that.
#
# This also shows how costs grow without the effect of the caches: what one more of N tasks costs, including its
# creation and its end. Measured in time, tasks that are visited in no particular order cost more the more memory they
# take, whatever is done with them.

from __future__ import annotations

import json
import math
import re
import shutil
from dataclasses import replace

from benchmarks.processes import WORKER, WorkerError, run
from benchmarks.ratios import (
    Contestant,
    GrowthRow,
    RatioRow,
    describe,
    exponent,
    print_cells,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.command import Row
    from benchmarks.environments import Environments

# Only what happens in one thread: if threads alternate, the numbers vary.
COUNTABLE = (
    "on_asyncio.await_set_event",
    "on_asyncio.free",
    "on_asyncio.hand_over",
    "on_asyncio.signal_back_and_forth",
    "on_threads.await_set_event",
    "on_threads.free",
    "on_trio.await_set_event",
    "on_trio.free",
    "on_trio.free_with_checkpoints_disabled",
    "on_trio.hand_over",
    "streaming.asyncio_1_in_turn",
    "streaming.asyncio_1_to_asyncio_1",
    "streaming.asyncio_4_to_asyncio_4",
    "streaming.thread_1_in_turn",
    "streaming.trio_1_in_turn",
)
MOST_TASKS = 10  # more would take minutes, and show nothing new
FEW, MANY = 500, 2_500
VALGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
COLLECTED = re.compile(r"Collected : (\d+)")
HEAD = ["operation", "who", "instructions", "again", "ours / theirs"]


def count_rows(rows: Sequence[Row], environments: Environments) -> None:
    """Print the instructions of each operation that can be counted."""
    if shutil.which("valgrind") is None:
        raise WorkerError("valgrind is not installed")
    print_cells(HEAD)
    print_cells(["---"] * len(HEAD))
    known: dict[Contestant, list[int]] = {}
    for row in rows:
        if isinstance(row, GrowthRow):
            _count_growth(row, environments, known)
        if not isinstance(row, RatioRow):
            continue
        contestants = [row.ours, *(peer for peer, _ in row.peers)]
        if not all(map(_is_countable, contestants)):
            continue
        ours = 0
        for contestant in contestants:
            # Ours occurs in several rows.
            twice = known.get(contestant)
            if twice is None:
                twice = [_count(contestant, environments) for _ in range(2)]
                known[contestant] = twice
            ours = ours or twice[0]
            ratio = "-" if contestant is row.ours else f"{ours / twice[0]:.2f}"
            figures = [f"{figure:,}" for figure in twice]
            print_cells([row.title, str(contestant), *figures, ratio])


def _count_growth(
    row: GrowthRow, environments: Environments, known: dict[Contestant, list[int]]
) -> None:
    for contestant in (row.ours, row.peer):
        totals = known.get(contestant)
        if totals is None:
            at = [replace(contestant, size=size) for size in row.sizes]
            totals = [_collected(one, 1, environments) for one in at]
            known[contestant] = totals
        steps = list(zip(row.sizes, row.sizes[1:], totals, totals[1:]))
        middles = [math.sqrt(few * many) for few, many, _, _ in steps]
        each = [(b - a) / (many - few) for few, many, a, b in steps]
        figures = " / ".join(f"{figure:,.0f}" for figure in each)
        growth = f"n^{exponent(middles, each):.2f}"
        print_cells([row.title, str(contestant), figures, growth, "-"])


def _is_countable(contestant: Contestant) -> bool:
    return contestant.operation in COUNTABLE and (
        contestant.size <= MOST_TASKS or contestant.operation.startswith("streaming.")
    )


def _count(contestant: Contestant, environments: Environments) -> int:
    few, many = (_collected(contestant, count, environments) for count in (FEW, MANY))
    return round((many - few) / (MANY - FEW))


def _collected(contestant: Contestant, count: int, environments: Environments) -> int:
    python = environments.python_of(contestant.environment)
    one = replace(contestant, count=count)
    order = json.dumps(describe([one], 1, contestant.imports, is_timed=False))
    variables = {**dict(contestant.variables), "PYTHONHASHSEED": "0"}
    command = [*VALGRIND, "--log-fd=1", python, *WORKER, order]
    printed = run(command, variables)
    found = COLLECTED.search(printed)
    if found is None:
        raise WorkerError(f"valgrind has not said how many instructions:\n{printed}")
    return int(found[1])
