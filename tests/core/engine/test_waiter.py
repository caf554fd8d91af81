# SPDX-License-Identifier: ISC
"""A waiter is decided once, however many try at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic.backends import PENDING, AsyncWaiter, GreenWaiter, Waiter

if TYPE_CHECKING:
    from typing import Callable

    from ..crew import Crew


class FakeWaiter(GreenWaiter):
    __slots__ = ("unparked",)

    unparked: int

    def park(self, timeout: float | None) -> bool:
        raise AssertionError("nobody parks here")

    def unpark(self) -> None:
        self.unparked += 1


class FakeSource:
    def __init__(self) -> None:
        self.taken_back: list[Waiter] = []

    def _take_back(self, waiter: Waiter) -> None:
        self.taken_back.append(waiter)

    def _leave(self, waiter: Waiter) -> None:
        raise AssertionError("nobody leaves here")


def new_waiter() -> FakeWaiter:
    waiter = FakeWaiter(PENDING)
    waiter.unparked = 0
    return waiter


def test_wake_decides_and_unparks_once() -> None:
    waiter = new_waiter()

    assert waiter.wake() is True
    assert waiter.wake() is False
    assert waiter.claim() is False
    assert waiter.abandon() is False
    assert waiter.unparked == 1


def test_claim_decides_and_leaves_unpark_to_the_caller() -> None:
    waiter = new_waiter()

    assert waiter.claim() is True
    assert waiter.claim() is False
    assert waiter.wake() is False
    assert waiter.abandon() is False
    assert waiter.unparked == 0


def test_abandon_decides_and_nobody_is_unparked() -> None:
    waiter = new_waiter()

    assert waiter.abandon() is True
    assert waiter.abandon() is False
    assert waiter.wake() is False
    assert waiter.claim() is False
    assert waiter.unparked == 0


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_wakers_and_one_abandoner_one_decides(crew: Crew) -> None:
    waiters = [new_waiter() for _ in range(500)]

    def decide(way: Callable[[FakeWaiter], bool]) -> Callable[[], list[bool]]:
        return lambda: [way(waiter) for waiter in waiters]

    woken, woken_too, claimed, abandoned = crew.race(
        decide(Waiter.wake),
        decide(Waiter.wake),
        decide(Waiter.claim),
        decide(Waiter.abandon),
    )

    for won in zip(woken, woken_too, claimed, abandoned):
        assert sorted(won) == [False, False, False, True]
    for waiter, *unparking in zip(waiters, woken, woken_too):
        assert waiter.unparked == sum(unparking)


def test_a_lost_grant_is_taken_back_and_the_waiter_pends_again() -> None:
    source = FakeSource()
    waiter = new_waiter()
    waiter.source = source
    assert waiter.wake()

    waiter.lost()

    assert source.taken_back == [waiter]
    # If its coroutine is closed later on, it has nothing to give back.
    assert waiter.abandon() is True


def test_a_loss_after_the_wait_is_over_changes_nothing() -> None:
    waiter = new_waiter()
    waiter.source = None  # what the waiting functions leave behind
    assert waiter.wake()

    waiter.lost()

    assert waiter.abandon() is False


def test_waiters_are_equal_only_to_themselves() -> None:
    waiter, other = new_waiter(), new_waiter()

    assert waiter == waiter  # the same object, and not "a list with the same items"
    assert waiter != other
    assert {waiter, other} == {other, waiter}
    assert hash(waiter) == hash(waiter)
    before = hash(waiter)
    waiter.wake()
    assert hash(waiter) == before


def test_repr_names_the_class_and_the_state() -> None:
    waiter = new_waiter()

    assert "FakeWaiter" in repr(waiter)
    assert "pending" in repr(waiter)
    waiter.abandon()
    assert "decided" in repr(waiter)
    assert "pending" not in repr(waiter)


@pytest.mark.parametrize("interface", [Waiter, GreenWaiter, AsyncWaiter])
def test_a_backend_must_say_how_to_park_and_unpark(interface: type[Waiter]) -> None:
    assert "unpark" in interface.__abstractmethods__
    assert ("park" in interface.__abstractmethods__) is (interface is not Waiter)


def test_a_waiter_is_one_object() -> None:
    assert not hasattr(new_waiter(), "__dict__")


def test_an_unpark_that_a_handler_interrupts_is_made_once_more() -> None:
    """B decides A's wait, and calls unpark().   A handler raises as that begins.   A would sleep on."""
    calls: list[None] = []

    class Interrupted(Waiter):
        __slots__ = ()

        def unpark(self) -> None:
            calls.append(None)
            if len(calls) == 1:
                raise KeyboardInterrupt

    waiter = Interrupted(PENDING)

    with pytest.raises(KeyboardInterrupt):
        waiter.wake()

    assert len(calls) == 2
    assert not waiter
