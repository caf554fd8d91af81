# SPDX-License-Identifier: ISC
"""A signal handler that raises in the middle of a notification: it has happened, or can be made again."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from .hand_driven import Cancelled
from .interrupted_conditions import (
    goes_on,
    is_in_order,
    made_in_each_way,
    notified,
    waited_for,
    with_a_lock,
)
from .raising import ForgivingWaiter, ForgivingWorld, heard, needs_places, places

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


@made_in_each_way
def test_a_notification(world: ForgivingWorld, make: Callable[[], Any]) -> None:
    for interruption in places():
        condition = make()
        first, second = (world.spawn(waited_for(condition)).step() for _ in range(2))

        error = notified(condition, interruption)

        assert isinstance(error, BaseException) is interruption.was_made
        if not first.is_woken:
            assert condition.waiting == 2
            assert notified(condition) == 1
        assert goes_on(first) is True
        if not second.is_woken:
            assert condition.waiting == 1
            assert notified(condition) == 1
        assert goes_on(second) is True
        assert is_in_order(condition)


@made_in_each_way
def test_a_notification_of_a_loop_that_has_gone(
    world: ForgivingWorld, make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first can't be woken, so the second is."""
    gone: list[Any] = []

    def unpark(waiter: ForgivingWaiter) -> None:
        waiter.unparked = True
        if waiter in gone:
            waiter.lost()

    monkeypatch.setattr(ForgivingWaiter, "unpark", unpark)
    for interruption in places():
        condition = make()
        first, second = (world.spawn(waited_for(condition)).step() for _ in range(2))
        gone[:] = [condition._queue[0][0][0]]

        error = notified(condition, interruption)

        assert isinstance(error, BaseException) is interruption.was_made
        if not second.is_woken:
            assert condition.waiting
            notified(condition)
        assert goes_on(second) is True
        with world.runs(first):
            first.coroutine.close()
        assert is_in_order(condition)


@with_a_lock
def test_news_that_comes_back_to_a_notifier(
    world: ForgivingWorld, make: Callable[[], Any]
) -> None:
    """A was notified, and is closed while B notifies C: so B hands out the notification."""
    for interruption in places(0):
        condition = make()
        told: list[int] = []

        def predicate() -> bool:
            if told:  # noqa: B023  # called before the next round
                told.clear()  # noqa: B023
                with interruption.away(), world.runs(unlucky):  # noqa: B023
                    unlucky.coroutine.close()  # noqa: B023
            return False

        async def chosen() -> None:
            async with condition:  # noqa: B023
                await condition.for_(predicate)  # noqa: B023

        unlucky = world.spawn(waited_for(condition)).step()
        choosy = world.spawn(chosen()).step()
        with condition:
            assert condition.notify() == 1
            told.append(1)
            error = heard(interruption, condition.notify)
        assert (error is not None) is interruption.was_made, interruption.where
        if told:
            assert goes_on(unlucky) is True
        else:
            assert choosy.is_woken, interruption.where
        choosy.cancel_quietly(Cancelled())
        assert is_in_order(condition)
