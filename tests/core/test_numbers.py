# SPDX-License-Identifier: ISC
"""Integers that are no ``int``, such as those of numpy, count as the number that they represent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


class Integer:
    """Like the integers of numpy: not an ``int``, but convertible. It can't even be compared."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __index__(self) -> int:
        return self.number


ZERO: Any = Integer(0)
ONE: Any = Integer(1)
TWO: Any = Integer(2)


def state_of(primitive: Any) -> str:
    """All that it shows except its address: its class, its arguments, and its state."""
    before, _, after = repr(primitive).partition(" at ")
    return before + after.partition(" ")[2]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (aiologic.CountdownEvent(TWO), aiologic.CountdownEvent(2)),
        (aiologic.Latch(TWO), aiologic.Latch(2)),
        (aiologic.Barrier(TWO), aiologic.Barrier(2)),
        (aiologic.RBarrier(TWO), aiologic.RBarrier(2)),
        (aiologic.Semaphore(TWO), aiologic.Semaphore(2)),
        (aiologic.Semaphore(ZERO, ONE), aiologic.Semaphore(0, 1)),
        (aiologic.BoundedSemaphore(ONE), aiologic.BoundedSemaphore(1)),
        (aiologic.BoundedSemaphore(ONE, TWO), aiologic.BoundedSemaphore(1, 2)),
        (aiologic.BinarySemaphore(ZERO), aiologic.BinarySemaphore(0)),
        (aiologic.CapacityLimiter(TWO), aiologic.CapacityLimiter(2)),
        (aiologic.RCapacityLimiter(TWO), aiologic.RCapacityLimiter(2)),
        (aiologic.Queue(maxsize=TWO), aiologic.Queue(maxsize=2)),
    ],
    ids=state_of,
)
def test_it_is_made_with_one(made: Any, expected: Any) -> None:
    assert state_of(made) == state_of(expected)
    assert all(type(value) is int for value in made.__getnewargs__())


def release_of_two(semaphore: aiologic.Semaphore) -> str:
    semaphore.release(TWO)
    return state_of(semaphore)


def up_by_two() -> str:
    event = aiologic.CountdownEvent()
    event.up(TWO)
    return state_of(event)


def twice_and_once(lock: aiologic.RLock | aiologic.RCapacityLimiter) -> int:
    lock.green_acquire(TWO)
    lock.green_acquire()
    lock.green_release(TWO)
    return lock.green_count()


def notified_of_none() -> int:
    condition = aiologic.Condition()
    with condition:
        return condition.notify(TWO)


def gotten() -> list[int]:
    return aiologic.Queue([1, 2, 3]).green_get_many(TWO)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            lambda: release_of_two(aiologic.Semaphore(0)),
            "<aiologic.Semaphore(0)[value=2]>",
        ),
        (
            lambda: release_of_two(aiologic.BoundedSemaphore(0, 2)),
            "<aiologic.BoundedSemaphore(0, max_value=2)[value=2]>",
        ),
        (up_by_two, "<aiologic.CountdownEvent()[value=2, waiting=0]>"),
        (lambda: twice_and_once(aiologic.RLock()), 1),
        (lambda: twice_and_once(aiologic.RCapacityLimiter()), 1),
        (notified_of_none, 0),
        (gotten, [1, 2]),
    ],
)
def test_it_is_called_with_one(call: Callable[[], object], expected: object) -> None:
    assert call() == expected


def test_what_it_raises_itself_is_raised() -> None:
    class Broken:
        def __index__(self) -> int:
            raise KeyError

    broken: Any = Broken()
    with pytest.raises(KeyError):
        aiologic.Semaphore(broken)
