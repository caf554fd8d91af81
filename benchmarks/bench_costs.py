# SPDX-License-Identifier: ISC
"""What each primitive costs: free, contended by N, cancelled, idle; and what its peers cost.

``uv run python benchmarks/bench_costs.py --quick`` prints the whole table, in a
quarter of an hour; ``--help`` says more.
"""

# The other files measure in detail what one primitive is used for most. This one measures all primitives in the same
# way, so that none is forgotten: a new one needs only a line in SUBJECTS.

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.environments import PREDECESSOR
from benchmarks.ratios import Contestant, GrowthRow, RatioRow, ScalingRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from benchmarks.command import Row

PEERS = "benchmarks.operations.peers"
SIZES = (10, 100, 1_000, 10_000)
OF_THREADS = (10, 100)  # with more, the system would be measured
CANCELLED = (625, 1_250, 2_500, 5_000)
ORDERS = ("oldest_first", "newest_first", "shuffled")

PERMIT, EVENT, BARRIER, CONDITION, GUARD = "permit", "event", "barrier", "condition", ""


@dataclass(frozen=True)
class Subject:
    """A primitive, and its counterparts in other libraries."""

    name: str
    kind: str
    ours: str
    threading: str = ""
    asyncio: str = ""
    trio: str = ""
    anyio: str = ""
    is_old: bool = True  # 0.17.1 has it
    idle: str = ""  # how an idle one is created, if differently

    def peer(self, library: str) -> str:
        name: str = getattr(self, library)
        return name

    def __call__(
        self, operation: str, library: str, count: int = 1
    ) -> tuple[Contestant, list[Contestant]]:
        """Ours, and its counterparts: the library's own and 0.17.1's."""
        imports = () if library in ("asyncio", "threading") else (library,)
        ours = Contestant(
            operation,
            self.ours,
            count,
            imports=imports,
            label=self.name,
        )
        found = []
        theirs = self.peer(library)
        if theirs:
            found.append(
                replace(
                    ours, implementation=theirs, label=theirs.rpartition(f"{PEERS}.")[2]
                )
            )
        if self.is_old:
            found.append(replace(ours, environment=PREDECESSOR))
        return ours, found


def ours(name: str) -> str:
    return f"aiologic.{name}"


SUBJECTS = [
    Subject(
        "Lock", PERMIT, ours("Lock"),
        "threading.Lock", "asyncio.Lock", "trio.Lock", "anyio.Lock",
    ),
    Subject("RLock", PERMIT, ours("RLock"), "threading.RLock"),
    Subject(
        "Semaphore", PERMIT, ours("Semaphore"),
        "threading.Semaphore", "asyncio.Semaphore",
        f"{PEERS}.trio_semaphore_of_one", f"{PEERS}.anyio_semaphore_of_one",
    ),
    Subject(
        "BoundedSemaphore", PERMIT, f"{PEERS}.aiologic_bounded_semaphore_of_one",
        "threading.BoundedSemaphore", "asyncio.BoundedSemaphore",
    ),
    Subject("BinarySemaphore", PERMIT, ours("BinarySemaphore")),
    Subject("BoundedBinarySemaphore", PERMIT, ours("BoundedBinarySemaphore")),
    Subject(
        "CapacityLimiter", PERMIT, ours("CapacityLimiter"), "", "",
        f"{PEERS}.trio_limiter_of_one", f"{PEERS}.anyio_limiter_of_one",
    ),
    Subject("RCapacityLimiter", PERMIT, ours("RCapacityLimiter")),
    Subject(
        "RWLock, writing", PERMIT, f"{PEERS}.aiologic_writing", is_old=False,
        idle=ours("RWLock"),
    ),
    Subject(
        "Event", EVENT, ours("Event"),
        "threading.Event", "asyncio.Event", "trio.Event", "anyio.Event",
    ),
    Subject("REvent", EVENT, ours("REvent"), "threading.Event", "asyncio.Event"),
    Subject("CountdownEvent", EVENT, f"{PEERS}.countdown_from_one"),
    Subject("Latch", BARRIER, ours("Latch"), idle=f"{PEERS}.latch_of_two"),
    Subject(
        "Barrier", BARRIER, ours("Barrier"), "threading.Barrier", "asyncio.Barrier",
        idle=f"{PEERS}.barrier_of_two",
    ),
    Subject(
        "RBarrier", BARRIER, ours("RBarrier"), "threading.Barrier", "asyncio.Barrier",
        idle=f"{PEERS}.rbarrier_of_two",
    ),
    Subject(
        "Condition", CONDITION, ours("Condition"),
        "threading.Condition", "asyncio.Condition", "trio.Condition", "anyio.Condition",
    ),
    Subject("ResourceGuard", GUARD, ours("ResourceGuard")),
    Subject("Flag", GUARD, ours("Flag")),
]  # fmt: skip

# The operation when it is free, by kind: on threads, on a loop.
FREE = {
    PERMIT: ("on_threads.free", "free"),
    CONDITION: ("on_threads.free", "free"),
    EVENT: ("on_threads.await_set_event", "await_set_event"),
    BARRIER: ("meeting.alone_in_a_thread", ""),
}
# What N tasks do, by kind: the operation on a loop, on threads, and in words.
CONTENDED = {
    PERMIT: ("hand_over", "on_threads.hand_over", "handed over among N"),
    EVENT: ("wake_all", "on_threads.wake_all", "N woken at once"),
}
PEER_LOOPS = ("trio", "anyio")  # if those libraries have it


def module_of(library: str) -> str:
    return "on_trio" if library == "trio" else "on_asyncio"


def free(subject: Subject) -> list[Row]:
    if subject.kind not in FREE:
        return []
    in_thread, on_loop = FREE[subject.kind]
    tried = [("threading", in_thread, 20_000)]
    if on_loop:
        tried.append(("asyncio", f"on_asyncio.{on_loop}", 20_000))
        tried += [
            (library, f"{module_of(library)}.{on_loop}", 3_000)
            for library in PEER_LOOPS
            if subject.peer(library)
        ]
    else:
        tried.append(("asyncio", "meeting.alone", 5_000))
    rows: list[Row] = []
    for library, operation, count in tried:
        mine, others = subject(operation, library, count=count)
        row = RatioRow(
            f"free-{library}-{subject.name}",
            f"{subject.name}, free, {library}",
            mine,
            [(other, None) for other in others]
            or [
                (replace(mine, implementation="aiologic.Lock", label="our Lock"), None)
            ],
        )
        rows.append(row)
    return rows


def contended(subject: Subject) -> list[Row]:
    name = subject.name
    rows: list[Row] = []

    def add(
        library: str, operation: str, words: str, sizes: tuple[int, ...] = SIZES
    ) -> None:
        mine, others = subject(operation, library)
        if library == "threading" and subject.kind == PERMIT:
            # The stock ones let newcomers overtake, and do not show how many wait.
            fair = f"{PEERS}.FairLock"
            others = [
                replace(mine, implementation=fair, label="a deque of raw locks"),
                *[one for one in others if one.environment == PREDECESSOR],
            ]
        rows.append(
            ScalingRow(
                f"contended-{library}-{name}",
                f"{name}, {words}, {library}",
                mine,
                others
                or [replace(mine, implementation="aiologic.Lock", label="our Lock")],
                sizes,
            )
        )

    if subject.kind in CONTENDED:
        on_loop, on_threads, words = CONTENDED[subject.kind]
        add("asyncio", f"on_asyncio.{on_loop}", words)
        for library in PEER_LOOPS:
            if subject.peer(library):
                add(library, f"{module_of(library)}.{on_loop}", words)
        add("threading", on_threads, words, OF_THREADS)
    elif name == "Latch":
        add("asyncio", "meeting.once", "N meet once")
    elif subject.kind == BARRIER:
        add("asyncio", "meeting.tasks", "N meet")
        add("threading", "meeting.threads", "N meet", OF_THREADS)
    elif subject.kind == CONDITION:
        add("asyncio", "notifying.notify_all", "N notified at once")
        add("anyio", "notifying.notify_all", "N notified at once")
        add("threading", "notifying.rounds_of_threads", "a turn among N", OF_THREADS)
    return rows


def cancelled(subject: Subject) -> list[Row]:
    prefix = {
        PERMIT: "cancelling.",
        EVENT: "cancelling.waiters_",
        BARRIER: "cancelling.waiters_",
        CONDITION: "notifying.cancel_",
    }.get(subject.kind)
    if prefix is None:
        return []
    return [
        GrowthRow(
            f"cancel-{order}-{subject.name}",
            f"growth of cancelling up to 5,000 waiters, {subject.name}, {order.replace('_', ' ')}",
            Contestant(f"{prefix}{order}", subject.ours, label=subject.name),
            Contestant(f"cancelling.{order}", "", label="bare futures"),
            CANCELLED,
            0.15,
        )
        for order in ORDERS
    ]


def idle(subject: Subject) -> list[Row]:
    make = subject.idle or subject.ours
    mine = Contestant("footprint.idle_by_sizes", make, label=subject.name)
    peers: list[tuple[Contestant, float | None]] = []
    if subject.is_old:
        peers.append((replace(mine, environment=PREDECESSOR), 0.8))
    for library in ("threading", "asyncio", "trio", "anyio"):
        theirs = subject.peer(library)
        if theirs.endswith("Barrier"):
            stock = "stock" if library == "threading" else library
            theirs = f"{PEERS}.{stock}_barrier_of_two"
        if theirs:
            label = theirs.rpartition(f"{PEERS}.")[2]
            peers.append((replace(mine, implementation=theirs, label=label), None))
    return [
        RatioRow(
            f"idle-{subject.name}",
            f"bytes of an idle {subject.name}, by sys.getsizeof",
            mine,
            peers
            or [
                (replace(mine, implementation="aiologic.Lock", label="our Lock"), None)
            ],
            unit="bytes",
            rounds=1,
        )
    ]


def rows() -> list[Row]:
    """All rows about all primitives; cheap ones first."""
    questions = (idle, free, cancelled, contended)
    return [row for ask in questions for subject in SUBJECTS for row in ask(subject)]


if __name__ == "__main__":
    from benchmarks import command

    command.main(rows())
