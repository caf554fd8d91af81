# SPDX-License-Identifier: ISC
"""Events, in comparison.

``uv run python benchmarks/bench_event.py --help`` says more.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.environments import PREDECESSOR
from benchmarks.ratios import Contestant, RatioRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from benchmarks.command import Row

EVENT = "aiologic.Event"


def against(
    name: str,
    title: str,
    ours: Contestant,
    *stock: str,
    older_limit: float | None = None,
) -> RatioRow:
    """A row against the events of other libraries, and against aiologic 0.17.1."""
    others = [replace(ours, implementation=one) for one in stock]
    older = replace(ours, environment=PREDECESSOR)
    return RatioRow(
        name, title, ours, [*[(one, None) for one in others], (older, older_limit)]
    )


def already_set() -> list[Row]:
    ours = Contestant("on_asyncio.await_set_event", EVENT, 20_000)
    return [
        against(
            "set-event-thread",
            "waiting for a set event in a thread",
            replace(ours, operation="on_threads.await_set_event"),
            "threading.Event",
        ),
        against(
            "set-event-asyncio",
            "awaiting a set event on asyncio",
            ours,
            "asyncio.Event",
        ),
        against(
            "set-event-anyio",
            "the same, AnyIO imported",
            replace(ours, count=2_000, imports=("anyio",)),
            "anyio.Event",
        ),
        against(
            "set-event-trio",
            "awaiting a set event on trio",
            replace(
                ours,
                operation="on_trio.await_set_event",
                count=2_000,
                imports=("trio",),
            ),
            "trio.Event",
        ),
    ]


def round_trips() -> list[Row]:
    ours = Contestant("on_asyncio.signal_back_and_forth", EVENT, 2_000)
    return [
        against(
            "round-trip-asyncio",
            "two asyncio tasks wake each other, round trip",
            ours,
            "asyncio.Event",
        ),
        against(
            "round-trip-anyio",
            "the same, AnyIO imported",
            replace(ours, imports=("anyio",)),
            "anyio.Event",
        ),
        against(
            "round-trip-threads",
            "two threads wake each other, round trip",
            replace(ours, operation="on_threads.signal_back_and_forth", count=500),
            "threading.Event",
        ),
        against(
            "round-trip-loops",
            "two asyncio loops of two threads wake each other, round trip",
            replace(ours, operation="between_loops.signal_back_and_forth", count=500),
        ),
    ]


def many_waiters() -> list[Row]:
    ours = Contestant("on_asyncio.wake_all", EVENT, size=1_000)
    return [
        against(
            "wake-1000-other-loop",
            "1,000 waiters in another thread's loop woken at once, each",
            replace(ours, operation="between_loops.wake_all"),
            "benchmarks.operations.between_loops.FuturesInOneCall",
            older_limit=0.6,
        ),
        against(
            "wake-1000-asyncio",
            "1,000 asyncio tasks woken by one of them, each",
            ours,
            "asyncio.Event",
        ),
        against(
            "wake-1000-anyio",
            "the same, AnyIO imported",
            replace(ours, imports=("anyio",)),
            "anyio.Event",
        ),
        against(
            "wake-1000-trio",
            "1,000 trio tasks woken by one of them, each",
            replace(ours, operation="on_trio.wake_all", imports=("trio",)),
            "trio.Event",
        ),
        against(
            "wake-64-threads",
            "64 threads woken by another, each",
            replace(ours, operation="on_threads.wake_all", size=64),
            "threading.Event",
        ),
    ]


def rows() -> list[Row]:
    """All about events."""
    return [*already_set(), *round_trips(), *many_waiters()]


if __name__ == "__main__":
    from benchmarks import command

    command.main(rows())
