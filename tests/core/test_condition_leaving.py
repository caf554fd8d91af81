# SPDX-License-Identifier: ISC
"""Waits for a condition that end early: with the lock, and the notification goes to the next (contract 1.3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import Condition
from aiologic._condition_leaving import ConditionLeaving

from .conditions import Waiting, each_kind, each_mixed, is_free, is_unlocked, notify
from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .hand_driven import HandWorld


@each_kind
def test_time_is_up(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: False on time-out, and the lock is there."""
    condition = Condition(make())
    waiting = Waiting(world, condition, timeout=5)
    assert waiting.task.timeout == 5
    assert waiting.task.time_out().result is False
    assert (condition.waiting, world.run(notify(condition))) == (0, 0)
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("timeout", [-1, float("nan")])
def test_bad_time_outs(
    make: Callable[[], Any], world: HandWorld, timeout: float
) -> None:
    condition = Condition(make())
    with condition:
        with pytest.raises(ValueError, match="timeout must be non-"):
            condition.wait(timeout)
        with pytest.raises(ValueError, match="timeout must be non-"):
            condition.wait_for(lambda: True, timeout)
    with pytest.raises(ValueError, match="timeout must be non-"):
        world.run(condition.with_(timeout))
    with pytest.raises(ValueError, match="timeout must be non-"):
        world.run(condition.for_(lambda: True, timeout))


@each_mixed
def test_time_is_up_while_another_has_the_lock(
    make: Callable[[], Any], world: HandWorld
) -> None:
    condition = Condition(make())
    waiting = Waiting(world, condition, timeout=5)
    condition.__enter__()
    waiting.task.time_out()
    assert condition.lock.waiting == 1
    assert waiting.task.timeout is None
    condition.__exit__(None, None, None)
    assert waiting.task.step().result is False


@each_mixed
def test_time_is_up_after_the_notification(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6: time keeps running until the task has the lock; the notification goes to the next."""
    condition = Condition(make())
    hasty = Waiting(world, condition, timeout=5)
    patient = Waiting(world, condition)
    condition.__enter__()
    assert condition.notify() == 1
    hasty.task.time_out()
    condition.__exit__(None, None, None)
    assert hasty.task.step().result is False
    assert patient.task.is_woken
    assert patient.task.step().result is True
    assert is_free(condition.lock)


@each_mixed
def test_the_lock_comes_in_the_moment_in_which_time_is_up(
    make: Callable[[], Any], world: HandWorld
) -> None:
    condition = Condition(make())
    waiting = Waiting(world, condition, timeout=5)
    assert world.run(notify(condition)) == 1
    assert waiting.task.is_woken
    assert waiting.task.time_out().result is True


@each_kind
def test_cancelled(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: a cancelled task has the lock again; D1 is about cases in which it had not."""
    condition = Condition(make())
    waiting = Waiting(world, condition)
    with pytest.raises(Cancelled):
        waiting.task.cancel(Cancelled())
    assert waiting.log == ["inside", "Cancelled"]
    assert (condition.waiting, world.run(notify(condition))) == (0, 0)
    assert is_unlocked(condition)


@each_mixed
def test_cancelled_while_another_has_the_lock(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6: it waits for the lock, and raises after that."""
    condition = Condition(make())
    waiting = Waiting(world, condition)
    condition.__enter__()
    waiting.task.cancel(Cancelled())
    assert condition.lock.waiting == 1
    condition.__exit__(None, None, None)
    with pytest.raises(Cancelled):
        waiting.task.step()
    assert is_free(condition.lock)


@each_mixed
@pytest.mark.parametrize("way", ["await", "with_", "for_"])
def test_cancelled_again_while_another_has_the_lock(
    make: Callable[[], Any], world: HandWorld, way: str
) -> None:
    """In a library whose shields hold nothing back: it has left without the lock, which belongs to the other task."""
    condition = Condition(make())

    async def wait() -> None:
        async with condition:
            if way == "await":
                await condition
            elif way == "with_":
                await condition.with_(5)
            else:
                await condition.for_(lambda: False)

    task = world.spawn(wait()).step()
    condition.__enter__()
    task.cancel(Cancelled())
    before = repr(condition.lock)
    assert condition.lock.waiting == 1
    waiter: Any = task._at
    task.cancel_quietly(Cancelled())
    assert waiter.source is None
    assert condition.lock.waiting == 0
    assert not is_free(condition.lock)
    assert (
        before.partition("waiting")[0] == repr(condition.lock).partition("waiting")[0]
    )
    condition.__exit__(None, None, None)
    assert is_free(condition.lock)


@each_kind
def test_notified_and_cancelled(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: the notification goes to the next, for each kind of lock."""
    condition = Condition(make())
    unlucky, next_one, last = (Waiting(world, condition) for _ in range(3))
    assert world.run(notify(condition)) == 1
    assert unlucky.task.is_woken
    with pytest.raises(Cancelled):
        unlucky.task.cancel(Cancelled())
    assert next_one.task.is_woken
    assert next_one.task.step().result is True
    assert not last.task.is_woken
    assert world.run(notify(condition)) == 1
    assert last.task.step().result is True
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("woken", {}),
        ("woken", {"timeout": 5}),
        ("time is up", {"timeout": 5}),
        ("cancelled", {}),
        ("cancelled", {"timeout": 5}),
    ],
    ids=lambda value: value if isinstance(value, str) else "".join(value),
)
def test_a_wait_that_is_over_can_not_be_lost(
    make: Callable[[], Any], world: HandWorld, end: str, how: Any
) -> None:
    """If a loop is closed later on, its waiters are reported as lost: nobody else is notified because of that."""
    condition = Condition(make())
    waiting, other = Waiting(world, condition, **how), Waiting(world, condition)
    waiter: Any = waiting.task._at
    if end == "woken":
        assert world.run(notify(condition)) == 1
        assert waiting.task.step().result is True
    elif end == "time is up":
        assert waiting.task.time_out().result is False
    else:
        waiting.task.cancel_quietly(Cancelled())
    assert waiter.source is None
    waiter.lost()
    assert not other.task.is_woken
    assert condition.waiting == 1
    assert is_unlocked(condition)
    other.task.cancel_quietly(Cancelled())


@each_mixed
def test_moved_and_cancelled(make: Callable[[], Any], world: HandWorld) -> None:
    condition = Condition(make())
    unlucky, next_one = Waiting(world, condition), Waiting(world, condition)
    condition.__enter__()
    assert condition.notify() == 1
    unlucky.task.cancel(Cancelled())
    assert condition.lock.waiting == 1
    condition.__exit__(None, None, None)
    with pytest.raises(Cancelled):
        unlucky.task.step()
    assert next_one.task.step().result is True
    assert is_free(condition.lock)


async def _waits_in_a_block(condition: Any) -> None:
    async with condition:
        await condition


@each_kind
@pytest.mark.parametrize("is_notified", [False, True])
def test_closed(make: Callable[[], Any], world: HandWorld, is_notified: bool) -> None:
    """A coroutine that is closed can't wait for the lock: it leaves without it, and passes on what it was given."""
    condition = Condition(make())
    closed = world.spawn(_waits_in_a_block(condition)).step()
    next_one = Waiting(world, condition)
    if is_notified:
        assert world.run(notify(condition)) == 1
        assert closed.is_woken
    with world.runs(closed):
        closed.coroutine.close()
    if not is_notified:
        assert condition.waiting == 1
        assert world.run(notify(condition)) == 1
    assert next_one.task.is_woken
    assert next_one.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_lost(make: Callable[[], Any], world: HandWorld) -> None:
    """Its loop was closed before it could run: lock and notification go to the next, once."""
    condition = Condition(make())
    lost = world.spawn(_waits_in_a_block(condition)).step()
    next_one, last = Waiting(world, condition), Waiting(world, condition)
    assert world.run(notify(condition)) == 1
    assert lost.is_woken
    lost._at.lost()  # type: ignore[attr-defined]
    assert next_one.task.step().result is True
    lost.coroutine.close()
    assert not last.task.is_woken
    assert world.run(notify(condition)) == 1
    assert last.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_closed_while_it_is_lost(
    make: Callable[[], Any], world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its loop was closed, its coroutine is being closed, and another thread reports it as lost: one gives back the lock."""
    condition = Condition(make())
    closed = world.spawn(_waits_in_a_block(condition)).step()
    next_one, last = Waiting(world, condition), Waiting(world, condition)
    assert world.run(notify(condition)) == 1
    take_back = ConditionLeaving._take_back
    given_back: list[object] = []

    def report_first(condition: Any, waiter: Any) -> None:
        # What the other thread does in the moment before the coroutine passes on what it was given.
        monkeypatch.setattr(ConditionLeaving, "_take_back", count)
        waiter.lost()
        count(condition, waiter)

    def count(condition: Any, waiter: Any) -> None:
        given_back.append(waiter)
        take_back(condition, waiter)

    monkeypatch.setattr(ConditionLeaving, "_take_back", report_first)
    with world.runs(closed):
        closed.coroutine.close()
    assert len(given_back) == 1
    assert next_one.task.step().result is True
    assert not last.task.is_woken
    assert world.run(notify(condition)) == 1
    assert last.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_many_leave(make: Callable[[], Any], world: HandWorld) -> None:
    """Those that have left are swept out of the queue."""
    condition = Condition(make())
    tasks = [Waiting(world, condition, timeout=1) for _ in range(100)]
    stays = Waiting(world, condition)
    for waiting in tasks:
        assert waiting.task.time_out().result is False
    assert condition.waiting == 1
    assert len(condition._queue or ()) < 60
    assert world.run(notify(condition)) == 1
    assert stays.task.step().result is True
