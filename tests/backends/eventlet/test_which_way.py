# SPDX-License-Identifier: ISC
"""Which way into a hub is taken, in which order, and how fast it is."""

from __future__ import annotations

import time

import aiologic
import eventlet
import eventlet.hubs
import pytest
from aiologic.testing.harness import run, until, wait
from aiologic_eventlet._entrance import Entrance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each use of the thread-safe way."""
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


def test_those_who_wait_go_on_in_the_order_in_which_they_are_woken(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the clock stands still, and eventlet's timers fire in any order."""
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
