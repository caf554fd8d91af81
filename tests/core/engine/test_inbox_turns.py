# SPDX-License-Identifier: ISC
"""What one call of a delivery does, and what it leaves to the loop's next turns, even if a step ends the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic.backends import Inbox, Inboxes

from .fake_loops import Cancellable, FakeLoop, FakeWaiter

if TYPE_CHECKING:
    from typing import Callable


def call_soon(loop: FakeLoop, function: Callable[[], None]) -> Cancellable:
    call = Cancellable(function)
    loop.schedule(call)
    return call


@pytest.fixture(params=["resume schedules", "resume makes a step"])
def inbox(request: pytest.FixtureRequest, loop: FakeLoop) -> Inbox:
    if request.param == "resume schedules":
        return Inboxes().of(loop)
    return Inboxes(call_soon).of(loop)


@pytest.mark.parametrize("together", [1, 3])
def test_a_call_resumes_those_who_stood_there_when_it_began(
    loop: FakeLoop, inbox: Inbox, together: int
) -> None:
    """Each wakes the next, endlessly: what was ready before that next one comes first."""
    order: list[object] = []

    def post(number: int) -> None:
        waiter = FakeWaiter()
        waiter.when_resumed = lambda: resumed(number)
        inbox.post(waiter, loop.schedule)

    def resumed(number: int) -> None:
        order.append(number)
        if number < 9:
            loop.schedule(lambda: order.append(f"call of {number}"))
            post(number + together)

    for number in range(together):
        post(number)
    for _ in range(20):
        loop.turn()

    for first in range(0, 9, together):
        assert order.index(f"call of {first}") < order.index(first + together)
    assert [each for each in order if isinstance(each, int)] == [*range(9 + together)]


class Stops(FakeWaiter):
    """Its step raises, once, as steps of tasks do that end the program."""

    def resume(self) -> None:
        super().resume()
        if len(self.heard) == 1:
            raise SystemExit(id(self))


def test_each_of_many_that_raise_is_heard_and_the_others_go_on(loop: FakeLoop) -> None:
    """In one call for each, not in one inside the other, which would be nested too deeply."""
    inbox = Inboxes(call_soon).of(loop)
    stopping = [Stops() for _ in range(2_000)]
    others = [FakeWaiter() for _ in range(3)]
    for waiter in [*stopping, *others]:
        inbox.post(waiter, loop.schedule)
    raised: list[object] = []

    while loop.scheduled:
        try:
            loop.turn()
        except SystemExit as error:
            raised.append((error.code, error.__context__))

    assert raised == [(id(waiter), None) for waiter in stopping]
    assert [waiter.heard for waiter in others] == [["resume"]] * 3
    assert [waiter.heard for waiter in stopping] == [["resume"] * 2] * 2_000


def test_those_who_were_left_when_one_raised_are_lost_with_the_loop(
    loop: FakeLoop,
) -> None:
    inbox = Inboxes(call_soon).of(loop)
    waiters = [Stops(), FakeWaiter(), FakeWaiter()]
    for waiter in waiters:
        inbox.post(waiter, loop.schedule)

    with pytest.raises(SystemExit) as caught:
        loop.turn()
    del caught  # the frames that it came through hold the call
    loop.close()

    assert [waiter.heard for waiter in waiters] == [["resume"] * 2, ["lost"], ["lost"]]


def test_those_behind_go_on_where_the_loop_was_not_told_of_them(loop: FakeLoop) -> None:
    """The loop takes a waiter out, and is to be told of the others.   A handler raises as that begins."""
    errors: list[BaseException] = [KeyboardInterrupt()]

    def interrupted_once(its_loop: FakeLoop, function: Callable[[], None]) -> object:
        if errors:
            raise errors.pop()
        return call_soon(its_loop, function)

    inbox = Inboxes(interrupted_once).of(loop)
    waiters = [FakeWaiter() for _ in range(3)]
    for waiter in waiters:
        inbox.post(waiter, loop.schedule)

    with pytest.raises(KeyboardInterrupt):
        loop.turn()
    loop.turn()

    assert [waiter.heard for waiter in waiters] == [["resume"]] * 3


class LooksFirst(FakeLoop):
    """Its entrance checks whether it is closed, and only then takes the call."""

    def __init__(self) -> None:
        super().__init__()
        self.when_it_has_looked: Callable[[], object] = lambda: None

    def schedule(self, delivery: Callable[[], None]) -> None:
        if self.is_closed:
            raise RuntimeError("the loop is closed")
        self.when_it_has_looked()
        self.scheduled.append(delivery)

    def is_it_closed(self) -> bool:
        return self.is_closed


def test_a_loop_that_is_closed_in_its_entrance_loses_the_waiter() -> None:
    loop = LooksFirst()
    inbox = Inbox()
    first, second, third = FakeWaiter(), FakeWaiter(), FakeWaiter()

    def another_thread_posts_and_closes() -> None:
        inbox.post(second, loop.schedule, loop.is_it_closed)
        loop.close()

    loop.when_it_has_looked = another_thread_posts_and_closes
    inbox.post(first, loop.schedule, loop.is_it_closed)
    assert first.heard == second.heard == ["lost"]

    inbox.post(third, loop.schedule, loop.is_it_closed)
    assert third.heard == ["lost"]
    assert not inbox.spare
