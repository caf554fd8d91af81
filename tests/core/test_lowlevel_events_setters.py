# SPDX-License-Identifier: ISC
"""What sets an event for one task: several threads at once, and handlers and finalizers at any step."""

from __future__ import annotations

import gc
import itertools
import signal
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import _single_events
from aiologic.lowlevel import create_async_event, create_green_event
from aiologic.testing._interruption import (
    Interrupted,
    Interruption,
    RaisingInterruption,
)

from .raising import heard
from .single_events import state_of, waiting

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

WITHIN = [_single_events.__file__]


# -- threads ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_who_set_it_one_is_told_so(crew: Crew) -> None:
    # Two threads add their marks at once.   Each looks whose mark is first, and one of them finds its own.
    for _ in range(50):
        event = create_green_event()
        heard, *said = crew.race(event.wait, *[event.set] * 3)
        assert heard is True
        assert sorted(said) == [False, False, True]


@pytest.mark.usefixtures("tiny_switch_interval")
def test_set_against_a_time_out_in_threads(crew: Crew) -> None:
    for _ in range(50):
        event = create_green_event()
        heard, said = crew.race(lambda: event.wait(0), event.set)  # noqa: B023
        assert heard is said
        assert state_of(event) == ("set" if said else "cancelled")


# -- handlers and finalizers -----------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_sets_it_in_the_thread_that_waits(crew: Crew) -> None:
    event: Any = create_green_event()

    with crew.interrupts(event.set, lambda: event._story):
        assert event.wait() is True


def test_a_finalizer_sets_it(world: HandWorld) -> None:
    class Resource:
        pass

    event = create_async_event()
    resource = Resource()
    weakref.finalize(resource, event.set)
    task = waiting(world, event)
    del resource
    gc.collect()
    assert task.step().result is True


def test_a_handler_sets_it_at_any_step_of_a_wait(world: HandWorld) -> None:
    """Contract 1.2: usable in handlers, at any bytecode of their own thread's wait."""
    for number in itertools.count():
        event = create_async_event()
        said: list[bool] = []
        handler = Interruption(number, lambda: said.append(event.set()), WITHIN)  # noqa: B023
        task = world.spawn(event.with_(5))
        handler.during(task.step)
        if not handler.was_made:
            assert number > 20
            break
        assert said == [True], handler.where
        assert task.is_done or task.is_woken, handler.where
        assert task.is_done or task.step().result is True


def test_a_handler_sets_it_at_any_step_of_a_time_out() -> None:
    for number in itertools.count():
        event = create_green_event()
        said: list[bool] = []
        handler = Interruption(number, lambda: said.append(event.set()), WITHIN)  # noqa: B023
        heard = handler.during(lambda: event.wait(0))  # noqa: B023
        if not handler.was_made:
            break
        assert said == [state_of(event) == "set"], handler.where
        # The last steps may come after the result was read.
        assert heard is True or not said[0] or event.wait() is True, handler.where


def test_a_handler_sets_it_at_any_step_of_another_set(world: HandWorld) -> None:
    for number in itertools.count():
        event = create_async_event()
        task = waiting(world, event)
        said: list[bool] = []
        handler = Interruption(number, lambda: said.append(event.set()), WITHIN)  # noqa: B023
        said.append(handler.during(event.set))
        if not handler.was_made:
            break
        assert sorted(said) == [False, True], handler.where
        assert task.step().result is True


# -- handlers that raise ---------------------------------------------------------------------------------------------


def test_a_keyboard_interrupt_in_set_wakes_who_waits(world: HandWorld) -> None:
    """Wherever a handler can raise: either it is not set, or its task is woken."""
    for number in itertools.count():
        event = create_async_event()
        task = waiting(world, event)
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        error = heard(handler, event.set)
        assert (error is not None) is handler.was_made, handler.where
        if not handler.was_made:
            assert number > 2
            break
        assert task.is_woken is event.is_set(), handler.where


def test_a_keyboard_interrupt_in_a_wait_leaves_nobody() -> None:
    """Wherever a handler can raise: what is set later is not set for a task that has left."""
    for number in itertools.count():
        event: Any = create_green_event()
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            handler.during(lambda: event.wait(0))  # noqa: B023
        if not handler.was_made:
            assert number > 5
            break
        assert not event._story or event.cancelled(), handler.where
        assert len(event._story) <= 1, handler.where
