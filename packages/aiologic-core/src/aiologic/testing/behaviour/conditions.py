# SPDX-License-Identifier: ISC
"""Conditions: every wait ends with the lock held, and a notification is not lost with a cancelled task.

If one of these fails: look at duty 6. A wait for a condition is two waits, the second
of them for the lock, which a cancelled task begins while its exception is being
handled: ``park()`` has to work then, and ``World.level_cancellation`` has to say
whether the exception comes again.
"""

from __future__ import annotations

import pytest

import aiologic

from .._stage import CANCELLED, SHORT, Operation, Stage, until
from ..operations import acquire, block, release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._stage import Call

over_each_lock: pytest.MarkDecorator = pytest.mark.parametrize(
    "make",
    [
        aiologic.Lock,
        aiologic.RLock,
        aiologic.BinarySemaphore,
        aiologic.BoundedBinarySemaphore,
    ],
)


class Waits:
    """Waits in a block, and records whether the task had the lock when each wait ended."""

    def __init__(self, condition: aiologic.Condition[Any, Any]) -> None:
        self.condition = condition
        self.had_lock: list[bool] = []

    def wait(self, **how: Any) -> Operation:
        condition = self.condition

        def green() -> bool:
            with condition:
                try:
                    return condition.wait(**how)
                finally:
                    self.look("green_owned")

        async def aio() -> bool:
            async with condition:
                try:
                    return await (condition.with_(**how) if how else condition)
                finally:
                    self.look("async_owned")

        return Operation(f"wait({how or ''})", green, aio)

    def look(self, is_owned: str) -> None:
        lock = self.condition.lock
        taken = getattr(lock, is_owned, lambda: not lock.value)
        self.had_lock.append(taken())


def started(stage: Stage, waits: Waits, **how: Any) -> Call:
    """Start a call, and return when it waits to be notified."""
    count = waits.condition.waiting
    call = stage.actor().starts(waits.wait(**how))
    until(lambda: waits.condition.waiting == count + 1)
    return call


def can_be_taken(lock: Any) -> bool:
    return bool(lock.value) if hasattr(lock, "value") else not lock.locked()


@over_each_lock
def test_a_condition_is_notified(
    stage: Stage, threads: Stage, make: Callable[[], Any]
) -> None:
    condition: aiologic.Condition[Any, Any] = aiologic.Condition(make())
    waits = Waits(condition)
    calls = [started(stage, waits) for _ in range(3)]
    notify = block(condition, condition.notify)  # type: ignore[arg-type]  # it can be entered like a lock

    assert stage.actor().does(notify) == 1
    assert calls[0].result() is True
    assert threads.actor().does(notify) == 1
    assert calls[1].result() is True
    assert not calls[2].is_done
    threads.actor().does(notify)
    assert calls[2].result() is True
    assert waits.had_lock == [True] * 3
    assert can_be_taken(condition.lock)


@over_each_lock
def test_the_time_of_a_wait_for_a_condition_is_up(
    stage: Stage, make: Callable[[], Any]
) -> None:
    condition: aiologic.Condition[Any, Any] = aiologic.Condition(make())
    waits = Waits(condition)
    assert stage.actor().does(waits.wait(timeout=SHORT)) is False
    assert stage.actor().does(waits.wait(timeout=0)) is False
    assert waits.had_lock == [True, True]
    assert condition.waiting == 0
    assert can_be_taken(condition.lock)


@over_each_lock
def test_a_cancelled_wait_for_a_condition_has_the_lock(
    cancelling_stage: Stage, make: Callable[[], Any]
) -> None:
    """D1: there, with checkpoints, the free lock was taken, and released again."""
    waits = Waits(aiologic.Condition(make()))
    call = started(cancelling_stage, waits)
    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED
    assert waits.had_lock == [True]
    assert waits.condition.waiting == 0
    assert can_be_taken(waits.condition.lock)


@over_each_lock
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_wait_for_a_condition_that_is_cancelled_again_has_the_lock(
    cancelling_stage: Stage, threads: Stage, make: Callable[[], Any], times: int
) -> None:
    """D2: there, a second cancellation while the task waited for the lock made it leave without the lock."""
    waits = Waits(aiologic.Condition(make()))
    lock = waits.condition.lock
    call = started(cancelling_stage, waits)
    holder = threads.actor()
    holder.does(acquire(lock))
    for _ in range(times):
        cancelling_stage.inside(call.cancel)
        until(lambda: lock.waiting == 1)
    assert not call.is_done
    holder.does(release(lock))
    assert call.result() == CANCELLED
    assert waits.had_lock == [True]
    assert can_be_taken(lock)


@over_each_lock
def test_a_wait_for_a_condition_that_is_notified_and_cancelled_passes_on(
    cancelling_stage: Stage, threads: Stage, make: Callable[[], Any]
) -> None:
    waits = Waits(aiologic.Condition(make()))
    lock = waits.condition.lock
    victim = started(cancelling_stage, waits)
    next_one = started(cancelling_stage, waits)
    holder = threads.actor()
    notify = Operation("notify", waits.condition.notify, _refuse)
    holder.does(acquire(lock))
    assert holder.does(notify) == 1
    assert lock.waiting == 1
    cancelling_stage.inside(victim.cancel)
    until(lambda: lock.waiting == 1)
    assert not next_one.is_done
    holder.does(release(lock))
    assert victim.result() == CANCELLED
    assert next_one.result() is True
    assert waits.had_lock == [True, True]
    assert can_be_taken(lock)


async def _refuse() -> None:
    raise AssertionError("only threads do this")
