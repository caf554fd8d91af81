# SPDX-License-Identifier: ISC
"""What may be thrown into a greenlet that waits."""

from __future__ import annotations

import aiologic
import eventlet
import eventlet.hubs
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import run
from greenlet import GreenletExit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor


class Stranger(Exception):  # noqa: N818
    """Thrown by somebody."""


def shield(function: Callable[[], Any]) -> Any:
    return worlds.green_world()[0].shield(function)


def nap(seconds: float) -> Callable[[], None]:
    return lambda: eventlet.sleep(seconds)


def test_a_timeout_of_eventlets_ends_a_wait(actor: Actor) -> None:
    event = aiologic.Event()

    def wait() -> None:
        with pytest.raises(eventlet.Timeout) as caught, eventlet.Timeout(0.001) as mine:
            event.wait()
        assert caught.value is mine
        assert event.waiting == 0

    actor.does(run(wait))


def test_of_nested_timeouts_each_ends_what_is_its_own(actor: Actor) -> None:
    event = aiologic.Event()

    def wait() -> str:
        with eventlet.Timeout(0.02, False):
            with eventlet.Timeout(100), pytest.raises(Stranger), eventlet.Timeout(
                0.001, Stranger
            ):
                event.wait()
            assert event.wait(0.001) is False
            event.wait()
        return "silently"

    assert actor.does(run(wait)) == "silently"
    assert event.waiting == 0


def test_anything_may_be_thrown_into_a_wait(actor: Actor) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        with lock:
            waiting = eventlet.spawn(lock.green_acquire)
            eventlet.sleep(0)
            waiting.kill(Stranger, Stranger("hello"), None)
            with pytest.raises(Stranger, match="hello"):
                waiting.wait()
            assert lock.waiting == 0
        assert not lock.locked()

    actor.does(run(play))


def test_a_greenlet_that_is_killed_before_it_begins_takes_nothing(actor: Actor) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        with lock:
            greenlet = eventlet.spawn(lock.green_acquire)
            greenlet.kill()
        assert not lock.locked()

    actor.does(run(play))


@pytest.mark.parametrize("thrown", ["kill", "Timeout"])
def test_woken_and_then_interrupted(actor: Actor, thrown: str) -> None:
    """kill() throws at once, and wins; a Timeout that expires later finds that the greenlet has gone on."""
    lock = aiologic.Lock()
    heard: list[object] = []

    def victim() -> None:
        try:
            heard.append(lock.green_acquire())
            lock.green_release()
            eventlet.sleep(10)
        except (GreenletExit, eventlet.Timeout) as error:
            heard.append(type(error).__name__)

    def play() -> None:
        lock.green_acquire()
        greenlet = eventlet.spawn(victim)
        next_one = eventlet.spawn(lock.green_acquire)
        eventlet.sleep(0)
        assert lock.waiting == 2
        lock.green_release()
        if thrown == "kill":
            greenlet.kill()
        else:
            hub = eventlet.hubs.get_hub()
            hub.schedule_call_global(0, greenlet.throw, eventlet.Timeout(None))
        greenlet.wait()
        assert next_one.wait() is True

    actor.does(run(play))
    assert heard == (["GreenletExit"] if thrown == "kill" else [True, "Timeout"])


def test_what_has_interrupted_a_wait_is_gone_with_it(actor: Actor) -> None:
    def play() -> str:
        event = aiologic.Event()
        hub = eventlet.hubs.get_hub()
        for _ in range(3):
            with eventlet.Timeout(0.001, False):
                event.wait(1000)
        pending = [timer for _, timer in hub.timers + hub.next_timers if timer.pending]
        assert pending == []
        event.set()
        assert event.wait() is True
        eventlet.sleep(0.005)
        return "undisturbed"

    assert actor.does(run(play)) == "undisturbed"


def test_a_wait_that_a_stray_switch_interrupts_counts_on_what_is_left(
    actor: Actor,
) -> None:
    """By a single timer: the first one does not stay until it would be due."""

    def play() -> object:
        event = aiologic.Event()
        hub = eventlet.hubs.get_hub()

        def seconds_of_timers() -> list[float]:
            timers = hub.timers + hub.next_timers
            return [timer.seconds for _, timer in timers if timer.pending]

        waiting = eventlet.spawn(event.wait, 0.9)
        eventlet.sleep(0)
        hub.schedule_call_global(0, waiting.switch, "astray")
        eventlet.sleep(0)
        (left,) = seconds_of_timers()
        assert left <= 0.9
        event.set()
        woken = waiting.wait()
        assert seconds_of_timers() == []
        return woken

    assert actor.does(run(play)) is True
