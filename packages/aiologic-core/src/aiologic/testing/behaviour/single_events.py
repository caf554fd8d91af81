# SPDX-License-Identifier: ISC
"""The events of ``aiologic.lowlevel``: one task waits, anything may set it, and the outcome is final.

If one of these fails: look at duties 3, 4 and 6, and at 14 if only shielded waits
fail. Core decides whether an event is set or cancelled, by how ``park()`` ends.
"""

from __future__ import annotations

import pytest

from aiologic.lowlevel import SET_EVENT, create_async_event, create_green_event

from .._stage import CANCELLED, LONG, SHORT, Operation, Stage, until
from ..operations import run
from .waiters import then_look_for_cancellation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._stage import World


def new_event(world: World, *, shield: bool = False) -> Any:
    """An event to be waited for in that world; it can be created in any."""
    create = create_async_event if world.is_async else create_green_event
    return create(shield=shield)


def wait_for(event: Any, timeout: float | None = None) -> Operation:
    return Operation(
        f"wait({timeout})", lambda: event.wait(timeout), lambda: event.with_(timeout)
    )


def state_of(event: Any) -> str:
    text: str = repr(event).rpartition(": ")[2][:-1]
    return text


@pytest.mark.parametrize("timeout", [None, LONG, 1e300])
def test_a_thread_sets_an_event(
    stage: Stage, world: World, threads: Stage, timeout: float | None
) -> None:
    event = new_event(world)
    call = stage.actor().starts(wait_for(event, timeout))
    stage.actor().does(run(lambda: None))
    assert not call.is_done

    setter = threads.actor()
    assert setter.does(run(event.set)) is True
    assert setter.does(run(event.set)) is False
    assert call.result() is True


def test_a_task_sets_an_event(stage: Stage, world: World) -> None:
    event = new_event(world)
    call = stage.actor().starts(wait_for(event))
    assert stage.actor().does(run(event.set)) is True
    assert call.result() is True


@pytest.mark.parametrize("timeout", [None, 0, LONG])
def test_an_event_that_was_set_before_is_waited_for_at_once(
    stage: Stage, world: World, timeout: float | None
) -> None:
    """D21: this works in any world, and more than once."""
    event = new_event(world)
    event.set()
    for actor in stage.actor(), stage.actor():
        assert actor.does(wait_for(event, timeout)) is True
        assert actor.does(wait_for(SET_EVENT, timeout)) is True


@pytest.mark.parametrize("timeout", [0, SHORT])
def test_an_event_is_cancelled_when_its_time_is_up(
    stage: Stage, world: World, timeout: float
) -> None:
    event = new_event(world)
    actor = stage.actor()
    assert actor.does(wait_for(event, timeout)) is False
    assert event.set() is False
    assert state_of(event) == "cancelled"
    assert actor.does(wait_for(event)) is False


def test_an_event_has_one_who_waits(stage: Stage, world: World) -> None:
    event = new_event(world)
    call = stage.actor().starts(wait_for(event))
    other = stage.actor()
    until(lambda: event._story)
    with pytest.raises(RuntimeError, match="already in use"):
        other.does(wait_for(event))
    event.set()
    assert call.result() is True
    assert other.does(wait_for(event)) is True


def test_a_cancelled_wait_cancels_its_event(
    cancelling_stage: Stage, cancelling_world: World
) -> None:
    event = new_event(cancelling_world)
    call = cancelling_stage.actor().starts(wait_for(event))
    until(lambda: event._story)
    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED
    assert event.set() is False
    assert state_of(event) == "cancelled"


@pytest.mark.parametrize("first", ["set", "cancelled"])
def test_an_event_tells_whether_it_was_set_before_its_wait_was_cancelled(
    cancelling_stage: Stage, cancelling_world: World, first: str
) -> None:
    event = new_event(cancelling_world)
    call = cancelling_stage.actor().starts(wait_for(event))
    until(lambda: event._story)
    said: list[bool] = []
    with cancelling_stage.frozen() as inside:
        # The task can run only after both have happened.
        for what in [first, "cancelled" if first == "set" else "set"]:
            if what == "set":
                inside(lambda: said.append(event.set()))
            else:
                inside(call.cancel)
    result = call.result()
    assert result in (CANCELLED, True)
    # A library may deliver a cancellation immediately: then it is too late to set the event.
    assert said == [event.is_set()]
    assert event.cancelled() is not event.is_set()
    assert said == [True] or first == "cancelled"
    assert result == CANCELLED or event.is_set()


def test_a_shielded_wait_for_an_event(
    cancelling_stage: Stage, cancelling_world: World, threads: Stage
) -> None:
    event = new_event(cancelling_world, shield=True)
    call = cancelling_stage.actor().starts(then_look_for_cancellation(wait_for(event)))
    until(lambda: event._story)
    cancelling_stage.inside(call.cancel)
    cancelling_stage.actor().does(run(lambda: None))  # a chance to end early
    assert not call.is_done

    assert threads.actor().does(run(event.set)) is True
    assert call.result() == CANCELLED
    assert state_of(event) == "set"


def test_an_event_outlives_its_stage(world: World) -> None:
    with world.open() as stage:
        event = new_event(world)
        if world.cancels:
            stage.actor().starts(wait_for(event))
            until(lambda: event._story)
    event.set()
    assert event.set() is False
    assert state_of(event) in ("set", "cancelled")
