# SPDX-License-Identifier: ISC
"""A notification of a condition: who may make it, how many it wakes, and which (contract 1.3.6)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, List

import aiologic
import pytest
from aiologic import Condition
from aiologic._notifying import serve

from .conditions import Waiting, each_kind, each_lock, is_unlocked, notify

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


@each_kind
def test_notified(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: True if notified; the number of notified; first in, first out."""
    condition = Condition(make())
    tasks = [Waiting(world, condition) for _ in range(4)]
    assert condition.waiting == 4
    assert is_unlocked(condition)

    assert world.run(notify(condition, 0)) == 0
    assert world.run(notify(condition)) == 1
    assert condition.waiting == 3
    assert [waiting.task.is_woken for waiting in tasks] == [True, False, False, False]
    assert tasks[0].task.step().result is True

    assert world.run(notify(condition, 2)) == 2
    for waiting in tasks[1:3]:
        assert waiting.task.step().result is True
    assert world.run(notify(condition, 5)) == 1
    assert tasks[3].task.step().result is True
    assert world.run(notify(condition)) == 0
    assert condition.waiting == 0
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("count", [-1, -5])
def test_all_notified(make: Callable[[], Any], world: HandWorld, count: int) -> None:
    """Contract 1.3.6: negative = all."""
    condition = Condition(make())
    tasks = [Waiting(world, condition) for _ in range(3)]
    assert world.run(notify(condition, count)) == 3
    for waiting in tasks:
        assert waiting.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_threads_notified(make: Callable[[], Any], crew: Crew) -> None:
    condition = Condition(make())

    def wait() -> bool:
        with condition:
            return condition.wait(20)

    waiting = [crew.start(wait) for _ in range(3)]
    crew.wait_for_waiters(condition, 3)
    with condition:
        assert condition.notify_all() == 3
    assert [member.result() for member in waiting] == [True] * 3
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("count", ["1", 1.0])
def test_what_count_must_be(
    make: Callable[[], Any], world: HandWorld, count: Any
) -> None:
    condition: Any = Condition(make())
    waiting = Waiting(world, condition)
    with pytest.raises(TypeError, match="count must be an integer"):
        world.run(notify(condition, count))
    assert not waiting.task.is_woken
    assert condition.waiting == 1
    assert world.run(notify(condition)) == 1
    assert waiting.task.step().result is True


@each_kind
@pytest.mark.parametrize(
    ("count", "notified"), [(0, 0), (1, 1), (2, 2), (5, 2), (-1, 2)]
)
def test_a_notification_while_another_is_at_the_queue(
    make: Callable[[], Any], world: HandWorld, count: int, notified: int
) -> None:
    """The work is left to the other, which looks again; and it is not for tasks that have come since."""
    condition = Condition(make())
    early = [Waiting(world, condition) for _ in range(2)]
    turn = condition._queue.turn  # type: ignore[union-attr]
    del turn[0]
    assert world.run(notify(condition, count)) == notified
    late = Waiting(world, condition)
    assert condition.waiting == 3
    turn.append(None)
    serve(condition, condition._queue)  # type: ignore[arg-type]  # somebody has waited
    assert not late.task.is_woken
    for waiting in early[:notified]:
        assert waiting.task.step().result is True
    assert world.run(notify(condition, -1)) == 3 - notified
    for waiting in (*early[notified:], late):
        assert waiting.task.step().result is True


def test_another_notifies_the_last_one_first(world: HandWorld) -> None:
    """A coroutine that is closed needs no lock to pass its notification on, and may be the first to take the turn."""
    condition = Condition()

    async def wait_in_a_block() -> None:
        async with condition:
            await condition

    closed = world.spawn(wait_in_a_block()).step()
    last = Waiting(world, condition)
    queue: Any = condition._queue

    class ClosedBeforeItIsTaken(List[None]):
        def __delitem__(self, index: Any) -> None:
            # What another thread does when this one has found somebody in the queue.
            queue.turn = [None]
            with world.runs(closed):
                closed.coroutine.close()

    with condition:
        assert condition.notify() == 1
        queue.turn = ClosedBeforeItIsTaken()
        assert condition.notify() == 0
    assert last.task.step().result is True


def test_the_timer_decides_who_is_old_enough(world: HandWorld) -> None:
    """Contract 1.3.6: stamps and deadlines."""
    now = [0]
    condition = Condition(None, lambda: now[0])
    tasks = []
    for now[0] in (1, 2, 3):
        tasks.append(Waiting(world, condition))

    assert condition.notify_all(deadline=0) == 0
    assert condition.notify_all(deadline=2) == 2
    assert [waiting.task.is_woken for waiting in tasks] == [True, True, False]
    now[0] = 2
    assert condition.notify() == 0
    now[0] = 3
    assert condition.notify() == 1
    for waiting in tasks:
        assert waiting.task.step().result is True


def test_deadlines_of_the_default_timer(world: HandWorld) -> None:
    condition = Condition(None)
    old = Waiting(world, condition)
    deadline = condition.timer()
    new = Waiting(world, condition)
    assert condition.notify_all(deadline=deadline) == 1
    assert old.task.is_woken
    assert not new.task.is_woken
    assert condition.notify_all() == 1
    for waiting in (old, new):
        assert waiting.task.step().result is True


def test_a_timer_that_fails(world: HandWorld) -> None:
    """It fails its caller; nobody is forgotten."""
    times: list[Any] = [1, 2]
    condition = Condition(None, lambda: times.pop(0))
    task = Waiting(world, condition)
    times.clear()
    with pytest.raises(IndexError):
        condition.notify()
    with pytest.raises(IndexError):
        condition.wait(0)
    assert condition.waiting == 1
    times.append(5)
    assert condition.notify() == 1
    assert task.task.step().result is True


def test_who_waits_again_is_not_notified_again(world: HandWorld) -> None:
    """2.1 no. 3: only waiters that are older than the notification wake."""
    condition = Condition(None)

    async def wait_twice() -> None:
        await condition
        await condition

    task = world.spawn(wait_twice()).step()
    assert condition.notify_all() == 1
    task.step()
    assert not task.is_woken
    assert condition.waiting == 1
    assert condition.notify_all() == 1
    assert task.step().is_done


# -- without the lock ------------------------------------------------------------------------------------------------


@each_lock
def test_without_the_lock(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6, errors; D6: thread locks were not checked."""
    condition = Condition(make())
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        condition.wait()
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        condition.wait_for(lambda: True)
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        world.run(condition.with_())
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        world.run(condition.for_(lambda: True))
    with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
        condition.notify()
    with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
        condition.notify_all()
    assert condition.waiting == 0
    assert is_unlocked(condition)


@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.RLock, threading.RLock])
def test_with_somebody_elses_lock(
    make: Callable[[], Any], world: HandWorld, crew: Crew
) -> None:
    """D6: notify() was accepted while another task had the lock."""
    condition = Condition(make())

    def intrude() -> None:
        with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
            condition.notify()
        with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
            condition.wait()

    with condition:
        crew.run(intrude)
        if make is not threading.RLock:  # whose owner is the thread
            with pytest.raises(RuntimeError, match="cannot wait on un-acquired"):
                world.run(condition.with_())


@pytest.mark.parametrize(
    "make", [aiologic.BinarySemaphore, threading.Lock], ids=["semaphore", "lock"]
)
def test_nobodys_lock_needs_only_be_taken(make: Callable[[], Any], crew: Crew) -> None:
    """Contract 1.3.6: "by anyone"."""
    condition = Condition(make())
    with condition:
        assert crew.run(condition.notify) == 0
