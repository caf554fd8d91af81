# SPDX-License-Identifier: ISC
"""A lock that readers share: which tasks come in, which are refused, and with which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

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


@pytest.fixture
def lock() -> RWLock:
    return RWLock()


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
