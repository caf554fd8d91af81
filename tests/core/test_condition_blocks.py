# SPDX-License-Identifier: ISC
"""The block of a condition has the lock, and releases what it has, and no more (contract 1.3.6)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import enable_checkpoints

from .conditions import each_kind, each_lock, each_mixed, is_free
from .hand_driven import Cancelled
from .raising import sleep_by

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


async def entered(condition: Any) -> Any:
    async with condition as inside:
        return inside


def test_async_blocks_yield_the_condition(world: HandWorld) -> None:
    """D5."""

    class MyCondition(Condition[Any, Any]):
        pass

    condition = MyCondition()
    assert world.run(entered(condition)) is condition


@each_lock
def test_a_block_has_the_lock(
    make: Callable[[], Any], world: HandWorld, crew: Crew
) -> None:
    """Contract 1.3.6: enter and exit."""
    condition = Condition(make())
    assert not condition
    with condition:
        assert condition
        assert crew.run(lambda: bool(condition))
    assert not condition

    async def block() -> None:
        async with condition:
            assert condition

    world.run(block())
    assert not condition


def test_without_a_lock_blocks_do_nothing(world: HandWorld) -> None:
    condition = Condition(None)
    with condition, condition:
        assert not condition
    assert world.run(entered(condition)) is condition


def test_a_reentrant_block() -> None:
    condition = Condition()
    with condition, condition:
        assert condition.lock.green_count() == 2
    assert not condition


def test_an_async_reentrant_block(world: HandWorld) -> None:
    condition = Condition()

    async def block() -> None:
        async with condition:
            async with condition:
                assert condition.lock.async_count() == 2
            assert condition.lock.async_count() == 1

    world.run(block())
    assert not condition


# -- blocks that may have lost their lock ----------------------------------------------------------------------------


@each_mixed
def test_a_block_that_has_lost_its_lock_releases_nothing(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6, row "exit"; 2.1 no. 19. This world's shields hold nothing back."""
    condition: Any = Condition(make())

    async def block() -> None:
        async with condition:
            await condition.with_(1)

    leaver = world.spawn(block()).step()
    condition.__enter__()
    leaver.time_out()
    assert condition.lock.waiting == 1
    with pytest.raises(Cancelled):
        leaver.cancel(Cancelled())

    assert condition.lock.waiting == 0
    assert not is_free(condition.lock)
    condition.__exit__(None, None, None)
    assert is_free(condition.lock)


@each_mixed
@pytest.mark.parametrize("has_it", [False, True])
def test_a_green_block_that_may_have_lost_its_lock(
    make: Callable[[], Any],
    world: HandWorld,
    monkeypatch: pytest.MonkeyPatch,
    has_it: bool,
) -> None:
    """It is interrupted in its wait for the lock, or just after it: it releases what it has."""
    condition: Any = Condition(make())
    parks: list[float | None] = []

    async def enter() -> None:
        await condition.__aenter__()
        await world.checkpoint()
        await condition.__aexit__(None, None, None)

    other = world.spawn(enter())

    def park(timeout: float | None) -> bool:
        parks.append(timeout)
        if len(parks) == 1:
            other.step()  # has the lock
            return False
        if not has_it:
            raise Cancelled
        other.step()
        return True

    def shield(call: Callable[[], object]) -> None:
        call()
        raise Cancelled  # was held back

    def wait() -> None:
        with condition:
            sleep_by(monkeypatch, park)
            condition.wait(1)

    monkeypatch.setattr(type(worlds.green_backend()), "shield", staticmethod(shield))
    with pytest.raises(Cancelled):
        wait()
    assert parks == [1, None]
    assert condition.lock.waiting == 0
    if not has_it:
        assert not is_free(condition.lock)
        other.step()
    assert is_free(condition.lock)


class Stubborn:
    """A thread lock whose ``acquire`` fails when told to."""

    fails = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.release = self._lock.release
        self.locked = self._lock.locked

    def acquire(self) -> bool:
        if self.fails:
            raise Cancelled
        return self._lock.acquire()


def test_a_block_that_has_lost_its_thread_lock_releases_nothing() -> None:
    """Contract 1.3.6, row "exit"; 2.1 no. 19."""
    lock = Stubborn()
    condition = Condition(lock)

    def wait() -> None:
        with condition:
            lock.fails = True
            condition.wait(0)

    with pytest.raises(Cancelled):
        wait()
    assert not lock.locked()
    lock.fails = False
    with condition:
        assert lock.locked()
    assert not lock.locked()


# -- who comes in, and who leaves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("raises", [False, True])
def test_an_async_block_outside_of_a_library(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch, raises: bool
) -> None:
    """Entering it is refused; and nothing is released that belongs to another."""

    def nobody() -> None:
        raise RuntimeError("no running event loop")

    if raises:  # as asyncio does
        for name in "quick_task", "outer_task":
            monkeypatch.setattr(worlds, name, nobody)
    condition: Any = Condition()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        condition.__aenter__().send(None)
    holder = world.spawn(condition.__aenter__()).step()
    assert holder.is_done
    with pytest.raises(RuntimeError):
        condition.__aexit__(None, None, None)
    assert condition
    monkeypatch.undo()
    with world.runs(holder):
        condition.__aexit__(None, None, None)
    assert not condition
    assert condition.lock.owner is None


def test_a_new_thread_leaves_a_block_that_is_not_its_own(crew: Crew) -> None:
    condition = Condition()
    with condition:
        crew.run(condition.__exit__, None, None, None)
        assert condition
    assert not condition


def test_a_block_does_not_overtake_who_is_about_to_have_the_lock(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waits for the lock.   B has the queue's turn, and stops.   C releases the lock: it is for A, and not for D."""

    def park(_timeout: float | None) -> bool:
        raise Cancelled

    condition: Any = Condition()
    condition.__enter__()
    first = world.spawn(condition.__aenter__()).step()
    queue: Any = condition.lock._queue
    del queue.turn[0]
    condition.__exit__(None, None, None)
    with monkeypatch.context() as patch:
        patch.setattr(
            "aiologic._runtime.threads.ThreadWaiter.park", lambda _, t: park(t)
        )
        with pytest.raises(Cancelled):
            condition.__enter__()
        second = world.spawn(condition.__aenter__()).step()
        assert not second.is_done
    queue.turn.append(None)
    condition.lock._settle()
    for task in first, second:
        assert task.step().is_done
        with world.runs(task):
            condition.__aexit__(None, None, None)
    assert not condition


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_a_green_block_lets_others_run_once_where_checkpoints_are_on(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[None] = []
    thread = type(worlds.green_backend())
    monkeypatch.setattr(thread, "checkpoint", staticmethod(lambda: made.append(None)))
    condition = Condition(make())
    with condition:
        pass
    assert not made
    with enable_checkpoints(), condition:
        pass
    assert len(made) == (condition.lock is not None)
