# SPDX-License-Identifier: ISC
"""Semaphores with several permits: how they are created, and how many tasks come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import (
    BinarySemaphore,
    BoundedBinarySemaphore,
    BoundedSemaphore,
    Semaphore,
)

from .semaphores import SubBounded, SubSemaphore, each_kind

if TYPE_CHECKING:
    from typing_extensions import assert_type

    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

# -- construction ----------------------------------------------------------------------------------------------------


def test_who_is_a_kind_of_whom() -> None:
    """Contract 1.3.3: the order of their classes."""
    assert BoundedSemaphore.__bases__ == (Semaphore,)
    assert BinarySemaphore.__bases__ == (Semaphore,)
    assert BoundedBinarySemaphore.__bases__ == (BinarySemaphore, BoundedSemaphore)


@pytest.mark.parametrize("cls", [Semaphore, SubSemaphore])
@pytest.mark.parametrize(
    ("arguments", "value"), [((), 1), ((0,), 0), ((1,), 1), ((7,), 7), ((True,), 1)]
)
def test_an_unbounded_one(
    cls: type[Semaphore], arguments: tuple[int, ...], value: int
) -> None:
    """Contract 1.3.3: ``Semaphore()`` has one permit, ``Semaphore(n)`` has n, and neither has a maximum."""
    made = cls(*arguments)

    assert type(made) is cls
    assert (made.initial_value, made.value) == (value, value)
    assert type(made.initial_value) is int
    assert not hasattr(made, "max_value")


@pytest.mark.parametrize("cls", [Semaphore, BoundedSemaphore, SubBounded])
@pytest.mark.parametrize(
    ("options", "initial", "limit"),
    [
        ({"max_value": 0}, 0, 0),
        ({"max_value": 1}, 1, 1),
        ({"max_value": 5}, 5, 5),
        ({"initial_value": 0, "max_value": 1}, 0, 1),
        ({"initial_value": 1, "max_value": 1}, 1, 1),
        ({"initial_value": 0, "max_value": 5}, 0, 5),
        ({"initial_value": 5, "max_value": 5}, 5, 5),
    ],
)
def test_a_bounded_one(cls: Any, options: Any, initial: int, limit: int) -> None:
    """Contract 1.3.3: a maximum makes it bounded, and at most one permit makes it binary, except for subclasses."""
    made = cls(**options)

    expected = BoundedBinarySemaphore if limit <= 1 else BoundedSemaphore
    assert type(made) is (cls if cls is SubBounded else expected)
    assert (made.initial_value, made.value, made.max_value) == (initial, initial, limit)


@pytest.mark.parametrize(
    ("arguments", "initial"), [((), 1), ((0,), 0), ((1,), 1), ((5,), 5)]
)
def test_the_bound_is_the_initial_value_by_default(
    arguments: tuple[int, ...], initial: int
) -> None:
    """Contract 1.3.3: max := initial, which is 1 by default."""
    for cls in BoundedSemaphore, SubBounded:
        made = cls(*arguments)
        assert (made.value, made.max_value) == (initial, initial)
    assert type(made) is SubBounded


def test_a_subclass_must_choose_its_parent() -> None:
    """Contract 1.3.3: a subclass of Semaphore takes no maximum."""
    with pytest.raises(TypeError, match="max_value must be None for subclasses"):
        SubSemaphore(1, max_value=1)
    with pytest.raises(TypeError, match="inherit BoundedSemaphore instead"):
        SubSemaphore(max_value=5)


@pytest.mark.parametrize("cls", [Semaphore, BoundedSemaphore, SubBounded])
@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((-1, 5), ValueError, "initial_value must be >= 0"),
        ((5, -1), ValueError, "max_value must be >= 0"),
        ((2, 1), ValueError, "max_value must be >= initial_value"),
        ((0.5, 5), TypeError, "initial_value must be an integer"),
        (("1", 5), TypeError, "initial_value must be an integer"),
        ((5, "1"), TypeError, "max_value must be an integer"),
        (("1",), TypeError, "initial_value must be an integer"),
        ((None, "1"), TypeError, "max_value must be an integer"),
    ],
)
def test_values_that_make_no_semaphore(
    cls: Any, arguments: tuple[Any, ...], error: type[Exception], text: str
) -> None:
    """Contract 1.3.3: the texts of the errors."""
    with pytest.raises(error, match=text) as refused:
        cls(*arguments)
    assert any(repr(argument) in str(refused.value) for argument in arguments)


def test_negative_values() -> None:
    """Contract 1.3.3: with at most one permit, the text is that of the binary one."""
    with pytest.raises(ValueError, match="initial_value must be >= 0"):
        Semaphore(-1)
    with pytest.raises(ValueError, match="initial_value must be 0 or 1"):
        BoundedSemaphore(-1)
    with pytest.raises(ValueError, match="initial_value must be >= 0"):
        SubBounded(-1)
    with pytest.raises(ValueError, match="max_value must be 0 or 1"):
        Semaphore(0, -1)


# -- permits ---------------------------------------------------------------------------------------------------------


@each_kind
def test_as_many_as_there_are_permits(
    cls: Any, caller: Caller, other: Caller, crew: Crew
) -> None:
    """Contract 1.3.3: anybody can acquire, anybody can release."""
    semaphore = cls(3)
    assert caller.acquire(semaphore) is True
    assert other.acquire(semaphore, timeout=0) is True
    assert semaphore.green_acquire() is True
    assert semaphore.value == 0

    assert caller.acquire(semaphore, blocking=False) is False
    assert caller.acquire(semaphore, timeout=0) is False

    other.release(semaphore)
    crew.run(semaphore.release)
    assert semaphore.value == 2
    assert caller.acquire(semaphore, blocking=False) is True


@each_kind
def test_blocks(cls: Any, world: HandWorld) -> None:
    """Contract 1.3.3: a block enters with the semaphore, and leaves with one release."""
    semaphore = cls(2)

    async def nested() -> None:
        async with semaphore as outer, semaphore as inner:
            assert outer is inner is semaphore
            assert semaphore.value == 0

    with semaphore as outer, semaphore as inner:
        assert outer is inner is semaphore
        assert semaphore.value == 0
    world.run(nested())
    assert semaphore.value == 2


@each_kind
def test_repr_value_and_waiting(cls: Any, world: HandWorld) -> None:
    """Contract 1.3.3: ``value=N``, or ``value=0, waiting=M``."""
    semaphore = cls(2)
    assert f"{cls.__name__}(2) at " in repr(semaphore)
    assert repr(semaphore).endswith(" [value=2]>")
    for _ in range(2):
        semaphore.green_acquire()
    assert repr(semaphore).endswith(" [value=0, waiting=0]>")
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(3)]
    assert semaphore.waiting == 3
    assert repr(semaphore).endswith(" [value=0, waiting=3]>")
    for task in tasks:
        task.coroutine.close()
    assert semaphore.waiting == 0


def test_it_is_true_whatever_its_value() -> None:
    """Contract 1.3.3: no truth value of its own, and no ``locked``."""
    for semaphore in Semaphore(0), Semaphore(3), SubBounded(0, 2):
        assert semaphore
        assert not hasattr(semaphore, "locked")


@pytest.mark.usefixtures("tiny_switch_interval")
@pytest.mark.parametrize("cls", [Semaphore, SubBounded, aiologic.CapacityLimiter])
def test_never_more_inside_than_there_are_permits(cls: Any, crew: Crew) -> None:
    semaphore = cls(2)
    inside: list[None] = []
    crowds: set[int] = set()

    def work() -> None:
        for _ in range(100):
            with semaphore:
                inside.append(None)
                crowds.add(len(inside))
                inside.pop()

    crew.race(*[work] * 5)

    assert max(crowds) <= 2
    assert not semaphore.waiting
    assert not semaphore._queue


# -- types: this is for type checkers, and never runs ----------------------------------------------------------------


if TYPE_CHECKING:

    def check_types(n: int, maybe: int | None) -> None:
        """With a maximum it is a bounded one, as at run time."""
        assert_type(Semaphore(), Semaphore)
        assert_type(Semaphore(n), Semaphore)
        assert_type(Semaphore(n, None), Semaphore)
        assert_type(Semaphore(n, n), BoundedSemaphore)
        assert_type(Semaphore(n, max_value=n), BoundedSemaphore)
        assert_type(Semaphore(None, n), BoundedSemaphore)
        assert_type(Semaphore(max_value=n), BoundedSemaphore)
        assert_type(Semaphore(max_value=n).max_value, int)
        either: Semaphore = Semaphore(n, maybe)
        assert_type(either.value, int)
        assert_type(SubSemaphore(n), SubSemaphore)
        assert_type(BoundedSemaphore(n, n), BoundedSemaphore)
        assert_type(SubBounded(n, n), SubBounded)

        assert_type(BinarySemaphore(), BinarySemaphore)
        assert_type(BinarySemaphore(n), BinarySemaphore)
        assert_type(BinarySemaphore(n, n), BoundedBinarySemaphore)
        assert_type(BinarySemaphore(max_value=n), BoundedBinarySemaphore)
        assert_type(BoundedBinarySemaphore(n, n), BoundedBinarySemaphore)
