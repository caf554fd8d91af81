# SPDX-License-Identifier: ISC
"""Conditions, in comparison.

``uv run python benchmarks/bench_condition.py --help`` says more.
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

CONDITION = "aiologic.Condition"


def against(
    name: str,
    title: str,
    ours: Contestant,
    stock: str,
    limit: float | None = None,
    *,
    older: float | None = None,
    switch: str = "",
) -> RatioRow:
    """A row against the condition of another library, and against aiologic 0.17.1.

    ``switch`` is an operation that only switches, with no condition.
    """
    peers = [(replace(ours, implementation=stock), limit)]
    peers.append((replace(ours, environment=PREDECESSOR), older))
    if switch:
        bare = replace(ours, operation=switch, implementation="", label="raw locks")
        peers.append((bare, None))
    return RatioRow(name, title, ours, peers)


def free() -> list[Row]:
    return [
        against(
            "free-thread",
            "`with condition:` in a thread, free",
            Contestant("on_threads.free", CONDITION, count=100_000),
            "threading.Condition",
            older=0.3,
        ),
        against(
            "free-asyncio",
            "`async with condition:` on asyncio, free",
            Contestant("on_asyncio.free", CONDITION, count=50_000),
            "asyncio.Condition",
            older=0.3,
        ),
    ]


def notified() -> list[Row]:
    rows: list[Row] = []
    for world, stock, count, limit in (
        ("tasks", "asyncio.Condition", 10_000, 1.0),
        ("threads", "threading.Condition", 2_000, 0.9),
    ):
        for size in (2, 10, 100):
            ours = Contestant(f"notifying.rounds_of_{world}", CONDITION, count, size)
            title = f"a turn handed over among {size} {world}"
            rows.append(
                against(
                    f"turn-{world}-{size}",
                    f"{title}, by `wait_for()` and `notify_all()`",
                    ours,
                    stock,
                    limit,
                    switch="notifying.raw_turns" if world == "threads" else "",
                )
            )
            if size < 100:
                ours = replace(ours, operation=f"notifying.turns_of_{world}")
                rows.append(
                    against(
                        f"next-{world}-{size}",
                        f"{title}, by `wait()` and `notify()`",
                        ours,
                        stock,
                    )
                )
    rows += [
        against(
            f"notify-all-asyncio-{size}",
            f"`notify_all()` with {size:,} asyncio waiters, each",
            Contestant("notifying.notify_all", CONDITION, size=size),
            "asyncio.Condition",
            1.2 if size == 1_000 else None,
        )
        for size in (10, 100, 1_000, 10_000)
    ]
    rows.append(
        against(
            "notify-all-asyncio-dwelling",
            "the same with 1,000 waiters that await inside, each",
            Contestant("notifying.notify_all_who_dwell", CONDITION, size=1_000),
            "asyncio.Condition",
        )
    )
    return rows


def cancelled() -> list[Row]:
    rows: list[Row] = []
    for order in ("oldest", "newest"):
        ours = Contestant(f"notifying.cancel_{order}_first", CONDITION, size=5_000)
        futures = replace(
            ours,
            operation=f"cancelling.{order}_first",
            implementation="",
            label="bare futures",
        )
        rows += [
            RatioRow(
                f"cancel-{order}",
                f"cancelling 5,000 waiters, {order} first, each",
                ours,
                [(replace(ours, implementation="asyncio.Condition"), None)],
                rounds=3,
            ),
            GrowthRow(
                f"cancel-{order}-growth",
                "growth of that from 1,250 to 10,000 waiters",
                ours,
                futures,
                (1_250, 2_500, 5_000, 10_000),
                0.15,
            ),
        ]
    return rows


def footprint() -> list[Row]:
    ours = Contestant("footprint.idle", CONDITION, size=2_000)
    rows: list[Row] = []
    for name, title, one in (
        ("idle-bytes", "bytes of an idle condition, allocated", ours),
        (
            "idle-bytes-by-sizes",
            "bytes of an idle condition, by sys.getsizeof",
            replace(ours, operation="footprint.idle_by_sizes"),
        ),
    ):
        older = replace(one, environment=PREDECESSOR)
        rows.append(RatioRow(name, title, one, [(older, 0.8)], unit="bytes", rounds=1))
    return rows


def rows() -> list[Row]:
    """All about conditions, cheap things first."""
    return [*free(), *notified(), *cancelled(), *footprint()]


if __name__ == "__main__":
    from benchmarks import command

    command.main(rows())
