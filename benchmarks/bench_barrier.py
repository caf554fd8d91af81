# SPDX-License-Identifier: ISC
"""Barriers, latches, and events that can be cleared or count, in comparison.

``uv run python benchmarks/bench_barrier.py --help`` says more.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.environments import PREDECESSOR
from benchmarks.ratios import Contestant, GrowthRow, RatioRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from benchmarks.command import Row

BARRIER = "aiologic.Barrier"
SIZES = (625, 1_250, 2_500, 5_000)


def against(name: str, title: str, ours: Contestant, stock: str, limit: float) -> Row:
    """A row against a stock implementation; and against aiologic 0.17.1, without a limit."""
    return RatioRow(
        name,
        title,
        ours,
        [
            (replace(ours, implementation=stock), limit),
            (replace(ours, environment=PREDECESSOR), None),
        ],
    )


def meetings() -> list[Row]:
    found: list[Row] = []
    for size, count in ((10, 10_000), (1_000, 30_000)):
        ours = Contestant("meeting.tasks", BARRIER, count, size)
        title = f"{size:,} asyncio tasks meet at a barrier, each"
        name = f"meet-asyncio-{size}"
        found.append(against(name, title, ours, "asyncio.Barrier", 0.7))
    ours = Contestant("meeting.threads", BARRIER, 6_400, 64)
    title = "64 threads meet at a barrier, each"
    found.append(against("meet-threads-64", title, ours, "threading.Barrier", 0.7))
    return found


def wake_ups() -> list[Row]:
    ours = Contestant("on_asyncio.wake_all", "aiologic.REvent", size=1_000)
    title = "1,000 asyncio tasks woken by an REvent, each"
    return [against("wake-1000-revent", title, ours, "asyncio.Event", 1.1)]


def cancelled() -> list[Row]:
    makes = {
        "barrier": BARRIER,
        "latch": "aiologic.Latch",
        "revent": "aiologic.REvent",
        "countdown": "benchmarks.operations.peers.countdown_from_one",
    }
    return [
        GrowthRow(
            f"cancel-{name}-{order}-growth",
            f"cancelling up to 5,000 waiters of a {name}, {order} first, growth",
            Contestant(f"cancelling.waiters_{order}_first", make),
            Contestant("cancelling.oldest_first", "", label="bare futures"),
            SIZES,
            0.15,
        )
        for name, make in makes.items()
        for order in ("oldest", "newest")
    ]


def footprint() -> list[Row]:
    found: list[Row] = []
    for kind in ("REvent", "CountdownEvent", "Latch", "Barrier", "RBarrier"):
        for how in ("idle", "idle_by_sizes"):
            size = 2_000 if how == "idle" else 1
            ours = Contestant(f"footprint.{how}", f"aiologic.{kind}", size=size)
            measured = "allocated" if how == "idle" else "by sys.getsizeof"
            row = RatioRow(
                f"{how.replace('_', '-')}-{kind.lower()}",
                f"bytes of an idle {kind}, {measured}",
                ours,
                [(replace(ours, environment=PREDECESSOR), 0.8)],
                unit="bytes",
                rounds=1,
            )
            found.append(row)
    return found


def rows() -> list[Row]:
    """All about barriers, and events that happen again."""
    return [*meetings(), *wake_ups(), *cancelled(), *footprint()]


if __name__ == "__main__":
    from benchmarks import command

    command.main(rows())
