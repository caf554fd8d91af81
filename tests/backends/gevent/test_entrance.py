# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, no-untyped-call"
"""The way into a hub: which way a wake-up takes, what keeps the hub going, and what becomes of a grant when it ends."""

from __future__ import annotations

import gc
import threading

import aiologic
import gevent
import gevent.event
import gevent.exceptions
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import LONG, acquire, release, run, until, wait
from aiologic_gevent._entrance import Entrance, _come_in, entrance_of

from .steps import in_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Call, Stage

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


# -- which way -----------------------------------------------------------------------------------------------------


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
    """It can't be told from a signal handler that has interrupted the hub's sleep."""
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
    """libev counts what keeps a loop going without the GIL: a second thread must keep its hands off."""
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


# -- what keeps the hub going --------------------------------------------------------------------------------------


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


# -- what becomes of a grant when the hub ends -----------------------------------------------------------------------


class Line:
    """A thread has a lock, a greenlet of a hub waits for it, and then another thread."""

    def __init__(self, threads: Stage) -> None:
        self.lock = aiologic.Lock()
        self.holder: Actor = threads.actor()
        self.next_one: Actor = threads.actor()
        self.holder.does(acquire(self.lock))
        self.left_behind: list[object] = []
        self.call: Call

    def form(self, timeout: float | None = None) -> None:
        """In the hub's thread."""
        self.left_behind.append(gevent.spawn(self.lock.green_acquire, timeout=timeout))
        gevent.sleep(0)
        assert self.lock.waiting == 1
        self.call = self.next_one.starts(acquire(self.lock))
        until(lambda: self.lock.waiting == 2)

    def release(self) -> None:
        self.holder.does(release(self.lock))
        assert not self.call.is_done

    def moves_up(self) -> None:
        if self.lock.locked() and self.holder.does(run(self.lock.green_owned)):
            self.holder.does(release(self.lock))
        assert self.call.result() is True
        assert self.lock.waiting == 0
        self.next_one.does(release(self.lock))
        assert self.holder.does(acquire(self.lock, blocking=False)) is True


@pytest.fixture
def line(threads: Stage) -> Line:
    return Line(threads)


@pytest.mark.parametrize("timeout", [None, 1000])
@pytest.mark.parametrize("released_first", [False, True])
@pytest.mark.parametrize("ends_by", ["destroy", "thread's end", "destroyed loop"])
def test_a_hub_that_ends_loses_no_grant(
    line: Line,
    make_hub: MakeHub,
    ends_by: str,
    released_first: bool,
    timeout: float | None,
) -> None:
    """A greenlet is left behind in it: before it is given the lock, or just after."""

    def play() -> None:
        hub = make_hub()
        line.form(timeout)
        if released_first:
            line.release()
        if ends_by == "destroy":
            hub.destroy(destroy_loop=True)
        elif ends_by == "destroyed loop":
            if released_first:
                hub.destroy(destroy_loop=True)
            else:
                loop = hub.loop
                hub.destroy(destroy_loop=False)
                loop.destroy()

    in_new_thread(play)
    line.moves_up()


@pytest.mark.parametrize("released_by", ["a greenlet", "a thread"])
def test_one_whose_turn_it_is_when_the_hub_is_destroyed_loses_no_grant(
    line: Line, make_hub: MakeHub, released_by: str
) -> None:
    """The wake-up has come in, and the hub has only to switch: it never does."""

    def play() -> None:
        hub = make_hub()
        semaphore = aiologic.BinarySemaphore(0)
        line.left_behind.append(gevent.spawn(semaphore.green_acquire))
        gevent.sleep(0)
        call = line.next_one.starts(acquire(semaphore))
        until(lambda: semaphore.waiting == 2)
        if released_by == "a greenlet":
            semaphore.release()
        else:
            line.holder.does(run(semaphore.release))
            _come_in(entrance_of(hub)._left)
        assert not call.is_done
        hub.destroy(destroy_loop=True)
        assert call.result() is True

    in_new_thread(play)


def test_several_greenlets_of_a_destroyed_hub_pass_it_on(
    threads: Stage, make_hub: MakeHub
) -> None:
    lock = aiologic.Lock()
    holder = threads.actor()
    holder.does(acquire(lock))
    left_behind: list[object] = []

    def play() -> None:
        hub = make_hub()
        left_behind.extend(gevent.spawn(lock.green_acquire) for _ in range(500))
        gevent.sleep(0)
        assert lock.waiting == 500
        hub.destroy(destroy_loop=True)

    in_new_thread(play)
    call = threads.actor().starts(acquire(lock))
    until(lambda: lock.waiting == 501)
    holder.does(release(lock))
    assert call.result() is True
    assert lock.waiting == 0


def test_another_hub_of_the_same_thread_and_loop_has_an_entrance_of_its_own(
    line: Line, make_hub: MakeHub
) -> None:
    """gevent keeps the loop of a destroyed hub for the next one, unless it is told to destroy that, too."""

    def play() -> None:
        hub = make_hub()
        line.form()
        hub.destroy(destroy_loop=False)
        next_hub = gevent.get_hub()
        assert next_hub is not hub
        event = aiologic.Event()
        waiting = gevent.spawn(event.wait)
        gevent.sleep(0)
        threading.Timer(0.01, event.set).start()
        assert waiting.get() is True
        line.moves_up()
        next_hub.destroy(destroy_loop=True)

    in_new_thread(play)


def test_a_waiter_of_a_destroyed_hub_is_woken_in_vain(make_hub: MakeHub) -> None:
    """unpark() neither raises nor blocks, in whatever thread, and tells of the loss."""
    heard: list[str] = []

    class Source:
        def _take_back(self, waiter: object) -> None:
            heard.append("taken back")

    def play(hub: Any) -> Any:
        waiters = [worlds.create_green_waiter() for _ in range(2)]
        for waiter in waiters:
            waiter.source = Source()
        hub.destroy(destroy_loop=True)
        assert waiters[0].wake() is True
        return waiters[1]

    assert in_hub(make_hub, play).wake() is True
    assert heard == ["taken back"] * 2


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
    """Somebody destroyed it past its hub."""

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


def test_a_signal_handler_may_make_the_entrance_while_it_is_made(
    make_hub: MakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub has one, whoever was faster."""
    import aiologic_gevent._entrance as module

    def play(hub: Any) -> None:
        original = module.Entrance
        made: list[Entrance] = []

        def interrupted(hub: Any) -> Entrance:
            if not made:
                made.append(original(hub))
                made.append(entrance_of(hub))
                made.append(original(hub))
                return made[-1]
            return original(hub)

        monkeypatch.setattr(module, "Entrance", interrupted)
        assert entrance_of(hub) is made[1]
        assert not made[
            2
        ].is_open  # its watcher would outlive the loop, or be used after it
        made[0].close()
        assert made[1].is_open

    in_hub(make_hub, play)
