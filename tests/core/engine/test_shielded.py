# SPDX-License-Identifier: ISC
"""A call that is made by a helper: what its principal gets, including what is thrown at it meanwhile."""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from aiologic._engine import shielded
from aiologic.backends import PENDING, GreenWaiter, ShieldedCall
from aiologic.testing._interruption import Interrupted, RaisingInterruption

if TYPE_CHECKING:
    from typing import Any, Callable

ENGINE = os.path.dirname(str(shielded.__file__))


class HeldBackError(Exception):
    """Like a cancellation."""


class ThrownOnError(Exception):
    """Like a KeyboardInterrupt."""


class FakeWaiter(GreenWaiter):
    """While its principal sleeps, the next event of the test's plan happens."""

    __slots__ = ("happening",)

    happening: Callable[[], object]

    def park(self, timeout: float | None) -> bool:
        assert timeout is None
        self.happening()
        return True

    def unpark(self) -> None:
        """The plan continues by itself."""


class Play:
    """A principal, and what it was asked to do with what was thrown at it."""

    def __init__(
        self,
        function: Callable[[], object],
        waiter_class: type[FakeWaiter] = FakeWaiter,
    ) -> None:
        self.call = ShieldedCall(function)
        self.waiter_class = waiter_class
        self.soon: list[BaseException] = []
        self.again: list[BaseException] | deque[BaseException] = []
        self.waiters: list[FakeWaiter] = []

    def wait(self, *happenings: Callable[[], object]) -> Any:
        to_come = iter(happenings)

        def create_waiter() -> FakeWaiter:
            waiter = self.waiter_class(PENDING)
            waiter.happening = next(to_come)
            self.waiters.append(waiter)
            return waiter

        return self.call.wait(
            create_waiter, (HeldBackError,), self.soon.append, self.again.append
        )


def nobody(error: BaseException) -> None:
    raise AssertionError("thrown on") from error


def throws(error: BaseException) -> Callable[[], object]:
    def throw() -> None:
        raise error

    return throw


def test_the_principal_sleeps_until_the_call_has_ended() -> None:
    play = Play(lambda: "result")

    assert play.wait(lambda: None, play.call.run) == "result"

    assert [bool(waiter) for waiter in play.waiters] == [True, False]
    assert not play.again
    assert not play.soon


def test_a_call_that_has_ended_before_needs_no_sleep() -> None:
    play = Play(lambda: "result")
    play.call.run()

    assert play.wait() == "result"


def test_of_what_is_held_back_the_first_is_raised_and_the_others_are_thrown_again() -> (
    None
):
    errors = [HeldBackError(number) for number in range(3)]
    play = Play(lambda: "result")

    with pytest.raises(HeldBackError) as caught:
        play.wait(*map(throws, errors), play.call.run)

    assert caught.value is errors[0]
    assert play.again == errors[1:]
    assert not play.soon


def test_what_the_call_raises_comes_before_what_was_held_back() -> None:
    error, held_back = ZeroDivisionError(), HeldBackError()
    play = Play(throws(error))

    with pytest.raises(ZeroDivisionError) as caught:
        play.wait(throws(held_back), play.call.run)

    assert caught.value is error
    assert play.again == [held_back]


def test_what_is_thrown_on_ends_the_call_and_is_raised_once() -> None:
    error = ThrownOnError()
    thrown_on: list[BaseException] = []

    def function() -> None:
        # It sleeps in the middle of its call, and the hub does what it was told.
        assert play.soon == [error]
        play.call.interrupt(thrown_on.append, error)
        raise thrown_on[0]

    play = Play(function)

    with pytest.raises(ThrownOnError) as caught:
        play.wait(throws(error), play.call.run)

    assert caught.value is error
    assert not play.again


def test_what_can_not_be_thrown_on_any_more_is_raised_afterwards() -> None:
    """The principal gets it.   The helper ends its call.   The hub has to throw it on at a helper that has ended."""
    error = ThrownOnError()
    play = Play(lambda: "result")

    def hub() -> None:
        play.call.run()
        play.call.interrupt(nobody, error)

    with pytest.raises(ThrownOnError) as caught:
        play.wait(throws(error), hub)

    assert caught.value is error


def test_what_comes_before_the_call_has_begun_is_kept() -> None:
    """Thrown at a helper that has not begun, it would end the helper, and the call would never be made."""
    error = ThrownOnError()
    made: list[None] = []
    play = Play(lambda: made.append(None))

    def hub() -> None:
        play.call.interrupt(nobody, error)
        play.call.run()

    with pytest.raises(ThrownOnError) as caught:
        play.wait(throws(error), hub)

    assert caught.value is error
    assert made == [None]


class WaiterOfDeadHub(FakeWaiter):
    """Its hub was destroyed, so nobody delivers its wake-up."""

    __slots__ = ()

    def unpark(self) -> None:
        self.lost()


def test_a_call_can_end_in_a_hub_that_has_gone() -> None:
    """Something else has resumed the helper, such as the exception with which gevent ends a hub."""
    play = Play(lambda: "result", WaiterOfDeadHub)

    assert play.wait(play.call.run) == "result"


@pytest.mark.skipif(
    sys.version_info < (3, 10) or sys.implementation.name != "cpython",
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)
def test_the_principal_is_woken_though_a_handler_raises_at_the_end_of_the_call() -> (
    None
):
    # The first place is before run() has begun, so there is no call yet.
    for number in count(1):
        play = Play(lambda: "result")
        interruption = RaisingInterruption(number, Interrupted.now, [ENGINE])

        def helper(
            play: Play = play, interruption: RaisingInterruption = interruption
        ) -> None:
            with suppress(Interrupted):
                interruption.during(play.call.run)

        assert play.wait(helper) == "result", interruption.where
        assert not any(play.waiters), f"it sleeps on; interrupted {interruption.where}"
        if not interruption.was_made:
            break
    assert number > 1


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="elsewhere, objects go late"
)
@pytest.mark.usefixtures("no_garbage_collection")
@pytest.mark.parametrize("fails", [False, True], ids=["returns", "raises"])
def test_no_reference_cycle_is_left(fails: bool) -> None:
    """The frame that they came through keeps neither what is raised nor what is thrown again."""

    class TracedError(HeldBackError):
        pass

    def remains() -> list[Callable[[], object]]:
        left = [TracedError(number) for number in range(4)]
        kept: list[Callable[[], object]] = [ref(error) for error in left]

        def throw() -> None:
            raise left.pop()  # whose traceback has this frame, which does not refer back to it

        play = Play(throw if fails else left.clear)
        play.again = deque(maxlen=0)
        with suppress(TracedError):
            play.wait(throw, throw, throw, play.call.run)
        return kept

    assert [there() for there in remains()] == [None] * 4
