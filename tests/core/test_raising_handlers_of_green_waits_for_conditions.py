# SPDX-License-Identifier: ISC
"""A signal handler that raises in the middle of a green task's wait for a condition, from its beginning on.

As in test_raising_handlers_of_conditions.py, which is about async tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic.lowlevel import async_checkpoint
from aiologic.testing._interruption import Interrupted

from .hand_driven import Cancelled
from .interrupted_conditions import (
    goes_on,
    is_in_order,
    made_in_each_way,
    notified,
    true_from_the_second_time_on,
    waited_for,
    with_a_lock,
)
from .raising import ForgivingWorld, each_ending, heard, needs_places, places, sleep_by

if TYPE_CHECKING:
    from .hand_driven import HandTask

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


@made_in_each_way
@each_ending("notified")
@pytest.mark.parametrize("has_predicate", [False, True], ids=["", "predicate"])
def test_a_green_wait(
    world: ForgivingWorld,
    make: Callable[[], Any],
    ends_by: str,
    is_notified: bool,
    has_predicate: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same for a green task, from the beginning of its wait on."""
    for interruption in places(2):
        condition = make()
        behind: list[HandTask] = []

        def park(_timeout: float | None) -> bool:
            with interruption.away():  # noqa: B023  # called before the next round
                for _ in range(2):
                    task = world.spawn(waited_for(condition))  # noqa: B023
                    behind.append(task.step())  # noqa: B023
                if is_notified:
                    notified(condition)  # noqa: B023
            if ends_by == "cancellation":
                raise Cancelled
            return ends_by == "wake-up"

        def wait() -> object:
            timeout = 1 if ends_by == "time-out" else None
            with interruption.away(), condition:  # noqa: B023
                sleep_by(monkeypatch, park)
                predicate = true_from_the_second_time_on()
                try:
                    with interruption.only_here():  # noqa: B023
                        if has_predicate:
                            return condition.wait_for(predicate, timeout)  # noqa: B023
                        return condition.wait(timeout)  # noqa: B023
                finally:
                    interruption.end()  # noqa: B023
                    monkeypatch.undo()

        outcome: list[object] = []
        error = heard(interruption, lambda: outcome.append(wait()))  # noqa: B023

        was_cancelled = ends_by == "cancellation" and not interruption.was_made
        assert (error is not None) is (interruption.was_made or was_cancelled)
        assert isinstance(error, Interrupted) is interruption.was_made
        if error is None:
            assert outcome == [is_notified]  # also if time is up: it was decided
        while len(behind) < 2:
            behind.append(world.spawn(waited_for(condition)).step())
        second, last = behind
        if is_notified and ends_by == "cancellation" and isinstance(error, Cancelled):
            assert second.is_woken, "the notification was lost"
        if not second.is_woken:
            assert notified(condition) == 1
        assert goes_on(second) is True
        if not last.is_woken:  # rather two than nobody: two are notified
            assert notified(condition) == 1
        assert goes_on(last) is True
        assert is_in_order(condition)


@with_a_lock
@pytest.mark.parametrize("ends_by", ["time-out", "cancellation"])
def test_a_green_wait_that_ends_between_the_notification_and_the_lock(
    world: ForgivingWorld,
    make: Callable[[], Any],
    ends_by: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for interruption in places(2):
        condition = make()
        behind: list[HandTask] = []
        notifying: list[HandTask] = []

        async def notify_and_linger() -> None:
            async with condition:  # noqa: B023  # called before the next round
                assert condition.notify() == 1  # noqa: B023
                await async_checkpoint(force=True)

        def park(_timeout: float | None) -> bool:
            with interruption.away():  # noqa: B023
                if notifying:  # noqa: B023
                    notifying[0].step()  # noqa: B023
                    return True
                behind.append(world.spawn(waited_for(condition)).step())  # noqa: B023
                notifying.append(world.spawn(notify_and_linger()).step())  # noqa: B023
            if ends_by == "cancellation":
                raise Cancelled
            return False

        def wait() -> None:
            with interruption.away(), condition:  # noqa: B023
                sleep_by(monkeypatch, park)
                try:
                    with interruption.only_here():  # noqa: B023
                        condition.wait(1)  # noqa: B023
                finally:
                    interruption.end()  # noqa: B023
                    monkeypatch.undo()

        error = heard(interruption, wait)

        assert isinstance(error, Interrupted) is interruption.was_made
        for task in notifying:
            if not task.is_done:  # the wait for the lock was interrupted
                task.step()
        for task in behind:
            assert goes_on(task) is True, interruption.where
        assert is_in_order(condition)
