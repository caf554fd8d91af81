# SPDX-License-Identifier: ISC
# mypy: disable-error-code="no-untyped-call"
"""The hub may be interrupted where it resumes greenlets; a program may catch that, and the greenlets must go on."""

from __future__ import annotations

import sys
from functools import partial
from itertools import count

import aiologic
import aiologic_eventlet
import eventlet
import eventlet.hubs
import pytest
from aiologic._runtime.detect import worlds
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
    """Play it again and again, each time with another function that interrupts a call; how often."""
    for number in count():
        interruption = RaisingInterruption(number, Interrupted.now, [*FILES, __file__])

        raised: list[type] = []

        def interrupted(
            call: Callable[[], Any], its: Any = interruption, raised: Any = raised
        ) -> None:
            try:
                its.during(call)
            except BaseException as error:  # looked at below
                raised.append(type(error))

        done = in_new_thread(partial(play, interrupted))
        # As the first function begins, no code of ours has run.
        assert done or number == 0, interruption.where
        assert raised == [Interrupted] * interruption.was_made
        if not interruption.was_made:
            return number
    raise AssertionError


def test_in_a_round() -> None:
    """The hub takes out the next in line; a handler raises before that one goes on."""

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
    """The hub takes out the next call; a handler raises before that has begun."""

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


def test_a_call_that_raises_each_time_is_made_twice() -> None:
    """A handler may have raised; and those behind it are called only now."""
    called: list[str] = []

    def fail() -> None:
        called.append("fails")
        raise LookupError

    def thread() -> None:
        entrance = entrance_of(eventlet.hubs.get_hub())
        entrance._left.extend((fail, partial(called.append, "behind")))
        with pytest.raises(LookupError):
            entrance._come_in()
        end_hub()

    in_new_thread(thread)
    assert called == ["fails", "fails", "behind"]


def test_who_closes_the_hub_in_the_midst_of_a_round_ends_that(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def thread() -> None:
        entrance = entrance_of(eventlet.hubs.get_hub())
        event = aiologic.Event()

        def close() -> None:
            event.wait()
            entrance.close()

        sleepers = [eventlet.spawn(close), eventlet.spawn(event.wait)]
        eventlet.sleep(0)
        event.set()
        sleepers[0].wait()
        assert not sleepers[1].dead
        end_hub()

    in_new_thread(thread)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("was_set", [False, True])
@pytest.mark.parametrize("runs", [False, True])
def test_as_a_round_is_called(runs: bool, was_set: bool) -> None:
    """It comes all the same; and the hub is not taken for one that has ended, although it may look like that."""
    woken: list[bool] = []

    def interrupt(set_timer: Callable[..., object], *timer: Any) -> None:
        del eventlet.hubs.get_hub().schedule_call_global
        if was_set:
            set_timer(*timer)
        raise Interrupted

    def thread() -> None:
        hub = eventlet.hubs.get_hub()
        waiters: list[Any] = []

        def sleep() -> None:
            waiters.append(worlds.create_green_waiter())
            waiters[0].source = Source()
            woken.append(waiters[0].park(None))

        eventlet.spawn_n(sleep)
        eventlet.sleep(0)
        if not runs:
            hub.schedule_call_global(0, sys.exit)
            with pytest.raises(SystemExit):
                eventlet.sleep(0)
            assert not hub.running
        hub.schedule_call_global = partial(interrupt, hub.schedule_call_global)
        with pytest.raises(Interrupted):
            entrance_of(hub).admit(waiters[0])
        for _ in range(2):
            eventlet.sleep(0)
        end_hub()

    in_new_thread(thread)
    assert woken == [True]


class Source:
    """Stands for a primitive."""

    def _take_back(self, waiter: object) -> None:
        raise AssertionError("it was not lost")
