# SPDX-License-Identifier: ISC
"""Conditions whose waits and notifications are interrupted by handlers, and a check of their state afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic.lowlevel import async_checkpoint

from .raising import Places, heard

if TYPE_CHECKING:
    from collections.abc import Callable

    from .hand_driven import HandTask

MAKERS: dict[str, Callable[[], Any]] = {
    "default": aiologic.Condition,
    "RLock": lambda: aiologic.Condition(aiologic.RLock(), timer=lambda: 0),
    "Lock": lambda: aiologic.Condition(aiologic.Lock()),
    "BinarySemaphore": lambda: aiologic.Condition(aiologic.BinarySemaphore()),
    "none": lambda: aiologic.Condition(None),
}

WITH_A_LOCK = {kind: make for kind, make in MAKERS.items() if kind != "none"}
WITH_A_BOUND = {
    "BoundedBinarySemaphore": lambda: aiologic.Condition(
        aiologic.BoundedBinarySemaphore()
    )
}


def made_in(ways: dict[str, Callable[[], Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("make", list(ways.values()), ids=list(ways))


made_in_each_way = made_in(MAKERS)
with_a_lock = made_in(WITH_A_LOCK)
with_a_lock_of_any_bound = made_in({**WITH_A_LOCK, **WITH_A_BOUND})
with_or_without_a_lock_of_any_bound = made_in({**MAKERS, **WITH_A_BOUND})


async def waited_for(
    condition: Any,
    timeout: float | None = None,
    interruption: Places | None = None,
    holds: bool = False,
    has_predicate: bool = False,
) -> bool:
    async with condition:
        if holds:
            await async_checkpoint(force=True)
        if has_predicate:
            awaited = condition.for_(true_from_the_second_time_on(), timeout)
        else:
            awaited = condition if timeout is None else condition.with_(timeout)
        if interruption is None:
            woken: bool = await awaited
        else:
            try:
                with interruption.only_here():
                    woken = await awaited
            finally:
                interruption.end()
        return woken


def true_from_the_second_time_on() -> Callable[[], bool]:
    """A predicate that is false once, so that it is waited for, and then true."""
    values = iter([False])
    return lambda: next(values, True)


async def left_notified(condition: Any) -> int:
    async with condition:
        count: int = condition.notify()
        return count


def notified(condition: Any, interruption: Places | None = None) -> object:
    """Notify one task; return the result, or the exception."""
    with condition:
        if interruption is None:
            return condition.notify()
        return heard(interruption, condition.notify)


def is_in_order(condition: Any) -> bool:
    """Check that no task has the lock, or waits, and that the turns are in their places."""
    lock = condition.lock
    queues = [condition._queue, getattr(lock, "_queue", None)]
    assert condition.waiting == 0
    assert not condition
    for queue in queues:
        if queue is not None:
            assert not [waiter for waiter in queue if waiter]
            assert (queue.turn, queue.grants) == ([None], [])
    return True


def goes_on(task: HandTask) -> object:
    assert task.is_woken
    return task.step().result
