# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value"
"""The way into a hub: which way a wake-up takes, what keeps the hub running, and when the way is closed."""

from __future__ import annotations

import gc
import threading

import aiologic
import gevent
import gevent.event
import gevent.exceptions
import pytest
from aiologic.testing.harness import LONG, run, until, wait
from aiologic_gevent import _entrance
from aiologic_gevent._entrance import Entrance, entrance_of

from .steps import in_hub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Stage

    MakeHub = Callable[[], Any]


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each use of an entrance."""
    used: list[object] = []
    original = Entrance.schedule

    def schedule(entrance: Entrance, function: Callable[[], None]) -> None:
        used.append(function)
        original(entrance, function)

    monkeypatch.setattr(Entrance, "schedule", schedule)
    return used


# -- which way -------------------------------------------------------------------------------------------------------


def test_a_greenlet_wakes_one_of_its_hub_without_it(
    stage: Stage, entries: list[object]
) -> None:
    event = aiologic.Event()
    call = stage.actor().starts(wait(event))
    until(lambda: event.waiting == 1)
    stage.inside(event.set)
    assert call.result() is True
    assert entries == []


def test_a_callback_wakes_through_it(stage: Stage, entries: list[object]) -> None:
    """A callback can't be told from a signal handler that has interrupted the hub's sleep."""
    event = aiologic.Event()
    call = stage.actor().starts(wait(event))
    until(lambda: event.waiting == 1)
    with stage.frozen(as_callback=True) as inside:
        inside(event.set)
    assert call.result() is True
    assert len(entries) == 1


def test_a_thousand_waiters_are_woken_by_a_thread_through_one_entry(
    stage: Stage, entries: list[object]
) -> None:
    event = aiologic.Event()
    count = 1000

    def wait_in_many() -> None:
        greenlets = [gevent.spawn(event.wait) for _ in range(count)]
        gevent.joinall(greenlets)
        assert all(greenlet.value for greenlet in greenlets)

    call = stage.actor().starts(run(wait_in_many))
    until(lambda: event.waiting == count)
    with stage.frozen():
        event.set()
        assert len(entries) == 1
    call.result()
    assert len(entries) == 1


def test_they_go_on_in_the_order_of_their_wake_ups(stage: Stage) -> None:
    order: list[int] = []
    semaphores = [aiologic.BinarySemaphore(0) for _ in range(6)]

    def take(number: int) -> None:
        semaphores[number].green_acquire()
        order.append(number)

    calls = [
        stage.actor().starts(run(lambda number=number: take(number)))  # type: ignore[misc]
        for number in range(6)
    ]
    until(lambda: all(semaphore.waiting for semaphore in semaphores))
    numbers = [3, 0, 5, 1, 4, 2]
    with stage.frozen() as inside:
        for number in numbers[:3]:
            inside(semaphores[number].release)
        for number in numbers[3:]:
            semaphores[number].release()
    for call in calls:
        call.result()
    assert order == numbers


def test_to_enter_changes_nothing_of_the_loop_in_the_callers_thread(
    make_hub: MakeHub,
) -> None:
    """libev counts what keeps a loop running, without the GIL: no other thread may touch that."""
    event = aiologic.Event()

    def play(hub: Any) -> None:
        greenlet = gevent.spawn(event.wait)
        gevent.sleep(0)
        before = hub.loop.activecnt
        setter = threading.Thread(target=event.set)
        setter.start()
        setter.join()  # the hub is busy with us meanwhile
        assert hub.loop.activecnt == before
        greenlet.join()

    in_hub(make_hub, play)


# -- what keeps the hub going ----------------------------------------------------------------------------------------


def test_a_hub_goes_on_while_a_greenlet_waits(make_hub: MakeHub) -> None:
    event = aiologic.Event()

    def play(_: object) -> bool:
        greenlets = [gevent.spawn(event.wait) for _ in range(2)]
        gevent.joinall(greenlets)
        return all(greenlet.value for greenlet in greenlets)

    waker = threading.Thread(
        target=lambda: (until(lambda: event.waiting == 2), event.set())
    )
    waker.start()
    assert in_hub(make_hub, play) is True
    waker.join()


def test_gevent_still_finds_the_deadlocks_of_others(make_hub: MakeHub) -> None:
    def play(hub: Any) -> None:
        event = aiologic.Event()
        for _ in range(2):
            assert event.wait(0.001) is False
            with pytest.raises(gevent.exceptions.LoopExit):
                gevent.event.Event().wait()
        waiting = gevent.spawn(event.wait)
        gevent.sleep(0)
        assert hub.join(timeout=0.01) is False
        waiting.kill()
        assert hub.join(timeout=LONG) is True
        with pytest.raises(gevent.exceptions.LoopExit):
            gevent.event.Event().wait()

    in_hub(make_hub, play)


def test_one_who_leaves_does_not_end_the_hub_of_another(make_hub: MakeHub) -> None:
    event = aiologic.Event()

    def play(_: object) -> None:
        patient = gevent.spawn(event.wait)
        impatient = gevent.spawn(event.wait, 0.001)
        killed = gevent.spawn(event.wait)
        gevent.sleep(0)
        killed.kill()
        assert impatient.get() is False
        threading.Timer(0.01, event.set).start()
        assert patient.get() is True

    in_hub(make_hub, play)


# -- made, and closed ------------------------------------------------------------------------------------------------


def test_a_signal_handler_may_make_the_entrance_while_it_is_made(
    make_hub: MakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub has one entrance, whoever was faster."""

    def play(hub: Any) -> None:
        made: list[Entrance] = []

        def interrupted(hub: Any) -> Entrance:
            if not made:
                made.append(Entrance(hub))
                made.append(entrance_of(hub))
                made.append(Entrance(hub))
                return made[-1]
            return Entrance(hub)

        monkeypatch.setattr(_entrance, "Entrance", interrupted)
        assert entrance_of(hub) is made[1]
        # Its watcher would outlive the loop, or be used after it.
        assert not made[2].is_open
        made[0].close()
        assert made[1].is_open

    in_hub(make_hub, play)


def test_an_entrance_that_is_closed_refuses_and_drops_what_is_left(
    make_hub: MakeHub,
) -> None:
    heard: list[str] = []

    class Delivery:
        def __call__(self) -> None:
            heard.append("called")

        def __del__(self) -> None:
            heard.append("dropped")

    def play(hub: object) -> None:
        entrance = entrance_of(hub)
        entrance.schedule(Delivery())
        gevent.sleep(0.01)
        gc.collect()
        assert heard == ["called", "dropped"]
        heard.clear()
        entrance.schedule(Delivery())
        entrance.close()
        gc.collect()
        assert heard == ["dropped"]
        with pytest.raises(RuntimeError, match="hub has gone"):
            entrance.schedule(int)  # type: ignore[arg-type]
        entrance.close()

    in_hub(make_hub, play)


def test_a_destroyed_loop_refuses(make_hub: MakeHub) -> None:
    """Somebody destroyed the loop without its hub."""

    def play(hub: Any) -> None:
        entrance = entrance_of(hub)
        loop = hub.loop
        Hub = type(hub)
        Hub.destroy(hub, destroy_loop=True)
        assert not loop.ptr
        with pytest.raises(RuntimeError, match="loop has gone"):
            entrance.schedule(int)  # type: ignore[arg-type]
        del hub.destroy
        entrance.close()

    in_hub(make_hub, play)
