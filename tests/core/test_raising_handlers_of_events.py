# SPDX-License-Identifier: ISC
"""A signal handler that raises in the middle of an operation on an event, a barrier, or a guard.

As in test_raising_handlers.py: tasks that wait are woken if it has happened, and
those that gave up are in no queue.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic.testing._interruption import Interrupted
from aiologic.testing.catalogue import BARRIERS, EVENTS

from .hand_driven import Cancelled
from .raising import ForgivingWorld, heard, needs_places, places, sleep_by

if TYPE_CHECKING:
    from .hand_driven import HandTask

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


async def waited_for(event: Any, timeout: float | None = None) -> Any:
    return await (event if timeout is None else event.with_(timeout))


def has_its_turn(event: Any) -> bool:
    """Whether the queue's turn is where it belongs, wherever the queue is."""
    if hasattr(event, "_state"):
        event = event._state.event
    event = getattr(event, "_period", event)
    return event._queue is None or event._queue.turn == [None]


events = pytest.mark.parametrize("kind", EVENTS, ids=str)


@events
def test_it_happens(world: ForgivingWorld, kind: Any) -> None:
    for interruption in places(3):
        event = kind.make()
        tasks = [world.spawn(waited_for(event)).step() for _ in range(3)]

        def happen(event: Any = event) -> None:
            kind.happen(event)

        error = heard(interruption, happen)

        assert (error is not None) is interruption.was_made, interruption.where
        if error is not None and not event:
            happen()
        assert event
        assert [task.is_woken for task in tasks] == [True] * 3, interruption.where
        assert [task.step().result for task in tasks] == [True] * 3
        assert event.waiting == 0
        assert has_its_turn(event)


def test_it_comes_down_to_nought(world: ForgivingWorld) -> None:
    for interruption in places(3):
        event = aiologic.CountdownEvent(1)
        task = world.spawn(waited_for(event)).step()

        error = heard(interruption, event.down)

        assert (error is not None) is interruption.was_made, interruption.where
        if event.value:
            event.down()
        assert task.is_woken
        assert task.step().result is True


@events
@pytest.mark.parametrize("happens", [False, True], ids=["", "happens"])
def test_on_the_way_to_sleep(world: ForgivingWorld, kind: Any, happens: bool) -> None:
    for interruption in places(2):
        event = kind.make()
        others = [world.spawn(waited_for(event)).step()]
        task = world.spawn(waited_for(event))

        def happen(event: Any = event) -> None:
            with interruption.away():  # noqa: B023  # called before the next round
                kind.happen(event)

        world.when_made = happen if happens else None

        error = heard(interruption, task.step)

        world.when_made = None
        assert (error is not None) is interruption.was_made, interruption.where
        if error is None:
            others.append(task)
        if not event:
            assert event.waiting == len(others)
            kind.happen(event)
        assert [other.step().result for other in others] == [True] * len(others)
        assert event.waiting == 0
        assert has_its_turn(event)


@events
@pytest.mark.parametrize(
    ("timeout", "ends_by"),
    [
        (None, "wake-up"),
        (1, "wake-up"),
        (1, "time-out"),
        (None, "cancellation"),
        (1, "cancellation"),
    ],
)
def test_the_end_of_a_wait(
    world: ForgivingWorld, kind: Any, ends_by: str, timeout: float | None
) -> None:
    for interruption in places(0):
        event = kind.make()
        task = world.spawn(waited_for(event, timeout)).step()
        behind = world.spawn(waited_for(event)).step()
        if ends_by == "wake-up":
            kind.happen(event)

        error = heard(interruption, ending(task, ends_by))

        assert task.is_done
        assert isinstance(error, Interrupted) is interruption.was_made
        if ends_by != "wake-up":
            assert event.waiting == 1
            kind.happen(event)
        assert behind.step().result is True
        assert event.waiting == 0
        assert has_its_turn(event)


def ending(task: HandTask, ends_by: str) -> Any:
    if ends_by == "wake-up":
        return task.step
    if ends_by == "time-out":
        return task.time_out
    return lambda: task.cancel_quietly(Cancelled())


# -- those who wait for each other ---------------------------------------------------------------------------------


def outcome_of(task: HandTask) -> Any:
    """Continue to the end; return the outcome."""
    try:
        while not task.is_done:
            task.step()
    except aiologic.BrokenBarrierError:
        return "broken"
    return task.result


barriers = pytest.mark.parametrize("kind", BARRIERS, ids=str)


@barriers
@pytest.mark.parametrize("ends_by", ["arrival", "abort"])
def test_a_phase_ends(world: ForgivingWorld, kind: Any, ends_by: str) -> None:
    """Everybody who waits is told how, even if the last to come was interrupted."""
    for interruption in places(3):
        barrier = kind.make()
        first = world.spawn(waited_for(barrier)).step()
        last = world.spawn(waited_for(barrier))

        error = heard(
            interruption, last.step if ends_by == "arrival" else barrier.abort
        )

        assert (error is not None) is interruption.was_made, interruption.where
        if ends_by == "abort":
            last.coroutine.close()
            if not barrier.broken:
                barrier.abort()
        elif not first.is_woken:
            assert error is not None
            assert barrier.waiting == 1
            assert heard(interruption, world.spawn(waited_for(barrier)).step) is None
        assert first.is_woken, interruption.where
        outcome = outcome_of(first)
        assert outcome == "broken" or ends_by == "arrival"
        if error is None and ends_by == "arrival":
            assert outcome_of(last) != "broken"
            assert outcome != "broken"


@barriers
def test_a_green_one_that_gives_up_breaks_it(
    world: ForgivingWorld, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it had not come."""

    def park(_timeout: float | None) -> bool:
        raise Cancelled

    kind = kind._replace(arguments=(3,))
    for interruption in places(1):
        barrier = kind.make()
        other = world.spawn(waited_for(barrier)).step()
        with monkeypatch.context() as patch:
            sleep_by(patch, park)
            error = heard(interruption, barrier.wait)
        assert isinstance(error, Interrupted) is interruption.was_made
        if barrier.broken:
            assert outcome_of(other) == "broken"
        else:
            assert barrier.waiting == 1, interruption.where
            other.coroutine.close()


def test_a_reset(world: ForgivingWorld) -> None:
    """All who wait are sent away, or the reset had not begun."""
    for interruption in places(3):
        barrier = aiologic.RBarrier(3)
        tasks = [world.spawn(waited_for(barrier)).step() for _ in range(2)]

        error = heard(interruption, barrier.reset)

        assert (error is not None) is interruption.was_made, interruption.where
        if not tasks[0].is_woken:
            assert barrier.waiting == 2, interruption.where
            barrier.reset()
        assert [outcome_of(task) for task in tasks] == ["broken"] * 2
        assert (barrier.waiting, barrier.broken) == (0, False)


@barriers
@pytest.mark.parametrize("ends_by", ["time-out", "cancellation"])
def test_who_gives_up_breaks_it(world: ForgivingWorld, kind: Any, ends_by: str) -> None:
    kind = kind._replace(arguments=(3,))
    for interruption in places(3):
        barrier = kind.make()
        first, other = (world.spawn(waited_for(barrier, 1)).step() for _ in range(2))

        def end() -> None:
            with suppress(aiologic.BrokenBarrierError):
                ending(first, ends_by)()  # noqa: B023  # called before the next round

        error = heard(interruption, end)

        assert (error is not None) is interruption.was_made, interruption.where
        assert barrier.broken
        assert other.is_woken, interruption.where
        assert outcome_of(other) == "broken"


def test_a_guard() -> None:
    for interruption in places(2):
        guard = aiologic.ResourceGuard()

        error = heard(interruption, guard.__enter__)
        if error is None:
            guard.__exit__(None, None, None)

        assert (error is not None) is interruption.was_made, interruption.where
        assert not guard
    for interruption in places():
        guard = aiologic.ResourceGuard()
        guard.__enter__()
        if heard(interruption, lambda: guard.__exit__(None, None, None)) and guard:  # noqa: B023
            guard.__exit__(None, None, None)
        assert not guard
