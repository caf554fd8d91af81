# SPDX-License-Identifier: ISC
"""Semaphores with several permits: how they are made, what they count, and whom a release wakes."""

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
from aiologic._semaphore_values import LARGEST_RELEASE

if TYPE_CHECKING:
    from typing_extensions import assert_type

    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

BOTH = pytest.mark.parametrize("cls", [Semaphore, BoundedSemaphore])


class SubSemaphore(Semaphore):
    pass


class SubBounded(BoundedSemaphore):
    pass


class Cancelled(BaseException):
    """What this library throws into its tasks."""


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
    """Contract 1.3.3: ``Semaphore()`` has one permit, ``Semaphore(n)`` n, and neither a maximum."""
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
    """Contract 1.3.3: a maximum makes it bounded, and at most one permit makes it binary, but not subclasses."""
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
    """Contract 1.3.3: of at most one permit, the text is that of the binary one."""
    with pytest.raises(ValueError, match="initial_value must be >= 0"):
        Semaphore(-1)
    with pytest.raises(ValueError, match="initial_value must be 0 or 1"):
        BoundedSemaphore(-1)
    with pytest.raises(ValueError, match="initial_value must be >= 0"):
        SubBounded(-1)
    with pytest.raises(ValueError, match="max_value must be 0 or 1"):
        Semaphore(0, -1)


# -- permits ---------------------------------------------------------------------------------------------------------


@BOTH
def test_as_many_as_there_are_permits(
    cls: Any, caller: Caller, other: Caller, crew: Crew
) -> None:
    """Contract 1.3.3: anybody acquires, anybody releases."""
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


@BOTH
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


@BOTH
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
    """Contract 1.3.3: no truth of its own, and no ``locked``."""
    for semaphore in Semaphore(0), Semaphore(3), SubBounded(0, 2):
        assert semaphore
        assert not hasattr(semaphore, "locked")


# -- release ---------------------------------------------------------------------------------------------------------


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
    """D11: it woke all who waited, and gave them permits that were nobody's."""
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
    """Each permit that is released is an item: so many took 480 MB, or failed in words about memory and indices."""
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


# -- bounded ---------------------------------------------------------------------------------------------------------


def test_a_bounded_one_refuses(caller: Caller, other: Caller) -> None:
    """Contract 1.3.3: no more releases than permits that are out."""
    semaphore = BoundedSemaphore(2)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="semaphore released too many times"):
            caller.release(semaphore)
        caller.acquire(semaphore)
        other.release(semaphore)
    assert semaphore.value == 2
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.__exit__(None, None, None)
    assert semaphore.value == 2


def test_a_bounded_one_that_began_with_less() -> None:
    """Contract 1.3.3: the difference may be released before any acquire."""
    semaphore = BoundedSemaphore(1, 3)
    semaphore.release()
    semaphore.release()
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.release()
    assert semaphore.value == 3


def test_a_bounded_one_releases_all_or_none(caller: Caller) -> None:
    semaphore = BoundedSemaphore(5)
    for _ in range(4):
        caller.acquire(semaphore)
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        caller.release(semaphore, 5)
    assert semaphore.value == 1
    caller.release(semaphore, 4)
    assert semaphore.value == 5


def test_what_was_handed_over_is_out_once_its_task_runs(world: HandWorld) -> None:
    """Contract 1.3.3: until then, a release is one too many."""
    semaphore = BoundedSemaphore(2)
    for _ in range(2):
        semaphore.green_acquire()
    waiting = world.spawn(semaphore.async_acquire()).step()
    semaphore.release()
    assert semaphore.value == 0
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.release(2)
    waiting.step()
    semaphore.release(2)
    assert semaphore.value == 2


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_releases_at_once_a_bounded_one_takes_what_is_out(crew: Crew) -> None:
    semaphores = [SubBounded(0, 3) for _ in range(100)]

    def release() -> int:
        refused = 0
        for semaphore in semaphores:
            for _ in range(2):
                try:
                    semaphore.release()
                except RuntimeError:
                    refused += 1
        return refused

    assert sum(crew.race(*[release] * 4)) == (4 * 2 - 3) * len(semaphores)
    assert {semaphore.value for semaphore in semaphores} == {3}


# -- types: this is for type checkers, and never runs ----------------------------------------------------------------

if TYPE_CHECKING:

    def check_types(n: int, maybe: int | None) -> None:
        """A maximum makes it a bounded one, as at run time."""
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


def test_a_release_of_several_counts_each() -> None:
    semaphore = aiologic.BoundedSemaphore(3)
    for _ in range(3):
        assert semaphore.green_acquire(blocking=False) is True
    semaphore.release(2)
    semaphore.release()
    with pytest.raises(RuntimeError, match="too many"):
        semaphore.release()
    assert semaphore.value == 3
