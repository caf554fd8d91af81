# SPDX-License-Identifier: ISC
"""Which way into a hub is taken, in which order wake-ups arrive, and how fast that is."""

from __future__ import annotations

import os
import threading
import time

import aiologic
import eventlet
import eventlet.hubs
import pytest
from aiologic.testing.harness import run, until, wait
from aiologic_eventlet import _entrance
from aiologic_eventlet._entrance import Entrance
from aiologic_eventlet._sockets import End, pair_of_sockets

from .steps import end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each use of the thread-safe entrance."""
    used: list[object] = []
    original = Entrance.schedule

    def schedule(entrance: Entrance, function: Callable[[], None]) -> None:
        used.append(function)
        original(entrance, function)

    monkeypatch.setattr(Entrance, "schedule", schedule)
    return used


def test_a_greenlet_wakes_one_of_its_hub_without_a_byte(
    actor: Actor, stage: Stage, entries: list[object]
) -> None:
    event = aiologic.Event()
    call = stage.actor().starts(wait(event))
    until(lambda: event.waiting == 1)
    actor.does(run(event.set))
    assert call.result() is True
    assert entries == []


def test_a_callback_of_the_hub_takes_the_way_of_other_threads(
    stage: Stage, entries: list[object]
) -> None:
    event = aiologic.Event()
    call = stage.actor().starts(wait(event))
    until(lambda: event.waiting == 1)
    with stage.frozen(as_callback=True) as inside:
        inside(event.set)
    assert call.result() is True
    assert len(entries) == 1


def test_a_thousand_waiters_are_woken_by_a_thread_with_one_byte(
    stage: Stage, entries: list[object]
) -> None:
    event = aiologic.Event()
    calls = [stage.actor().starts(wait(event)) for _ in range(1000)]
    until(lambda: event.waiting == 1000)
    with stage.frozen():
        event.set()
    assert all(call.result() for call in calls)
    assert len(entries) == 1


def test_those_who_are_woken_together_go_on_in_one_round(actor: Actor) -> None:
    def play() -> int:
        hub = eventlet.hubs.get_hub()
        event = aiologic.Event()
        crowd = [eventlet.spawn(event.wait) for _ in range(50)]
        eventlet.sleep(0)
        before = len(hub.next_timers)
        event.set()
        timers = len(hub.next_timers) - before
        assert all(each.wait() for each in crowd)
        return timers

    assert actor.does(run(play)) == 1


def test_those_who_wait_go_on_in_the_order_in_which_they_are_woken(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the clock stands still, so that eventlet's timers fire in any order."""
    order: list[int] = []

    def play() -> None:
        hub = eventlet.hubs.get_hub()
        event = aiologic.Event()

        def note(number: int) -> None:
            event.wait()
            order.append(number)

        crowd = []
        for number in range(50):
            crowd.append(eventlet.spawn(note, number))
            eventlet.sleep(0)
        now = hub.clock()
        monkeypatch.setattr(hub, "clock", lambda: now)
        event.set()
        for _ in range(3):
            eventlet.sleep(0)
        monkeypatch.undo()
        for each in crowd:
            each.wait()

    actor.does(run(play))
    assert order == list(range(50))


@pytest.mark.skipif(
    os.environ.get("EVENTLET_HUB") == "asyncio", reason="that hub has no descriptor"
)
def test_a_closed_descriptor_whose_number_the_hub_gets_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody closed it behind the hub's back: those that wait for it get an error, and none of our bytes."""
    reader, writer = os.pipe()

    def pair() -> list[End]:
        receiver, sender = pair_of_sockets()
        # This closes the pipe, too.
        return [End(fileno=os.dup2(receiver.fileno(), reader)), sender]

    monkeypatch.setattr(_entrance, "pair_of_sockets", pair)

    def thread() -> bool:
        def read() -> None:
            with pytest.raises(eventlet.hubs.IOClosed):
                eventlet.hubs.trampoline(reader, read=True)

        reading = eventlet.spawn(read)
        eventlet.sleep(0)
        event = aiologic.Event()
        assert event.wait(0) is False  # now the entrance is created
        waiting = eventlet.spawn(event.wait)
        eventlet.sleep(0)
        waker = threading.Thread(target=event.set)
        waker.start()
        waker.join()
        reading.wait()
        woken: bool = waiting.wait()
        end_hub()
        return woken

    assert in_new_thread(thread) is True
    os.close(writer)


@pytest.mark.slow
def test_a_wake_up_takes_effect_at_once_and_a_wait_costs_nothing(
    threads: Stage, stage: Stage
) -> None:
    delays: list[float] = []
    actor, waker = stage.actor(), threads.actor()
    for _ in range(500):
        event = aiologic.Event()
        sent: list[float] = []

        def receive(event: Any = event, sent: Any = sent) -> None:
            event.wait()
            delays.append(time.perf_counter() - sent[0])

        call = actor.starts(run(receive))
        until(lambda event=event: event.waiting == 1)  # type: ignore[misc]

        def send(event: Any = event, sent: Any = sent) -> None:
            sent.append(time.perf_counter())
            event.set()

        waker.does(run(send))
        call.result()
    assert sorted(delays)[len(delays) // 2] < 0.001

    event = aiologic.Event()
    call = actor.starts(wait(event))
    until(lambda: event.waiting == 1)
    before = time.process_time()
    time.sleep(2)
    assert time.process_time() - before < 0.02
    event.set()
    assert call.result() is True
