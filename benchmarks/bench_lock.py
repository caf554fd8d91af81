# SPDX-License-Identifier: ISC
"""Locks, in comparison; if run as a script, with the events of bench_event.py.

``uv run python benchmarks/bench_lock.py --help`` says more.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.environments import PREDECESSOR
from benchmarks.ratios import Contestant, GrowthRow, RatioRow
from benchmarks.starting import ImportRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from benchmarks.command import Row

LOCK = "aiologic.Lock"
FAIR = "benchmarks.operations.peers.FairLock"
NO_CHECKPOINTS = (("AIOLOGIC_TRIO_CHECKPOINTS", "0"),)

# trio must be imported before eventlet, or else it does not work (trio #3015).
EVERYTHING = ("trio", "gevent", "eventlet", "anyio", "asyncio")


def older(contestant: Contestant) -> Contestant:
    """The same with aiologic 0.17.1."""
    return replace(contestant, environment=PREDECESSOR)


def fast_anyio(contestant: Contestant) -> Contestant:
    """The same with AnyIO's lock, without its checkpoints."""
    maker = "benchmarks.operations.peers.fast_anyio_lock"
    return replace(contestant, implementation=maker, label="anyio.Lock, fast")


def starting() -> list[Row]:
    return [ImportRow("import", "`import aiologic` above bare Python", 0.16)]


def free() -> list[Row]:
    thread = Contestant("on_threads.free", LOCK, count=100_000)
    task = Contestant("on_asyncio.free", LOCK, count=50_000)
    crowded = replace(task, imports=EVERYTHING, label="with all imported")
    checked = Contestant("on_trio.free", LOCK, count=5_000, imports=("trio",))
    unchecked = Contestant(
        "on_trio.free",
        LOCK,
        20_000,
        imports=("trio", "anyio"),
        variables=NO_CHECKPOINTS,
    )
    disabled = replace(
        unchecked, operation="on_trio.free_with_checkpoints_disabled", variables=()
    )
    return [
        RatioRow(
            "free-thread",
            "`with lock:` in a thread, free",
            thread,
            [
                (replace(thread, implementation="threading.Lock"), 1.9),
                (older(thread), 0.27),
            ],
        ),
        RatioRow(
            "free-asyncio",
            "`async with lock:` on asyncio, free",
            task,
            [
                (replace(task, implementation="asyncio.Lock"), 0.9),
                (older(task), 0.25),
            ],
        ),
        RatioRow(
            "free-asyncio-crowded",
            "the same with trio, gevent, eventlet, anyio imported",
            crowded,
            [(replace(task, label="itself without them"), 1.3)],
        ),
        RatioRow(
            "free-trio",
            "`async with lock:` on trio, free",
            checked,
            [
                (replace(checked, implementation="trio.Lock"), 1.0),
                (older(checked), None),
            ],
        ),
        RatioRow(
            "free-trio-off",
            "the same, checkpoints off by environment",
            unchecked,
            [(fast_anyio(unchecked), 0.9)],
        ),
        RatioRow(
            "free-trio-disabled",
            "the same, inside `disable_checkpoints()`",
            disabled,
            [
                (fast_anyio(replace(disabled, operation="on_trio.free")), 0.9),
            ],
        ),
    ]


def handed_over() -> list[Row]:
    """There are two peers: the limit must hold against both, and so against the better one."""
    rows: list[Row] = []
    for tasks in (2, 10, 100, 1_000):
        count = max(5_000, 20 * tasks)
        ours = Contestant("on_asyncio.hand_over", LOCK, count, tasks)
        title = f"hand-over among {tasks:,} asyncio tasks"
        rows.append(
            RatioRow(
                f"hand-over-asyncio-{tasks}",
                title,
                ours,
                [
                    (replace(ours, implementation="asyncio.Lock"), 1.2),
                    (older(ours), 0.65),
                ],
            )
        )
        beside = replace(ours, imports=("anyio",))
        rows.append(
            RatioRow(
                f"hand-over-anyio-{tasks}",
                f"{title}, AnyIO imported",
                beside,
                [(fast_anyio(beside), 1.2)],
            )
        )
    for tasks in (2, 100):
        ours = Contestant("on_trio.hand_over", LOCK, 2_000, tasks, imports=("trio",))
        rows.append(
            RatioRow(
                f"hand-over-trio-{tasks}",
                f"hand-over among {tasks:,} trio tasks",
                ours,
                [(replace(ours, implementation="trio.Lock"), 1.0), (older(ours), None)],
            )
        )
    for threads in (8, 64):
        ours = Contestant("on_threads.hand_over", LOCK, 3_200, threads)
        fair = replace(ours, implementation=FAIR, label="a deque of raw locks")
        rows.append(
            RatioRow(
                f"hand-over-threads-{threads}",
                f"hand-over among {threads} threads",
                ours,
                [(fair, 1.1), (older(ours), None)],
            )
        )
    return rows


def between_loops() -> list[Row]:
    ours = Contestant("between_loops.ping_pong", "aiologic.BinarySemaphore", 500)
    futures = replace(
        ours,
        operation="between_loops.ping_pong_on_futures",
        implementation="",
        label="call_soon_threadsafe",
    )
    return [
        RatioRow(
            "ping-pong",
            "ping-pong between asyncio loops of two threads",
            ours,
            [(futures, 1.05), (older(ours), None)],
        )
    ]


def cancelled() -> list[Row]:
    rows: list[Row] = []
    for order in ("oldest", "newest"):
        ours = Contestant(f"cancelling.{order}_first", LOCK, size=20_000)
        futures = replace(ours, implementation="", label="bare futures")
        rows += [
            RatioRow(
                f"cancel-{order}",
                f"cancelling 20,000 queued waiters, {order} first, each",
                ours,
                [(futures, 3.0)],
                rounds=5,
            ),
            GrowthRow(
                f"cancel-{order}-growth",
                "growth of that from 2,500 to 20,000 waiters",
                ours,
                futures,
                (2_500, 5_000, 10_000, 20_000),
                0.15,
            ),
        ]
    return rows


def footprint() -> list[Row]:
    idle = Contestant("footprint.idle", LOCK, size=2_000)
    waiting = Contestant("footprint.waiting_above_future", LOCK, size=1_000)
    figures = [
        ("idle-bytes", "bytes of an idle lock, allocated", idle, 0.7),
        (
            "idle-bytes-by-sizes",
            "bytes of an idle lock, by sys.getsizeof",
            replace(idle, operation="footprint.idle_by_sizes"),
            0.7,
        ),
        (
            "idle-bytes-after-use",
            "bytes of an idle lock that was contended once",
            replace(idle, operation="footprint.idle_after_use", size=500),
            None,
        ),
        (
            "waiting-bytes",
            "bytes of a waiting asyncio task above one on a bare future",
            waiting,
            0.6,
        ),
        (
            "waiting-bytes-whole",
            "bytes of a waiting asyncio task, with the task itself",
            replace(waiting, operation="footprint.waiting"),
            None,
        ),
    ]
    return [
        RatioRow(name, title, ours, [(older(ours), limit)], unit="bytes", rounds=1)
        for name, title, ours, limit in figures
    ]


def rows() -> list[Row]:
    """All about locks, cheap things first."""
    return [
        *starting(),
        *free(),
        *handed_over(),
        *between_loops(),
        *cancelled(),
        *footprint(),
    ]


if __name__ == "__main__":
    from benchmarks import bench_event, command

    command.main([*rows(), *bench_event.rows()])
