# SPDX-License-Identifier: ISC
"""Events for one waiting task, step by step: set or cancelled, and never both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import _single_events
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import create_async_event, create_green_event

from .hand_driven import Cancelled
from .single_events import WRONG, each_kind, end_in_time, state_of, waiting

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


@each_kind
def test_it_is_set_once(create: Any) -> None:
    """Contract 1.4.2: ``set()`` is true for the first call."""
    event = create()
    assert state_of(event) == "unset"
    assert event.set() is True
    assert event.set() is False
    assert state_of(event) == "set"


def test_set_before_the_wait(world: HandWorld) -> None:
    """D21: remembered, in any world; and again and again."""
    event, green = create_async_event(), create_green_event()
    for one in event, green:
        one.set()
    for timeout in None, 0, 5:
        assert world.run(event.with_(timeout)) is True
        assert green.wait(timeout) is True


@each_kind
@pytest.mark.parametrize("is_set", [False, True])
def test_decided_as_the_wait_begins(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch, create: Any, is_set: bool
) -> None:
    """A looks, and it is unset.   B sets it, or waits in vain.   A begins to wait, and need not."""
    event = create()
    backend: Any = worlds.threads if create is create_green_event else world
    new_waiter = backend.create_waiter

    def decide_first(*_: object) -> Any:
        monkeypatch.undo()
        if is_set:
            event.set()
        else:
            end_in_time(world, event)
        return new_waiter()

    monkeypatch.setattr(type(backend), "create_waiter", decide_first)

    said = event.wait() if backend is worlds.threads else world.run(event.with_())

    assert said is is_set
    assert state_of(event) == ("set" if is_set else "cancelled")


def test_set_during_the_wait(world: HandWorld) -> None:
    event = create_async_event()
    task = waiting(world, event, 5)
    assert (task.timeout, task.is_woken) == (5.0, False)
    assert state_of(event) == "unset"
    assert event.set() is True
    assert task.is_woken
    assert task.step().result is True
    assert state_of(event) == "set"


def test_a_thread_is_woken(crew: Crew) -> None:
    event = create_green_event()
    member = crew.start(event.wait)
    crew.wait_until(lambda: event._story)  # type: ignore[attr-defined]
    assert event.set() is True
    assert member.result() is True


@each_kind
def test_time_is_up(world: HandWorld, create: Any) -> None:
    event = create()
    assert end_in_time(world, event) is False
    assert state_of(event) == "cancelled"
    again = event.wait() if create is create_green_event else world.run(event.with_())
    assert again is False
    assert event.set() is False
    assert state_of(event) == "cancelled"


def test_time_is_up_as_it_is_set(world: HandWorld) -> None:
    """The mark of ``set()`` came first: the wait returns True."""
    event = create_async_event()
    task = waiting(world, event, 5)
    assert event.set() is True
    assert task.time_out().result is True
    assert state_of(event) == "set"


@pytest.mark.parametrize("was_set", [False, True])
def test_cancelled(world: HandWorld, was_set: bool) -> None:
    """Contract 1.4.2: the exception propagates, and the state shows which came first."""
    event = create_async_event()
    task = waiting(world, event)
    if was_set:
        assert event.set() is True
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert state_of(event) == ("set" if was_set else "cancelled")
    assert event.set() is False


@pytest.mark.parametrize(("timeout", "error"), WRONG)
@pytest.mark.parametrize("state", ["unset", "set", "cancelled"])
@each_kind
def test_a_wrong_time_out(
    world: HandWorld, create: Any, state: str, timeout: Any, error: type[Exception]
) -> None:
    """Contract 1.4.2: a wait that raises leaves no event that could be set for nobody."""
    event = create()
    if state == "set":
        event.set()
    elif state == "cancelled":
        end_in_time(world, event)

    def wait() -> object:
        if create is create_green_event:
            return event.wait(timeout)
        return world.run(event.with_(timeout))

    with pytest.raises(error, match="timeout"):
        wait()
    assert state_of(event) == (state if state == "set" else "cancelled")


def test_a_second_wait_is_refused_while_the_first_goes_on(world: HandWorld) -> None:
    event = create_async_event()
    task = waiting(world, event)
    for timeout in None, 0, -1:
        with pytest.raises(RuntimeError, match="this event is already in use"):
            waiting(world, event, timeout)
    assert state_of(event) == "unset"
    assert event.set() is True
    # It is set, and its task has not run yet.
    assert waiting(world, event).result is True
    assert task.step().result is True


def test_it_lets_its_waiter_go(world: HandWorld) -> None:
    event = create_async_event()
    task = waiting(world, event, 5)
    event.set()
    task.step()
    assert [type(item) for item in event._story] == [_single_events.Mark]  # type: ignore[attr-defined]


@each_kind
def test_it_does_not_grow(world: HandWorld, create: Any) -> None:
    """However often it is set, and whichever tasks have joined too late."""
    event = create()
    assert event.set() is True
    for _ in range(3):
        assert event.set() is False
    assert len(event._story) == 1
    with world.runs(None):
        event._story.append(world.create_waiter())
        assert event._join(world.create_waiter()) is False
    assert len(event._story) == 1


def test_a_task_that_never_runs_again(world: HandWorld) -> None:
    """It is set, though its loop was closed."""
    event = create_async_event()
    task = waiting(world, event)
    waiter: Any = task._at
    assert event.set() is True
    waiter.lost()
    assert state_of(event) == "set"
    task.coroutine.close()
    assert state_of(event) == "set"


def test_made_anywhere_and_waited_for_somewhere(crew: Crew) -> None:
    """Contract 1.4.2: no library is needed until it has to wait."""
    event = create_async_event()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        event.with_().send(None)
    assert state_of(event) == "unset"
    event.set()
    with pytest.raises(StopIteration) as done:
        event.with_().send(None)
    assert done.value.value is True
    green = crew.run(create_green_event)
    assert crew.run(green.set) is True
    assert green.wait() is True


def test_to_await_it_is_to_wait_without_a_time_out(world: HandWorld) -> None:
    async def work() -> bool:
        return await event

    event = create_async_event()
    task = world.spawn(work()).step()
    assert task.timeout is None
    event.set()
    assert task.step().result is True
