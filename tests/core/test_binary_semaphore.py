# SPDX-License-Identifier: ISC
"""Semaphores with one permit: how they are made, what they count, and who may release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import BinarySemaphore, BoundedBinarySemaphore

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

BOTH = pytest.mark.parametrize("cls", [BinarySemaphore, BoundedBinarySemaphore])


class SubBinary(BinarySemaphore):
    pass


class SubBounded(BoundedBinarySemaphore):
    pass


# -- construction ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [BinarySemaphore, SubBinary])
@pytest.mark.parametrize(("arguments", "value"), [((), 1), ((0,), 0), ((1,), 1)])
def test_a_binary_one(
    cls: type[BinarySemaphore], arguments: tuple[int, ...], value: int
) -> None:
    made = cls(*arguments)

    assert type(made) is cls
    assert (made.initial_value, made.value) == (value, value)
    assert not hasattr(made, "max_value")


@pytest.mark.parametrize("cls", [BoundedBinarySemaphore, SubBounded, BinarySemaphore])
@pytest.mark.parametrize(
    ("options", "initial", "limit"),
    [
        ({"max_value": 0}, 0, 0),
        ({"max_value": 1}, 1, 1),
        ({"initial_value": 0, "max_value": 0}, 0, 0),
        ({"initial_value": 0, "max_value": 1}, 0, 1),
        ({"initial_value": 1, "max_value": 1}, 1, 1),
    ],
)
def test_a_bounded_one(cls: Any, options: Any, initial: int, limit: int) -> None:
    """A binary one with a maximum is bounded, too."""
    made = cls(**options)

    assert type(made) is (BoundedBinarySemaphore if cls is BinarySemaphore else cls)
    assert (made.initial_value, made.value, made.max_value) == (initial, initial, limit)


@pytest.mark.parametrize(
    ("arguments", "initial", "limit"), [((), 1, 1), ((0,), 0, 0), ((1,), 1, 1)]
)
def test_the_bound_is_the_initial_value_by_default(
    arguments: tuple[int, ...], initial: int, limit: int
) -> None:
    made = BoundedBinarySemaphore(*arguments)

    assert (made.value, made.max_value) == (initial, limit)


def test_a_subclass_must_choose_its_parent() -> None:
    with pytest.raises(TypeError, match="inherit BoundedBinarySemaphore"):
        SubBinary(1, max_value=1)


@BOTH
@pytest.mark.parametrize("value", [-1, 2, 10**400])
def test_values_out_of_range(cls: Any, value: int) -> None:
    with pytest.raises(ValueError, match="initial_value must be 0 or 1") as refused:
        cls(value)
    assert repr(value) in str(refused.value)
    with pytest.raises(ValueError, match="max_value must be 0 or 1") as refused:
        cls(0, value)
    assert repr(value) in str(refused.value)


@BOTH
def test_less_than_the_initial_value(cls: Any) -> None:
    with pytest.raises(ValueError, match="max_value must be >= initial_value"):
        cls(1, 0)


@BOTH
@pytest.mark.parametrize("value", ["1", 1.0, 0.5, [], object()])
def test_values_that_are_no_integers(cls: Any, value: Any) -> None:
    with pytest.raises(TypeError, match="initial_value must be an integer") as refused:
        cls(value)
    assert repr(value) in str(refused.value)
    with pytest.raises(TypeError, match="max_value must be an integer") as refused:
        cls(0, value)
    assert repr(value) in str(refused.value)


# -- release ---------------------------------------------------------------------------------------------------------


@BOTH
def test_anybody_may_release(
    cls: Any, caller: Caller, other: Caller, crew: Crew
) -> None:
    semaphore = cls()
    caller.acquire(semaphore)
    other.release(semaphore)
    caller.acquire(semaphore)
    crew.run(semaphore.release)
    assert semaphore.value == 1


def test_released_more_often_it_still_has_one_permit(
    caller: Caller, other: Caller
) -> None:
    """D10: its value became 2 and more, and there was no mutual exclusion any more."""
    semaphore = BinarySemaphore()
    for _ in range(3):
        caller.release(semaphore)
        assert semaphore.value == 1

    assert caller.acquire(semaphore, blocking=False) is True
    assert other.acquire(semaphore, blocking=False) is False


@pytest.mark.usefixtures("tiny_switch_interval")
def test_released_by_many_at_once_it_still_has_one_permit(crew: Crew) -> None:
    """D10, with threads."""
    semaphore = BinarySemaphore(0)

    def release() -> None:
        for _ in range(300):
            semaphore.release()

    crew.race(*[release] * 4)

    assert semaphore.value == 1
    assert semaphore.green_acquire(blocking=False) is True
    assert semaphore.green_acquire(blocking=False) is False


def test_two_releases_wake_two(world: HandWorld) -> None:
    """Although there is only one permit, no release is lost if tasks wait."""
    semaphore = BinarySemaphore(0)
    first, second = (world.spawn(semaphore.async_acquire()).step() for _ in range(2))
    semaphore.release()
    semaphore.release()

    assert first.is_woken
    assert second.is_woken
    assert semaphore.value == 0


def test_a_bounded_one_refuses(caller: Caller, other: Caller) -> None:
    semaphore = BoundedBinarySemaphore()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="semaphore released too many times"):
            caller.release(semaphore)
        assert semaphore.value == 1
        caller.acquire(semaphore)
        other.release(semaphore)


def test_a_bounded_one_that_began_with_less() -> None:
    semaphore = BoundedBinarySemaphore(0, 1)
    semaphore.release()
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.release()
    assert semaphore.value == 1


def test_a_bounded_one_without_any_permit(caller: Caller) -> None:
    semaphore = BoundedBinarySemaphore(0)
    assert caller.acquire(semaphore, timeout=0) is False
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        caller.release(semaphore)


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_releases_at_once_a_bounded_one_takes_one(crew: Crew) -> None:
    semaphores = [BoundedBinarySemaphore(0, 1) for _ in range(200)]

    def release() -> int:
        refused = 0
        for semaphore in semaphores:
            try:
                semaphore.release()
            except RuntimeError:
                refused += 1
        return refused

    assert sum(crew.race(*[release] * 4)) == 3 * len(semaphores)
    assert {semaphore.value for semaphore in semaphores} == {1}


@BOTH
@pytest.mark.parametrize("count", [0, -1, 2, "1", None])
def test_one_at_a_time(cls: Any, caller: Caller, count: Any) -> None:
    semaphore = cls()
    caller.acquire(semaphore)
    for release in semaphore.release, lambda count: caller.release(semaphore, count):
        with pytest.raises(ValueError, match="count must be 1") as refused:
            release(count)
        assert repr(count) in str(refused.value)
    assert semaphore.value == 0
    caller.release(semaphore, count=1)
    assert semaphore.value == 1


# -- state -----------------------------------------------------------------------------------------------------------


@BOTH
def test_repr_and_waiting(cls: Any, world: HandWorld) -> None:
    semaphore = cls()
    assert repr(semaphore).endswith(" [value=1]>")
    assert world.run(semaphore.async_acquire()) is True
    assert repr(semaphore).endswith(" [value=0, waiting=0]>")
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(2)]
    assert semaphore.waiting == 2
    assert repr(semaphore).endswith(" [value=0, waiting=2]>")
    semaphore.release()
    assert (semaphore.value, semaphore.waiting) == (0, 1)
    for task in tasks:
        task.coroutine.close()
    assert (semaphore.value, semaphore.waiting) == (1, 0)


@BOTH
def test_it_is_true_whatever_its_value(cls: Any) -> None:
    assert cls(0)
    assert cls(1)


@BOTH
def test_a_signal_from_one_task_to_another(cls: Any, crew: Crew) -> None:
    done = cls(0, max_value=1)
    waiting = crew.start(done.green_acquire)
    crew.wait_for_waiters(done, 1)
    done.release()
    assert waiting.result() is True
    assert done.value == 0
