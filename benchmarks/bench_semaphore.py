# SPDX-License-Identifier: ISC
"""Semaphores and capacity limiters, in comparison.

``uv run python benchmarks/bench_semaphore.py --help`` says more.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_lock import EVERYTHING, older
from benchmarks.ratios import Contestant, GrowthRow, RatioRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from benchmarks.command import Row

PEERS = "benchmarks.operations.peers"
SEMAPHORE = f"{PEERS}.aiologic_semaphore"
LIMITER = f"{PEERS}.aiologic_limiter"
ON = (("AIOLOGIC_ASYNC_CHECKPOINTS", "1"),)

# Each kind, with two permits where it can have two.
KINDS = {
    "Semaphore": SEMAPHORE,
    "BoundedSemaphore": f"{PEERS}.aiologic_bounded_semaphore",
    "BinarySemaphore": "aiologic.BinarySemaphore",
    "BoundedBinarySemaphore": "aiologic.BoundedBinarySemaphore",
    "CapacityLimiter": LIMITER,
    "RCapacityLimiter": f"{PEERS}.aiologic_rlimiter",
}

# Each kind, with one permit.
OF_ONE = {
    **{name: f"aiologic.{name}" for name in KINDS},
    "BoundedSemaphore": f"{PEERS}.aiologic_bounded_semaphore_of_one",
}


def named(contestant: Contestant, implementation: str, label: str) -> Contestant:
    """The same with another implementation."""
    return replace(contestant, implementation=implementation, label=label)


def free() -> list[Row]:
    thread = Contestant("on_threads.free", SEMAPHORE, 50_000, label="Semaphore(2)")
    task = replace(thread, operation="on_asyncio.free")
    crowded = replace(
        task,
        count=20_000,
        imports=EVERYTHING,
        label="Semaphore(2) with all imported",
    )
    limiter = Contestant("on_asyncio.free", LIMITER, 20_000, label="CapacityLimiter(2)")
    checked = replace(limiter, count=5_000, imports=("anyio",), variables=ON)
    return [
        RatioRow(
            "free-semaphore-thread",
            "`with Semaphore(2)` in a thread, free",
            thread,
            [
                (named(thread, f"{PEERS}.stock_semaphore", "threading"), 0.35),
                (older(thread), None),
            ],
        ),
        RatioRow(
            "free-semaphore-asyncio",
            "`async with Semaphore(2)` on asyncio, free",
            task,
            [
                (named(task, f"{PEERS}.asyncio_semaphore", "asyncio"), 0.9),
                (older(task), 0.6),
            ],
        ),
        RatioRow(
            "free-semaphore-asyncio-crowded",
            "the same with trio, gevent, eventlet, anyio imported",
            crowded,
            [(named(crowded, f"{PEERS}.asyncio_semaphore", "asyncio"), None)],
        ),
        RatioRow(
            "free-limiter-anyio",
            "`async with CapacityLimiter(2)` on asyncio, checkpoints on",
            checked,
            [(named(checked, f"{PEERS}.anyio_limiter", "anyio"), 0.9)],
        ),
        RatioRow(
            "free-limiter-asyncio",
            "`async with CapacityLimiter(2)` on asyncio, checkpoints off",
            limiter,
            [(older(limiter), None)],
        ),
        RatioRow(
            "free-limiter-thread",
            "`with CapacityLimiter(2)` in a thread, free",
            replace(limiter, operation="on_threads.free"),
            [(older(replace(limiter, operation="on_threads.free")), None)],
        ),
        *free_of_each_kind(),
    ]


def free_of_each_kind() -> list[Row]:
    rows: list[Row] = []
    for name, implementation in KINDS.items():
        for where in ("on_threads", "on_asyncio"):
            ours = Contestant(f"{where}.free", implementation, 20_000, label=name)
            rows.append(
                RatioRow(
                    f"free-each-{where}-{name}",
                    f"a free block of {name}, {where.replace('_', ' ')}",
                    ours,
                    [(older(ours), None)],
                )
            )
    return rows


def handed_over() -> list[Row]:
    ours = Contestant(
        "on_asyncio.hand_over", "aiologic.Semaphore", 5_000, 10, label="Semaphore(1)"
    )
    binary = named(ours, "aiologic.BinarySemaphore", "BinarySemaphore")
    return [
        RatioRow(
            "hand-over-semaphore",
            "hand-over among 10 asyncio tasks",
            ours,
            [(named(ours, "asyncio.Semaphore", "asyncio"), None), (older(ours), None)],
        ),
        RatioRow(
            "hand-over-binary",
            "hand-over among 10 asyncio tasks",
            binary,
            [(older(binary), None)],
        ),
    ]


def cancelled() -> list[Row]:
    rows: list[Row] = []
    for name, implementation in OF_ONE.items():
        for order in ("oldest", "newest"):
            ours = Contestant(f"cancelling.{order}_first", implementation, label=name)
            futures = replace(ours, implementation="", label="bare futures")
            rows.append(
                GrowthRow(
                    f"cancel-{order}-{name}",
                    f"growth of cancelling up to 10,000 waiters of {name}, {order} first",
                    ours,
                    futures,
                    (1_250, 2_500, 5_000, 10_000),
                    0.15,
                )
            )
    return rows


def footprint() -> list[Row]:
    rows: list[Row] = []
    for name, implementation in KINDS.items():
        idle = Contestant(
            "footprint.idle_by_sizes", implementation, size=500, label=name
        )
        rows.append(
            RatioRow(
                f"idle-bytes-{name}",
                f"bytes of an idle {name}, by sys.getsizeof",
                idle,
                [(older(idle), 0.8)],
                unit="bytes",
                rounds=1,
            )
        )
    allocated = Contestant("footprint.idle", SEMAPHORE, size=500, label="Semaphore(2)")
    million = named(allocated, f"{PEERS}.aiologic_million", "Semaphore(1_000_000)")
    rows += [
        RatioRow(
            f"idle-allocated-{ours.label}",
            f"bytes of an idle {ours.label}, allocated",
            ours,
            [(older(ours), None)],
            unit="bytes",
            rounds=1,
        )
        for ours in (allocated, replace(million, size=5))
    ]
    return rows


def rows() -> list[Row]:
    """All about semaphores and limiters, cheap things first."""
    return [*free(), *handed_over(), *cancelled(), *footprint()]


if __name__ == "__main__":
    from benchmarks import command

    command.main(rows())
