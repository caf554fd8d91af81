# SPDX-License-Identifier: ISC
"""Queues, in comparison.

``uv run python benchmarks/bench_queue.py --help`` says more.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.environments import CULSANS, PREDECESSOR
from benchmarks.ratios import Contestant, GrowthRow, RatioRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from benchmarks.command import Row

MAKERS = "benchmarks.operations.queues"
SIMPLE = f"{MAKERS}.aiologic_simple"
QUEUE = f"{MAKERS}.aiologic_queue"

# The names of the peers. Some take a hundred times as long as we do; SLOW divides their number of items.
PEERS = {
    "of_threads": "queue.Queue",
    "of_threads_simple": "queue.SimpleQueue",
    "of_asyncio": "asyncio.Queue",
    "of_janus": "janus",
    "of_culsans": "culsans",
    "trio_channel": "trio's channel",
    "anyio_channel": "AnyIO's channel",
    "by_call_soon": "call_soon_threadsafe(put_nowait)",
    "by_run_sync_soon": "run_sync_soon(send_nowait)",
    "by_executor": "run_in_executor(get or put)",
}
# Streams of different lengths can't be compared: the shorter one's producer may be done before the interpreter first
# switches threads, and has nobody to compete with. This peer takes so long that it doesn't matter, and has no limit.
SLOW = {"by_executor": 10}
IMPORTED = {"trio_channel": ("trio",), "anyio_channel": ("anyio",)}

OLDER = "0.17.1"  # instead of a peer's name: the same with aiologic 0.17.1
NO_LIMIT = 0


def against(
    name: str, title: str, ours: Contestant, peers: dict[str, float | None]
) -> RatioRow:
    """A row against several peers, each with the largest ratio that is allowed."""
    return RatioRow(
        name, title, ours, [(_peer(ours, p), limit) for p, limit in peers.items()]
    )


def _peer(ours: Contestant, name: str) -> Contestant:
    if name == OLDER:
        return replace(ours, environment=PREDECESSOR)
    return replace(
        ours,
        implementation=f"{MAKERS}.{name}",
        count=ours.count // SLOW.get(name, 1),
        environment=CULSANS if name == "of_culsans" else ours.environment,
        imports=IMPORTED.get(name, ours.imports),
        label=PEERS[name],
    )


def _of(limit: int) -> str:
    return f"Queue({limit})" if limit else "Queue"


def _simple(operation: str, count: int) -> Contestant:
    return Contestant(f"streaming.{operation}", SIMPLE, count, 0, label="SimpleQueue")


def _queue(operation: str, count: int, limit: int = NO_LIMIT) -> Contestant:
    name = f"streaming.{operation}"
    return Contestant(name, QUEUE, count, limit, label=_of(limit))


def in_turn() -> list[Row]:
    task, thread = "asyncio_1_in_turn", "thread_1_in_turn"
    on_trio = replace(_queue("trio_1_in_turn", 2_000), imports=("trio",))
    title = "put and get in one"
    return [
        against(
            "turn-asyncio-simple",
            f"{title} asyncio task, SimpleQueue",
            _simple(task, 20_000),
            {"of_asyncio": 0.65, OLDER: None},
        ),
        against(
            "turn-asyncio-simple-beside-trio",
            f"{title} asyncio task, SimpleQueue, with trio imported",
            replace(_simple(task, 20_000), imports=("trio",)),
            {"of_asyncio": None, OLDER: None},
        ),
        against(
            "turn-asyncio-queue",
            f"{title} asyncio task, Queue",
            _queue(task, 20_000),
            {"of_asyncio": 0.75, "of_janus": None, "of_culsans": None, OLDER: None},
        ),
        against(
            "turn-asyncio-anyio",
            f"{title} asyncio task, Queue",
            replace(_queue(task, 2_000), imports=("anyio",)),
            {"anyio_channel": None},
        ),
        against(
            "turn-thread-simple",
            f"{title} thread, SimpleQueue",
            _simple(thread, 20_000),
            {"of_threads": 0.2, "of_threads_simple": None, OLDER: None},
        ),
        against(
            "turn-thread-queue",
            f"{title} thread, Queue",
            _queue(thread, 20_000),
            {"of_janus": 0.25, "of_threads": None, "of_culsans": None, OLDER: None},
        ),
        against(
            "turn-trio",
            f"{title} trio task, Queue",
            on_trio,
            {"trio_channel": None, OLDER: None},
        ),
    ]


def on_one_loop() -> list[Row]:
    rows: list[Row] = []
    for limit, most, count in ((0, 0.75, 10_000), (100, 0.8, 10_000), (1, 1.0, 4_000)):
        title = f"producer and consumer tasks on one loop, {_of(limit)}"
        ours = _queue("asyncio_1_to_asyncio_1", count, limit)
        rows += [
            against(
                f"tasks-{limit}",
                title,
                ours,
                {"of_asyncio": most, "of_culsans": None, OLDER: None},
            ),
            against(
                f"tasks-anyio-{limit}",
                title,
                replace(ours, count=count // 4, imports=("anyio",)),
                {"anyio_channel": None},
            ),
            against(
                f"tasks-trio-{limit}",
                f"the same on trio, {_of(limit)}",
                replace(
                    ours,
                    operation="streaming.trio_1_to_trio_1",
                    count=count // 4,
                    imports=("trio",),
                ),
                {"trio_channel": None, OLDER: None},
            ),
        ]
    rows += [
        against(
            f"tasks-{producers}-to-{consumers}",
            f"{producers} producers, {consumers} consumers on one loop, {_of(limit)}",
            _queue(f"asyncio_{producers}_to_asyncio_{consumers}", 8_000, limit),
            {"of_asyncio": most, OLDER: None},
        )
        for producers, consumers, limit, most in (
            (4, 4, 10, 1.0),
            (4, 1, 100, None),
            (1, 4, 100, None),
        )
    ]
    return rows


def between_threads() -> list[Row]:
    rows: list[Row] = [
        against(
            f"threads-{limit}",
            f"producer and consumer threads, {_of(limit)}",
            _queue("threads_1_to_threads_1", count, limit),
            {"of_threads": most, "of_culsans": most, OLDER: None},
        )
        for limit, most, count in (
            (0, 0.4, 20_000),
            (100, 0.35, 20_000),
            (1, 0.5, 4_000),
        )
    ]
    rows.append(
        against(
            "threads-simple",
            "producer and consumer threads, SimpleQueue",
            _simple("threads_1_to_threads_1", 20_000),
            {"of_threads_simple": None, OLDER: None},
        )
    )
    rows += [
        against(
            f"threads-{producers}-to-{consumers}",
            f"{producers} producers, {consumers} consumers, threads, {_of(limit)}",
            _queue(f"threads_{producers}_to_threads_{consumers}", 8_000, limit),
            {"of_threads": most, OLDER: None},
        )
        for producers, consumers, limit, most in (
            (4, 4, 10, 0.6),
            (4, 1, 100, None),
            (1, 4, 100, None),
        )
    ]
    return rows


def _streams(
    way: str,
    producers: str,
    consumers: str,
    most: tuple[float, float],
    others: dict[str, float | None],
) -> list[Row]:
    """From one world to another: without and with a limit, and with several tasks or threads on either side."""
    operation = f"{producers}_1_to_{consumers}_1"
    unlimited, limited = (
        {"of_janus": at_most, "of_culsans": at_most, **more, OLDER: None}
        for at_most, more in zip(most, (others, {}))
    )
    rows: list[Row] = [
        against(
            f"{way}-simple",
            f"{producers} → {consumers}, SimpleQueue",
            _simple(operation, 10_000),
            unlimited,
        ),
        against(
            f"{way}-queue",
            f"{producers} → {consumers}, Queue",
            _queue(operation, 10_000),
            unlimited,
        ),
        against(
            f"{way}-queue-100",
            f"{producers} → {consumers}, Queue(100)",
            _queue(operation, 10_000, 100),
            limited,
        ),
    ]
    rows += [
        against(
            f"{way}-{puts}-to-{gets}",
            f"{puts} {producers} → {gets} {consumers}, Queue(100)",
            _queue(f"{producers}_{puts}_to_{consumers}_{gets}", 8_000, 100),
            dict.fromkeys(limited),
        )
        for puts, gets in ((4, 1), (1, 4))
    ]
    return rows


def between_worlds() -> list[Row]:
    there = _streams(
        "to-asyncio",
        "threads",
        "asyncio",
        (0.25, 0.35),
        {"by_call_soon": None, "by_executor": None},
    )
    back = _streams(
        "from-asyncio", "asyncio", "threads", (0.3, 0.35), {"by_executor": None}
    )
    loops: list[Row] = [
        against(
            f"two-loops-{limit}",
            f"asyncio → asyncio in another thread, {_of(limit)}",
            _queue("asyncio_1_to_loop_1", 8_000, limit),
            {"of_culsans": None, OLDER: None},
        )
        for limit in (0, 100)
    ]
    to_trio = replace(_simple("threads_1_to_trio_1", 10_000), imports=("trio",))
    trios: list[Row] = [
        against(
            "to-trio-simple",
            "threads → trio, SimpleQueue",
            to_trio,
            {"of_culsans": 0.6, "by_run_sync_soon": 0.6, OLDER: None},
        )
    ]
    return [*there, *back, *loops, *trios]


def cancelled() -> list[Row]:
    rows: list[Row] = []
    futures = Contestant("cancelling.oldest_first", "", label="bare futures")
    for kind in ("simple", "queue"):
        for order in ("oldest_first", "newest_first", "shuffled"):
            ours = Contestant(
                f"cancelling.waiters_{order}", f"{MAKERS}.getters_of_{kind}"
            )
            spelled = order.replace("_", " ")
            rows.append(
                GrowthRow(
                    f"cancel-{kind}-{order}",
                    f"growth of cancelling up to 5,000 getters, {spelled}, {kind}",
                    ours,
                    futures,
                    (625, 1_250, 2_500, 5_000),
                    0.15,
                )
            )
    ours = Contestant(
        "cancelling.waiters_newest_first", f"{MAKERS}.getters_of_queue", size=5_000
    )
    stock = replace(ours, implementation=f"{MAKERS}.getters_of_asyncio")
    rows.append(
        RatioRow(
            "cancel-each",
            "cancelling 5,000 getters, newest first, each",
            replace(ours, label="Queue"),
            [(replace(stock, label="asyncio.Queue"), None)],
            rounds=3,
        )
    )
    return rows


def footprint() -> list[Row]:
    rows: list[Row] = []
    for name in ("SimpleQueue", "Queue"):
        for how in ("idle", "idle_by_sizes"):
            ours = Contestant(f"footprint.{how}", f"aiologic.{name}", size=1_000)
            older = replace(ours, environment=PREDECESSOR)
            rows.append(
                RatioRow(
                    f"{how.replace('_', '-')}-{name}",
                    f"bytes of an idle {name}, "
                    + ("allocated" if how == "idle" else "by sys.getsizeof"),
                    ours,
                    [(older, 0.5)],
                    unit="bytes",
                    rounds=1,
                )
            )
    return rows


def rows() -> list[Row]:
    """All about queues, cheap things first."""
    return [
        *in_turn(),
        *on_one_loop(),
        *between_threads(),
        *between_worlds(),
        *cancelled(),
        *footprint(),
    ]


if __name__ == "__main__":
    from benchmarks import command

    command.main(rows())
