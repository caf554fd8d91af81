# SPDX-License-Identifier: ISC
"""A lock that its owner can acquire again: what it counts."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import RLock
from aiologic.lowlevel import enable_checkpoints

if TYPE_CHECKING:
    from .callers import Caller
    from .hand_driven import HandWorld


def test_it_is_free_after_as_many_releases(caller: Caller, other: Caller) -> None:
    lock = RLock()
    for depth in range(1, 4):
        assert caller.acquire(lock, blocking=depth % 2 == 0) is True
        assert lock.count == caller.count(lock) == depth
        assert other.count(lock) == 0
    for depth in 2, 1, 0:
        caller.release(lock)
        assert lock.count == caller.count(lock) == depth
        assert lock.locked() is (depth > 0)


def test_several_times_at_once(caller: Caller) -> None:
    lock = RLock()
    caller.acquire(lock, 3)
    assert lock.count == 3
    caller.acquire(lock, 2, blocking=False)
    assert lock.count == 5
    caller.release(lock, 4)
    assert lock.count == 1
    caller.release(lock, 1)
    assert not lock


def test_the_count_has_a_name(caller: Caller) -> None:
    lock = RLock()
    caller.acquire(lock, count=2)
    caller.release(lock, count=2)
    assert not lock


def test_a_count_that_was_waited_for(world: HandWorld) -> None:
    lock = RLock()
    lock.green_acquire()
    waiting = world.spawn(lock.async_acquire(3)).step()
    lock.green_release()

    assert lock.count == 3
    waiting.step()
    assert lock.count == 3
    with world.runs(waiting):
        lock.async_release(3)
    assert not lock


def test_a_count_that_was_passed_on(world: HandWorld) -> None:
    """The next task does not inherit the count of the cancelled one."""
    lock = RLock()
    lock.green_acquire()
    cancelled = world.spawn(lock.async_acquire(3)).step()
    following = world.spawn(lock.async_acquire(2)).step()
    lock.green_release()
    assert lock.count == 3

    with pytest.raises(KeyboardInterrupt):
        cancelled.cancel(KeyboardInterrupt())

    assert following.is_woken
    assert lock.count == 2


@pytest.mark.parametrize("held", [1, 3])
def test_more_releases_than_acquires(caller: Caller, held: int) -> None:
    lock = RLock()
    caller.acquire(lock, held)
    with pytest.raises(RuntimeError, match="lock released too many times"):
        caller.release(lock, held + 1)
    assert lock.count == held
    caller.release(lock, held)
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        caller.release(lock)


@pytest.mark.parametrize(
    ("count", "error"),
    [(0, ValueError), (-1, ValueError), (1.0, TypeError), ("1", TypeError)],
)
def test_a_wrong_count_is_refused_before_anything_changes(
    caller: Caller, other: Caller, count: Any, error: type[Exception]
) -> None:
    lock = RLock()
    for depth in 0, 1:
        for attempt, options in (
            (caller.acquire, {}),
            (caller.acquire, {"blocking": False}),
            (other.acquire, {"timeout": 0}),
            (caller.release, {}),
            (other.release, {}),
        ):
            with pytest.raises(error, match="count must be") as refused:
                attempt(lock, count, **options)
            assert repr(count) in str(refused.value)
            assert lock.count == depth
        caller.acquire(lock)


def test_a_wrong_timeout_does_not_count(caller: Caller) -> None:
    lock = RLock()
    caller.acquire(lock)
    with pytest.raises(ValueError, match="timeout"):
        caller.acquire(lock, timeout=-1)
    assert lock.count == 1


def test_blocks_inside_blocks(world: HandWorld) -> None:
    lock = RLock()

    async def work() -> None:
        async with lock as outer, lock as inner:
            assert outer is inner is lock
            assert lock.async_count() == 2
            assert lock.green_count() == 0

    with lock, lock, lock:
        assert lock.green_count() == 3
    world.run(work())
    assert not lock


@pytest.mark.usefixtures("checkpoints_restored")
def test_cancelled_at_the_checkpoint_of_a_reentry(world: HandWorld) -> None:
    lock = RLock()

    @enable_checkpoints
    async def enter_twice() -> None:
        await lock.async_acquire()
        await lock.async_acquire(5)

    task = world.spawn(enter_twice()).step()
    assert (task.checkpoints, lock.count) == (1, 1)
    task.step()
    assert (task.checkpoints, lock.count) == (2, 1)

    with pytest.raises(KeyboardInterrupt):
        task.cancel(KeyboardInterrupt())

    assert lock.count == 1


@pytest.mark.usefixtures("checkpoints_restored")
def test_a_reentry_is_one_checkpoint(world: HandWorld) -> None:
    lock = RLock()

    @enable_checkpoints
    async def enter_thrice() -> None:
        await lock.async_acquire()
        await lock.async_acquire()
        await lock.async_acquire(blocking=False)

    task = world.spawn(enter_thrice()).step().step().step()
    assert task.is_done
    assert task.checkpoints == 2
    assert lock.count == 3


def test_a_signal_handler_enters_again() -> None:
    lock = RLock()
    counts: list[int] = []

    def handle(*_: object) -> None:
        with lock:
            counts.append(lock.count)

    before = signal.signal(signal.SIGINT, handle)
    try:
        signal.raise_signal(signal.SIGINT)
        with lock:
            signal.raise_signal(signal.SIGINT)
            assert lock.count == 1
    finally:
        signal.signal(signal.SIGINT, before)

    assert counts == [1, 2]
    assert not lock
