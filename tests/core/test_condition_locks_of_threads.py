# SPDX-License-Identifier: ISC
"""Conditions with locks of threads: a task that waits for one blocks its thread, with all tasks that run there.

So a task that has it must not let others of its thread run meanwhile: the next
of them that wants it would stop the thread for ever, or come in as well if the
lock belongs to the thread.
"""

from __future__ import annotations

import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition
from aiologic._condition_kind import KindOfOwnerless
from aiologic.exceptions import GreenLibraryNotFoundError
from aiologic.lowlevel import (
    create_thread_oncelock,
    current_green_library_tlocal,
    enable_checkpoints,
)

from .conditions import each_thread_lock
from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .hand_driven import HandTask, HandWorld


def is_taken(lock: Any) -> bool:
    """Whether any thread has it, this one included."""
    # Tested from another thread, because an RLock lets its own thread in.
    taken: list[bool] = []

    def look() -> None:
        got = lock.acquire(False)
        taken.append(not got)
        if got:
            lock.release()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return taken[0]


# -- checkpoints -----------------------------------------------------------------------------------------------------


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A look that is taken whenever a green call lets other tasks run; returns what was seen."""
    looks: list[Any] = []
    monkeypatch.setattr(
        "aiologic._runtime.threads.ThreadBackend.checkpoint",
        lambda _: looks.append(looks[0]()),
    )
    return looks


@pytest.mark.usefixtures("checkpoints_restored")
@each_thread_lock
def test_tasks_of_one_thread_come_in_one_after_the_other(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Each lets other tasks run before it takes the lock."""
    lock = make()
    condition = Condition(lock)
    inside: list[int] = []

    @enable_checkpoints
    async def enter(number: int) -> None:
        async with condition:
            inside.append(number)
            assert is_taken(lock)

    tasks: list[HandTask] = []
    for number in range(2):
        tasks.append(world.spawn(enter(number)).step())
        assert tasks[number].checkpoints == 1
        assert not is_taken(lock)
    for task in tasks:
        assert task.step().is_done
    assert inside == [0, 1]
    assert not is_taken(lock)


@pytest.mark.usefixtures("checkpoints_restored")
@each_thread_lock
def test_cancelled_at_its_checkpoint_it_has_nothing(
    make: Callable[[], Any], world: HandWorld
) -> None:
    lock = make()
    condition = Condition(lock)

    @enable_checkpoints
    async def enter() -> None:
        async with condition:
            raise AssertionError("it came in")

    task = world.spawn(enter()).step()
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert not is_taken(lock)
    with condition:
        assert is_taken(lock)
    assert not is_taken(lock)


@pytest.mark.usefixtures("checkpoints_restored")
@each_thread_lock
def test_green_tasks_let_others_run_before_they_take_it(
    make: Callable[[], Any], seen: list[Any]
) -> None:
    lock = make()
    condition = Condition(lock)
    seen.append(lambda: is_taken(lock))
    with enable_checkpoints():
        with condition:
            assert condition.wait_for(lambda: True)
        assert seen[1:] == [False]
    assert not is_taken(lock)


@pytest.mark.usefixtures("checkpoints_restored")
def test_a_reentry_lets_nobody_run(world: HandWorld) -> None:
    condition = Condition(threading.RLock())

    @enable_checkpoints
    async def enter_twice() -> None:
        async with condition, condition:
            pass

    task = world.spawn(enter_twice()).step()
    assert task.step().is_done
    assert task.checkpoints == 1


@pytest.mark.usefixtures("checkpoints_restored")
def test_a_green_reentry_lets_nobody_run(seen: list[Any]) -> None:
    lock = threading.RLock()
    condition = Condition(lock)
    seen.append(lambda: is_taken(lock))
    with enable_checkpoints(), condition, condition:
        pass
    assert seen[1:] == [False]


@pytest.mark.usefixtures("checkpoints_restored")
@each_thread_lock
def test_who_finds_it_true_lets_nobody_run(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Three such tasks on trio stopped its loop."""
    lock = make()
    condition = Condition(lock)

    @enable_checkpoints
    async def until_true() -> int:
        async with condition:
            return await condition.for_(lambda: 1)

    tasks: list[HandTask] = []
    for _ in range(3):
        tasks.append(world.spawn(until_true()).step())
        assert not is_taken(lock)
    for task in tasks:
        assert task.step().result == 1
        assert task.checkpoints == 1


@pytest.mark.usefixtures("checkpoints_restored")
@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.BinarySemaphore])
def test_over_locks_of_ours_it_is_a_checkpoint(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """The others wait as tasks do."""
    condition = Condition(make())

    @enable_checkpoints
    async def until_true() -> int:
        async with condition:
            return await condition.for_(lambda: 1)

    task = world.spawn(until_true()).step().step().step()
    assert (task.result, task.checkpoints) == (1, 2)


# -- who enters ------------------------------------------------------------------------------------------------------


@each_thread_lock
def test_who_can_not_be_told_takes_nothing(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its library has no backend: the block is not entered, and the lock stays free."""
    # Without greenlets, no library is asked.
    monkeypatch.setitem(sys.modules, "greenlet", ModuleType("greenlet"))
    lock = make()
    condition = Condition(lock)
    current_green_library_tlocal.name = "robot"
    try:
        with pytest.raises(GreenLibraryNotFoundError):
            condition.__enter__()
    finally:
        current_green_library_tlocal.name = None
    assert not is_taken(lock)


# -- once-locks ------------------------------------------------------------------------------------------------------


async def wait(condition: Any) -> bool:
    async with condition:
        woken: bool = await condition
        return woken


async def until(condition: Any, *args: Any) -> Any:
    async with condition:
        return await condition.for_(*args)


def test_a_once_lock_opens_with_the_first_wait(world: HandWorld) -> None:
    """Then everybody has it, also to notify; when nobody had it, those who waited slept for ever."""
    lock = create_thread_oncelock()
    condition = Condition(lock)
    tasks: list[HandTask] = [world.spawn(wait(condition)).step() for _ in range(3)]
    assert condition.waiting == 3
    assert not condition

    with condition:
        assert condition.notify() == 1
    assert tasks[0].step().result is True
    assert condition.notify_all() == 2
    assert [task.step().result for task in tasks[1:]] == [True, True]
    assert condition.wait(0) is False


def test_a_once_lock_that_nobody_has_taken() -> None:
    lock = create_thread_oncelock()
    condition = Condition(lock)
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        condition.wait(0)
    with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
        condition.notify()


def test_to_look_at_a_once_lock_does_not_open_it() -> None:
    lock = create_thread_oncelock()
    condition = Condition(lock)
    assert not condition
    assert condition.statistics().value == 1
    with condition:
        assert condition
        assert condition.statistics().value == 0
        assert lock.locked()
    assert not condition


def test_an_open_once_lock_protects_no_predicate(world: HandWorld) -> None:
    """As without a lock, each task evaluates its own, and passes on what is not for it."""
    condition = Condition(create_thread_oncelock())
    callers: list[Any] = []
    values: list[int] = []

    def predicate() -> bool:
        callers.append(world.current_task())
        return len(values) > 1

    first = world.spawn(until(condition, predicate)).step()
    second = world.spawn(until(condition, lambda: values)).step()
    values.append(1)
    assert condition.notify() == 1
    assert not first.step().is_done
    assert second.step().result is values
    assert callers == [first, first]
    values.append(2)
    assert condition.notify() == 1
    assert first.step().result is True


def test_a_block_that_is_interrupted_as_it_counts_itself_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A handler runs when the lock has been acquired already: it is released."""

    def interrupted(*_: object) -> None:
        raise Cancelled

    lock = threading.Lock()
    condition = Condition(lock)
    monkeypatch.setattr(KindOfOwnerless, "_count_in", interrupted)
    with pytest.raises(Cancelled):
        condition.__enter__()
    assert not lock.locked()


def test_a_block_whose_reentrant_lock_was_released_inside() -> None:
    """Contract 1.3.6, row "exit": it releases only what the thread has."""
    lock = threading.RLock()
    with Condition(lock):
        lock.release()
    assert lock.acquire(blocking=False)
    lock.release()
