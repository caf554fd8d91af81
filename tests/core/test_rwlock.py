# SPDX-License-Identifier: ISC
"""A lock that readers share: who comes in, whom it refuses, and in which words."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any, Callable, Iterator

import aiologic
import pytest
from aiologic import RWLock

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld

ALREADY_HOLDING = "^the current task is already holding this lock$"
NOT_HOLDING = "^the current task is not holding this lock$"
UNLOCKED = "^release unlocked lock$"
NO_UPGRADE = "as a reader, which can't become a writer"
DEADLOCK = "^the current thread is already (holding|waiting for) this lock"


class Stop(BaseException):
    """What cancels a task here."""


class SubRWLock(RWLock):
    pass


@pytest.fixture
def lock() -> RWLock:
    return RWLock()


@pytest.fixture
def start(world: HandWorld, lock: RWLock) -> Iterator[Callable[[str], HandTask]]:
    """Start a task that reads or writes, and is at a checkpoint when it is inside; the next step leads it out."""
    tasks = []

    def start(way: str) -> HandTask:
        side = lock.writing if way == "write" else lock.reading
        tasks.append(world.spawn(_hold(side, world)))
        return tasks[-1].step()

    yield start
    for task in reversed(tasks):
        with world.runs(task):
            task.coroutine.close()


async def _hold(side: Any, world: HandWorld) -> None:
    async with side:
        await world.checkpoint()


def is_in(task: HandTask) -> bool:
    return task.checkpoints == 1 and not task.is_done


# -- who comes in ----------------------------------------------------------------------------------------------------


def test_readers_share(lock: RWLock, caller: Caller, other: Caller) -> None:
    assert caller.acquire_shared(lock) is True
    assert other.acquire_shared(lock, blocking=False) is True
    assert len(lock.readers) == 2
    assert lock.writer is None
    caller.release(lock)
    assert len(lock.readers) == 1
    other.release(lock)
    assert not lock.locked()
    assert lock.readers == []


@pytest.mark.parametrize("first", ["shared", "exclusive"])
def test_a_writer_is_alone(
    lock: RWLock, caller: Caller, other: Caller, first: str
) -> None:
    getattr(caller, f"acquire_{first}")(lock)
    assert other.acquire_exclusive(lock, blocking=False) is False
    assert other.acquire_exclusive(lock, timeout=0) is False
    assert other.acquire_shared(lock, timeout=0) is (first == "shared")
    assert lock.waiting == 0


def test_a_reader_does_not_overtake_a_writer_that_waits(
    lock: RWLock, start: Callable[[str], HandTask], crew: Crew
) -> None:
    reader, writer = start("read"), start("write")
    assert is_in(reader)
    assert crew.run(lambda: lock.green_acquire_shared(blocking=False)) is False
    late = start("read")
    assert lock.waiting == 2

    reader.step()
    assert [writer.is_woken, late.is_woken] == [True, False]
    writer.step().step()
    assert late.is_woken
    late.step().step()
    assert not lock


def test_all_readers_up_to_the_next_writer_come_in_together(
    lock: RWLock, start: Callable[[str], HandTask]
) -> None:
    ways = ["write", "read", "read", "write", "read"]
    first, *others = [start(way) for way in ways]
    first.step()
    assert [task.is_woken for task in others] == [True, True, False, False]
    for reader in others[:2]:
        reader.step().step()
    assert [task.is_woken for task in others[2:]] == [True, False]
    others[2].step().step()
    assert others[3].is_woken
    others[3].step().step()
    assert not lock


# -- who leaves the queue --------------------------------------------------------------------------------------------


def test_a_cancelled_writer_lets_the_readers_behind_it_in(
    lock: RWLock, start: Callable[[str], HandTask]
) -> None:
    """aiorwlock 1.5.1 and culsans 0.11 leave them waiting until the reader inside has left."""
    reader, writer, *behind = [start(way) for way in ("read", "write", "read", "read")]
    with pytest.raises(Stop):
        writer.cancel(Stop())
    assert [task.is_woken for task in behind] == [True, True]
    assert len(lock.readers) == 3
    for task in (reader, *(task.step() for task in behind)):
        task.step()
    assert not lock


def test_a_timed_out_writer_lets_the_readers_behind_it_in(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld
) -> None:
    start("read")
    writer = world.spawn(lock.async_acquire_exclusive(timeout=1)).step()
    behind = start("read")
    assert writer.time_out().result is False
    assert behind.is_woken


def test_the_same_behind_threads(lock: RWLock, crew: Crew) -> None:
    lock.green_acquire_shared()
    writer = crew.start(lambda: lock.green_acquire_exclusive(timeout=0.3))
    crew.wait_for_waiters(lock, 1)
    reader = crew.start(lock.green_acquire_shared)
    assert writer.result() is False
    assert reader.result() is True
    assert len(lock.readers) == 2


def test_a_cancelled_reader_lets_the_next_go_on(
    lock: RWLock, start: Callable[[str], HandTask]
) -> None:
    reader, writer, behind = start("read"), start("write"), start("read")
    with pytest.raises(Stop):
        behind.cancel(Stop())
    assert not writer.is_woken
    assert lock.waiting == 1
    reader.step()
    assert writer.is_woken


@pytest.mark.parametrize("way", ["read", "write"])
def test_what_was_given_to_a_cancelled_task_goes_to_the_next(
    lock: RWLock, start: Callable[[str], HandTask], way: str
) -> None:
    holder, cancelled, behind = start("write"), start(way), start("write")
    holder.step()
    assert cancelled.is_woken
    with pytest.raises(Stop):
        cancelled.cancel(Stop())
    assert behind.is_woken
    behind.step().step()
    assert not lock
    assert lock.readers == []


@pytest.mark.parametrize("way", ["read", "write"])
def test_served_when_its_time_was_up(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld, way: str
) -> None:
    holder = start("write")
    side = lock.writing if way == "write" else lock.reading
    task = world.spawn(side.async_acquire(timeout=1)).step()
    holder.step()
    assert task.time_out().result is True
    with world.runs(task):
        assert side.async_owned()
        lock.async_release()
    assert not lock


def test_a_task_of_a_lost_loop_passes_it_on(
    lock: RWLock, start: Callable[[str], HandTask]
) -> None:
    """D19: what was given to a waiter whose loop was closed goes to the next."""
    holder, lost, behind = start("write"), start("read"), start("write")
    waiter = lock._queue[0]  # type: ignore[index]  # it has one
    holder.step()
    waiter.lost()
    assert behind.is_woken
    lost.coroutine.close()
    behind.step().step()
    assert not lock


@pytest.mark.usefixtures("checkpoints_restored")
@pytest.mark.parametrize("way", ["read", "write"])
def test_cancelled_at_its_checkpoint_it_holds_nothing(
    lock: RWLock, world: HandWorld, way: str
) -> None:
    from aiologic import lowlevel

    side = lock.writing if way == "write" else lock.reading

    async def acquire() -> None:
        async with lowlevel.enable_checkpoints():
            await side.async_acquire()

    task = world.spawn(acquire()).step()
    assert task.checkpoints == 1
    assert side.locked() is (way == "write")
    with pytest.raises(Stop):
        task.cancel(Stop())
    assert not lock


# -- downgrading -----------------------------------------------------------------------------------------------------


def test_a_writer_becomes_a_reader(lock: RWLock, caller: Caller, other: Caller) -> None:
    caller.acquire_exclusive(lock)
    assert caller.downgrade(lock) is None
    assert (lock.writer, len(lock.readers)) == (None, 1)
    assert other.acquire_exclusive(lock, blocking=False) is False
    assert other.acquire_shared(lock) is True
    caller.release(lock)
    other.release(lock)
    assert not lock


def test_readers_that_are_next_come_in_and_no_writer_does(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld
) -> None:
    holder = start("write")
    reader, writer, behind = start("read"), start("write"), start("read")
    with world.runs(holder):
        lock.async_downgrade()
    assert reader.is_woken
    assert not writer.is_woken
    assert not behind.is_woken
    holder.step()  # its block was entered for writing, and is left as usual
    reader.step().step()
    assert writer.is_woken


def test_only_the_writer_downgrades(
    lock: RWLock, caller: Caller, other: Caller
) -> None:
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        caller.downgrade(lock)
    caller.acquire_exclusive(lock)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        other.downgrade(lock)
    caller.downgrade(lock)
    with pytest.raises(RuntimeError, match="nothing to downgrade"):
        caller.downgrade(lock)


# -- who is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{}, {"blocking": False}, {"timeout": 0}], ids=str)
def test_a_reader_can_not_become_a_writer(
    lock: RWLock, caller: Caller, how: dict[str, Any]
) -> None:
    caller.acquire_shared(lock)
    with pytest.raises(RuntimeError, match=NO_UPGRADE):
        caller.acquire_exclusive(lock, **how)
    assert len(lock.readers) == 1
    assert lock.waiting == 0
    caller.release(lock)
    caller.acquire_exclusive(lock)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [("shared", "shared"), ("exclusive", "shared"), ("exclusive", "exclusive")],
)
def test_nobody_comes_in_twice(
    lock: RWLock, caller: Caller, held: str, wanted: str
) -> None:
    getattr(caller, f"acquire_{held}")(lock)
    with pytest.raises(RuntimeError, match=ALREADY_HOLDING):
        getattr(caller, f"acquire_{wanted}")(lock)
    caller.release(lock)
    assert not lock


@pytest.mark.parametrize("held", ["shared", "exclusive"])
def test_only_a_holder_releases(
    lock: RWLock, caller: Caller, other: Caller, held: str
) -> None:
    with pytest.raises(RuntimeError, match=UNLOCKED):
        caller.release(lock)
    getattr(caller, f"acquire_{held}")(lock)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        other.release(lock)
    caller.release(lock)
    with pytest.raises(RuntimeError, match=UNLOCKED):
        caller.release(lock)


def test_a_callback_owns_nothing(lock: RWLock, world: HandWorld) -> None:
    with world.runs(None):
        with pytest.raises(RuntimeError, match="no current task"):
            lock.async_release()
        for side in lock.reading, lock.writing:
            assert side.async_owned() is False
    for side in lock.reading, lock.writing:
        with pytest.raises(aiologic.AsyncLibraryNotFoundError):
            side.async_owned()


# -- a thread that would wait for a task of its own ------------------------------------------------------------------


def block(lock: RWLock, way: str) -> Callable[..., bool]:
    exclusive = way == "write"
    return lock.green_acquire_exclusive if exclusive else lock.green_acquire_shared


@pytest.mark.parametrize(
    ("holder", "waiter", "wanted"),
    [
        ("write", None, "read"),
        ("write", None, "write"),
        ("read", None, "write"),
        ("thread", "write", "read"),
        ("thread", "write", "write"),
        ("thread", "read", "write"),
    ],
)
def test_a_wait_that_can_not_end_is_refused(
    lock: RWLock,
    start: Callable[[str], HandTask],
    world: HandWorld,
    crew: Crew,
    holder: str,
    waiter: str | None,
    wanted: str,
) -> None:
    """A task of this thread holds the lock, or waits in front: it can't go on while this thread is blocked."""
    if holder == "thread":
        crew.run(lock.green_acquire_exclusive)
    else:
        start(holder)
    if waiter:
        start(waiter)
    waiting = lock.waiting
    with world.runs(None):
        with pytest.raises(RuntimeError, match=DEADLOCK):
            block(lock, wanted)()
        # What need not wait for ever just fails, and nothing has changed.
        assert block(lock, wanted)(blocking=False) is False
        assert block(lock, wanted)(timeout=0) is False
    assert lock.waiting == waiting


def test_a_task_that_was_served_but_has_not_gone_on_counts_as_well(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld
) -> None:
    holder, reader = start("write"), start("read")
    holder.step()
    assert reader.is_woken
    with world.runs(None), pytest.raises(RuntimeError, match=DEADLOCK):
        lock.green_acquire_exclusive()


def test_near_misses_wait(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld, crew: Crew
) -> None:
    """A thread of its own may wait; so may a reader behind a reader of its thread, for that one holds up nobody."""
    crew.run(lock.green_acquire_exclusive)
    reader = start("read")
    released = []

    def release() -> None:
        crew.wait_for_waiters(lock, 2)
        released.append(True)
        # The thread that acquired it has ended; what it left behind is taken down by hand.
        lock._release(lock._writer)

    crew.start(release)
    with world.runs(None):
        assert lock.green_acquire_shared() is True
    assert released
    assert reader.is_woken


# -- as an object ----------------------------------------------------------------------------------------------------


def test_repr(lock: RWLock, caller: Caller, other: Caller, world: HandWorld) -> None:
    assert repr(lock).startswith("<aiologic.RWLock() at 0x")
    assert repr(lock).endswith(" [unlocked]>")
    caller.acquire_shared(lock)
    other.acquire_shared(lock)
    assert repr(lock).endswith(" [reading=2, waiting=0]>")
    assert repr(lock.reading) == f"{lock!r}.reading"
    other.release(lock)
    caller.release(lock)
    caller.acquire_exclusive(lock)
    task = world.spawn(lock.async_acquire_shared()).step()
    assert repr(lock).endswith(" [writing, waiting=1]>")
    assert repr(lock.writing) == f"{lock!r}.writing"
    task.coroutine.close()


def test_state(lock: RWLock, caller: Caller, other: Caller) -> None:
    library = {"green_": "threading", "async_": "handdriven"}[caller.prefix]
    caller.acquire_exclusive(lock)
    assert lock.writer is not None
    assert lock.writer[0] == library
    assert bool(lock), lock.locked()
    assert lock.reading.locked()
    assert lock.writing.locked()
    assert caller.owned(lock.writing) is True
    assert caller.owned(lock.reading) is False
    assert other.owned(lock.writing) is False
    caller.downgrade(lock)
    assert [reader[0] for reader in lock.readers] == [library]
    assert not lock.reading.locked()
    assert lock.writing.locked()
    assert caller.owned(lock.writing) is False
    assert caller.owned(lock.reading) is True


def test_a_side_is_what_a_lock_is(
    lock: RWLock, caller: Caller, other: Caller, start: Callable[[str], HandTask]
) -> None:
    """Whatever takes a Lock, and looks at it, finds what it looks for."""
    sides = lock.reading, lock.writing
    names = {name for name in dir(aiologic.Lock) if not name.startswith("_")}
    assert names <= set(dir(lock.reading))
    for side in sides:
        assert (bool(side), side.locked(), side.owner) == (False, False, None)
        assert side.statistics() == aiologic.Lock().statistics()

    caller.acquire_exclusive(lock)
    for side in sides:
        assert (bool(side), side.locked(), side.owner) == (True, True, lock.writer)
        assert side.statistics() == lock.statistics()
    caller.release(lock)

    # Readers keep writers out, and not each other.
    caller.acquire_shared(lock)
    other.acquire_shared(lock)
    start("write")
    assert lock.reading.locked() is bool(lock.reading) is False
    assert lock.reading.owner is None
    assert lock.writing.locked() is bool(lock.writing) is True
    assert lock.writing.owner in lock.readers
    assert lock.reading.statistics().value == 1
    assert lock.writing.statistics().value == 0
    for side in sides:
        assert side.statistics().holders == dict.fromkeys(lock.readers, 1)
        assert side.statistics().waiting == 1


def test_statistics(lock: RWLock, start: Callable[[str], HandTask], crew: Crew) -> None:
    assert lock.statistics() == aiologic.RWLock().statistics()
    assert lock.statistics().value == 1
    reader = start("read")
    crew.run(lock.green_acquire_shared)
    start("write")
    now = lock.statistics()
    assert (now.value, now.waiting) == (0, 1)
    assert sorted(library for library, _ in now.holders) == ["handdriven", "threading"]
    assert set(now.holders.values()) == {1}
    assert dict(now.waiting_by_library) == {"handdriven": 1}
    reader.step()
    assert [library for library, _ in lock.statistics().holders] == ["threading"]


def test_a_block_says_on_which_side_it_is(lock: RWLock, world: HandWorld) -> None:
    with lock.reading as side:
        assert side.green_owned()
    with lock.writing as side:
        assert side.green_owned()

    async def look() -> None:
        async with lock.reading as side:
            assert side.async_owned()
        async with lock.writing as side:
            assert side.async_owned()

    world.run(look())
    assert not lock


@pytest.mark.parametrize("cls", [RWLock, SubRWLock])
def test_copies_and_pickles_of_a_used_one_are_new(cls: Any) -> None:
    """D12, and contract 1.2: by the arguments alone, in every protocol."""
    lock = cls()
    lock.green_acquire_exclusive()
    copies = [copy.copy(lock), copy.deepcopy(lock)]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copies.append(pickle.loads(pickle.dumps(lock, protocol)))
        assert not pickle.loads(pickle.dumps(lock.writing, protocol)).locked()
    for fresh in copies:
        assert type(fresh) is cls
        assert not fresh
        with fresh.writing:
            assert lock
    assert lock.__getnewargs__() == ()


def test_old_states_are_let_go(lock: RWLock) -> None:
    """The newest state is what the lock points at when nobody is interrupted; older ones are garbage."""
    for _ in range(100):
        with lock.reading:
            pass
    assert not lock._state
    assert lock._newest() is lock._state


def test_an_older_state_leads_to_the_newest(lock: RWLock) -> None:
    """A changes the state, and is interrupted before it has written the newest down; B goes on, and so does A."""
    before = lock._state
    with lock.reading:
        lock._state = before
        assert lock.locked()
        assert lock._reserve(True) is False
        assert lock._reserve(False) is True
        lock._state = before
        assert lock._newest().holders == 2
        lock._free(False)
    assert not lock


def test_it_has_no_dict(lock: RWLock) -> None:
    with pytest.raises(AttributeError):
        lock.colour = "red"  # type: ignore[attr-defined]  # that is what raises
    SubRWLock().colour = "red"  # type: ignore[attr-defined]  # subclasses have one
    assert aiologic.RWLock.__module__ == "aiologic"


@pytest.mark.parametrize("name", ["reading", "writing"])
def test_a_side_is_acquired_and_released_by_its_methods(
    name: str, caller: Caller
) -> None:
    lock = aiologic.RWLock()
    side = getattr(lock, name)
    for _ in range(2):
        assert caller.acquire(side) is True
        assert lock.locked()
        assert caller.owned(side)
        caller.release(side)
        assert not lock
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        caller.release(side)
