# SPDX-License-Identifier: ISC
"""Events for one task that waits: their kinds, and what their tests do with them."""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
from aiologic.lowlevel import (
    CANCELLED_EVENT,
    DUMMY_EVENT,
    SET_EVENT,
    GreenEvent,
    create_async_event,
    create_green_event,
)

if TYPE_CHECKING:
    from aiologic.lowlevel import Event

    from .hand_driven import HandTask, HandWorld

CONSTANTS = [SET_EVENT, DUMMY_EVENT, CANCELLED_EVENT]
WRONG = [(nan, ValueError), (-1, ValueError), (-inf, ValueError), ("1", TypeError)]

each_constant = pytest.mark.parametrize("constant", CONSTANTS, ids=str)
each_kind = pytest.mark.parametrize("create", [create_green_event, create_async_event])


def waiting(world: HandWorld, event: Any, timeout: float | None = None) -> HandTask:
    """Start a task that waits for the event."""
    return world.spawn(event.with_(timeout)).step()


def state_of(event: Event) -> str:
    """The state, after checking that all ways of asking for it agree."""
    state = repr(event).rpartition(": ")[2].rstrip(">")
    assert bool(event) is event.is_set() is (state == "set")
    assert event.cancelled() is (state == "cancelled")
    return state


def end_in_time(world: HandWorld, event: Any) -> object:
    """Let a wait for it time out; return the result."""
    if isinstance(event, GreenEvent):
        return event.wait(0)
    return waiting(world, event, 5).time_out().result
