# SPDX-License-Identifier: ISC
# mypy: disable-error-code="no-untyped-call"
"""The hub may be interrupted where it lets greenlets go on; whoever catches that goes on, and so must they."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from itertools import count

import aiologic
import aiologic_eventlet
import eventlet
import eventlet.hubs
import pytest
from aiologic.testing._interruption import Interrupted, RaisingInterruption
from aiologic_eventlet._entrance import entrance_of
from aiologic_eventlet._round import Round

from .steps import end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FILES = list(aiologic_eventlet.__path__)

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 10),
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)


def at_each_place(play: Callable[[Callable[[Callable[[], Any]], None]], object]) -> int:
    """Play again and again, each time with another function that interrupts a call; how often."""
    for number in count():
        interruption = RaisingInterruption(number, Interrupted.now, [*FILES, __file__])

        def interrupted(call: Callable[[], Any], its: Any = interruption) -> None:
            with suppress(Interrupted):
                its.during(call)

        done = in_new_thread(partial(play, interrupted))
        # As the first function begins, no code of ours has run.
        assert done or number == 0, interruption.where
        if not interruption.was_made:
            return number
    raise AssertionError


def test_in_a_round() -> None:
    """hub: takes out whose turn it is; handler: raises before that one goes on."""

    def play(interrupted: Callable[[Callable[[], Any]], None]) -> bool:
        events = [aiologic.Event() for _ in range(3)]
        sleepers = [eventlet.spawn(event.wait) for event in events]
        eventlet.sleep(0)
        hub = eventlet.hubs.get_hub()
        entrance = entrance_of(hub)
        # The round that they set is ours.
        entrance._has_round = True
        for event in events:
            event.set()
        hub.schedule_call_global(0, interrupted, Round(entrance))
        for _ in range(3):
            eventlet.sleep(0)
        went_on = [sleeper.dead for sleeper in sleepers]
        end_hub()
        return all(went_on)

    assert at_each_place(play) > 5


def test_as_it_takes_in_what_threads_have_left() -> None:
    """hub: takes out what to call; handler: raises before that has begun."""

    def play(interrupted: Callable[[Callable[[], Any]], None]) -> bool:
        eventlet.sleep(0)
        hub = eventlet.hubs.get_hub()
        entrance = entrance_of(hub)
        called: list[int] = []

        def call(each: int) -> None:
            called.append(each)

        entrance._left.extend(partial(call, each) for each in range(3))
        hub.schedule_call_global(0, interrupted, entrance._come_in)
        for _ in range(3):
            eventlet.sleep(0)
        end_hub()
        return {*called} == {0, 1, 2}

    assert at_each_place(play) > 3
