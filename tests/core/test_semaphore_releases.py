# SPDX-License-Identifier: ISC
"""A release of a semaphore: how many permits it gives, and which tasks it wakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import BoundedSemaphore, Semaphore
from aiologic._semaphore_values import LARGEST_RELEASE

from .hand_driven import Cancelled
from .semaphores import SubBounded

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


def test_released_more_often_it_has_more_permits(caller: Caller) -> None:
    semaphore = Semaphore(1)
    caller.release(semaphore)
    caller.release(semaphore, 5)
    semaphore.release(count=3)
    assert semaphore.value == 10
    assert semaphore.initial_value == 1


@pytest.mark.parametrize("value", [0, 2])
def test_a_release_of_none_does_nothing(caller: Caller, value: int) -> None:
    """Contract 1.3.3: 0 is a no-op."""
    for semaphore in Semaphore(value), SubBounded(value):
        caller.release(semaphore, 0)
        assert semaphore.value == value


@pytest.mark.parametrize("make", [lambda: Semaphore(0), lambda: SubBounded(0, 5)])
def test_a_negative_release_is_refused(make: Any, world: HandWorld) -> None:
    """D11: it woke all who waited, and gave them permits that did not exist."""
    semaphore = make()
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(3)]

    for release in semaphore.release, semaphore.async_release, semaphore.green_release:
        with pytest.raises(ValueError, match="count must be >= 0, got -1"):
            release(-1)
        with pytest.raises(TypeError, match="count must be an integer, got 1\\.5"):
            release(1.5)

    assert not any(task.is_woken for task in tasks)
    assert (semaphore.value, semaphore.waiting) == (0, 3)
    for task in tasks:
        task.coroutine.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Semaphore(0),
        lambda: Semaphore(10**9),
        lambda: BoundedSemaphore(0, 9**99),
    ],
)
@pytest.mark.parametrize("count", [LARGEST_RELEASE + 1, 3 * 10**7, 10**17, 10**20])
def test_more_than_memory_should_hold_is_refused(make: Any, count: int) -> None:
    """Each released permit is an item: so many took 480 MB, or failed with words about memory and indices."""
    semaphore = make()
    before = semaphore.value

    for release in semaphore.release, semaphore.async_release, semaphore.green_release:
        with pytest.raises(ValueError, match=f"count must be <= 1000000, got {count}"):
            release(count)
    assert semaphore.value == before


def test_a_million_at_once() -> None:
    semaphore = Semaphore(0)
    semaphore.release(LARGEST_RELEASE)
    semaphore.release(LARGEST_RELEASE)
    assert semaphore.value == 2 * LARGEST_RELEASE == 2_000_000


@pytest.mark.parametrize("make", [lambda: Semaphore(0), lambda: SubBounded(0, 7)])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_release_of_several_wakes_as_many_in_order(
    make: Any, world: HandWorld, count: int
) -> None:
    """Contract 1.3.3: the remainder is added to the value."""
    semaphore = make()
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(3)]

    semaphore.release(count)

    assert [task.is_woken for task in tasks] == [n < count for n in range(3)]
    assert semaphore.value == max(0, count - 3)
    assert semaphore.waiting == max(0, 3 - count)
    semaphore.release(2)
    assert [task.step().result for task in tasks] == [True] * 3
    assert semaphore.value == count + 2 - 3


def test_a_release_of_several_wakes_whatever_waits(
    world: HandWorld, crew: Crew
) -> None:
    semaphore = Semaphore(0)
    before = world.spawn(semaphore.async_acquire()).step()
    thread = crew.start(semaphore.green_acquire)
    crew.wait_for_waiters(semaphore, 2)
    after = world.spawn(semaphore.async_acquire()).step()

    semaphore.release(3)

    assert thread.result() is True
    assert before.step().result is True
    assert after.step().result is True


def test_who_gave_up_gets_none_of_several(world: HandWorld) -> None:
    semaphore = Semaphore(0)
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(5)]
    for leaver in 0, 2, 3:
        with pytest.raises(Cancelled):
            tasks[leaver].cancel(Cancelled())

    semaphore.release(4)

    assert tasks[1].step().result is True
    assert tasks[4].step().result is True
    assert semaphore.value == 2
    assert not semaphore._queue


def test_a_newcomer_does_not_take_what_several_were_released_for(
    world: HandWorld,
) -> None:
    semaphore = Semaphore(0)
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(2)]
    semaphore.release(2)
    assert semaphore.green_acquire(blocking=False) is False
    for task in tasks:
        task.step()


@pytest.mark.usefixtures("tiny_switch_interval")
def test_no_permit_is_lost_or_found(crew: Crew) -> None:
    semaphore = Semaphore(0)

    def release() -> None:
        for count in range(60):
            semaphore.release(count % 4)

    def acquire() -> None:
        for number in range(90):
            if number % 3:
                assert semaphore.green_acquire(timeout=20)
            else:
                with semaphore:
                    pass

    crew.race(release, acquire, release, acquire)

    assert semaphore.value == 2 * sum(n % 4 for n in range(60)) - 2 * 60
    assert semaphore.waiting == 0
