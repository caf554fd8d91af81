# SPDX-License-Identifier: ISC
"""Readers and writers that give up: those behind them come in, with what was given to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest
from aiologic import RWLock

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


@pytest.fixture
def lock() -> RWLock:
    return RWLock()


def test_a_cancelled_writer_lets_the_readers_behind_it_in(
    lock: RWLock, start: Callable[[str], HandTask]
) -> None:
    """aiorwlock 1.5.1 and culsans 0.11 leave them waiting until the reader inside has left."""
    reader, writer, *behind = [start(way) for way in ("read", "write", "read", "read")]
    with pytest.raises(Cancelled):
        writer.cancel(Cancelled())
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
    with pytest.raises(Cancelled):
        behind.cancel(Cancelled())
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
    with pytest.raises(Cancelled):
        cancelled.cancel(Cancelled())
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
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert not lock
