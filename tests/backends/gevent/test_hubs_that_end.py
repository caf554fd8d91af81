# SPDX-License-Identifier: ISC
"""If the hub ends in which a greenlet waits, its grant goes to the next."""

from __future__ import annotations

import threading

import aiologic
import gevent
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import acquire, release, run, until
from aiologic_gevent._entrance import _come_in, entrance_of

from .steps import in_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Call, Stage

    MakeHub = Callable[[], Any]


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
        """Form the line, in the hub's thread."""
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
    """A greenlet is left behind in it: just before it is given the lock, or just after."""

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
    """The wake-up has reached the hub, which has only to switch: it never does."""

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


@pytest.mark.parametrize("released_first", [False, True])
def test_several_greenlets_of_a_destroyed_hub_pass_it_on(
    threads: Stage, make_hub: MakeHub, released_first: bool
) -> None:
    """Also to those of them that learnt of the end before they were given it."""
    lock = aiologic.Lock()
    holder, next_one = threads.actor(), threads.actor()
    holder.does(acquire(lock))
    left_behind: list[object] = []
    calls: list[Call] = []

    def play() -> None:
        hub = make_hub()
        left_behind.extend(gevent.spawn(lock.green_acquire) for _ in range(500))
        gevent.sleep(0)
        calls.append(next_one.starts(acquire(lock)))
        until(lambda: lock.waiting == 501)
        if released_first:
            holder.does(release(lock))
        hub.destroy(destroy_loop=True)

    in_new_thread(play)
    if not released_first:
        holder.does(release(lock))
    assert calls[0].result() is True
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
    """unpark() neither raises nor blocks, in whatever thread, and reports the loss."""
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
