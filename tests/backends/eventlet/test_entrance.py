# SPDX-License-Identifier: ISC
"""Nothing gets lost on the way into a hub, however the hub or a greenlet ends."""

from __future__ import annotations

import gc
import os
import threading

import aiologic
import eventlet
import eventlet.hubs
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import LONG, acquire, release, run, until

from .steps import an_untidy_end, end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage


def test_greenlets_that_wake_each_other_for_ever_let_others_run(actor: Actor) -> None:
    """A round ends with the last of those that stood in line when it began."""

    def play() -> int:
        one, other = aiologic.BinarySemaphore(), aiologic.BinarySemaphore(0)
        turns: list[None] = []

        def pass_on(mine: Any, theirs: Any) -> None:
            while len(turns) < 100_000:
                mine.green_acquire()
                turns.append(None)
                theirs.release()

        players = [
            eventlet.spawn(pass_on, one, other),
            eventlet.spawn(pass_on, other, one),
        ]
        eventlet.sleep(0.001)
        seen = len(turns)
        for player in players:
            player.kill()
        return seen

    assert 0 < actor.does(run(play)) < 100_000


@pytest.mark.parametrize("remote", [False, True])
def test_who_ends_with_an_error_does_not_take_others_along(
    stage: Stage, remote: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """The error is printed, as eventlet does for all greenlets."""
    event = aiologic.Event()
    heard: list[str] = []

    def fail() -> None:
        event.wait()
        raise ZeroDivisionError("its own business")

    def go_on() -> None:
        event.wait()
        heard.append("went on")

    stage.inside(lambda: (eventlet.spawn_n(fail), eventlet.spawn_n(go_on)))
    until(lambda: event.waiting == 2)
    if remote:
        event.set()
    else:
        stage.inside(event.set)
    until(lambda: heard)
    assert "its own business" in capfd.readouterr().err


@pytest.mark.parametrize("remote", [False, True])
def test_who_ends_the_hub_does_not_take_others_along(remote: bool) -> None:
    """SystemExit in a greenlet comes out of the first one, which may continue."""
    event = aiologic.Event()
    heard: list[str] = []

    def leave() -> None:
        event.wait()
        raise SystemExit("leave")

    def go_on() -> None:
        event.wait()
        heard.append("went on")

    def thread() -> None:
        eventlet.spawn_n(leave)
        eventlet.spawn_n(go_on)
        eventlet.sleep(0)
        if remote:
            waker = threading.Thread(target=event.set)
            waker.start()
            waker.join()
        else:
            event.set()
        with pytest.raises(SystemExit):
            eventlet.sleep(0.1)
        eventlet.sleep(0.01)
        end_hub()

    in_new_thread(thread)
    assert heard == ["went on"]


def left_behind(
    threads: Stage, end: Callable[[], object], released: str
) -> tuple[Any, Any]:
    """A greenlet waits in a hub that ends, with a thread behind it in the queue, and gets the lock at some point."""
    lock = aiologic.Lock()
    holder, next_one = threads.actor(), threads.actor()
    holder.does(acquire(lock))
    parked, go_on = threading.Event(), threading.Event()
    sleepers: list[object] = []

    def thread() -> None:
        sleepers.append(eventlet.spawn_n(lock.green_acquire))
        eventlet.sleep(0)
        parked.set()
        assert go_on.wait(LONG)
        if released == "by a greenlet":
            lock._put_back()  # what the holder's release does, in this thread
        end()

    ending = threading.Thread(target=thread)
    ending.start()
    assert parked.wait(LONG)
    call = next_one.starts(acquire(lock))
    until(lambda: lock.waiting == 2)
    if released == "before":
        holder.does(release(lock))
        assert not call.is_done
    go_on.set()
    ending.join(LONG)
    if released == "after":
        holder.does(release(lock))
    return lock, call


def abort() -> None:
    """Abort the hub before those in line go on."""
    hub = eventlet.hubs.get_hub()
    hub.abort(wait=True)
    if hasattr(hub, "loop"):
        hub.loop.close()


def take_another_hub() -> None:
    eventlet.hubs.use_hub()
    assert aiologic.Event().wait(0) is False
    eventlet.sleep(0)
    assert aiologic.Event().wait(0) is False
    end_hub()


@pytest.mark.parametrize(
    "end", [abort, int, take_another_hub], ids=["abort", "thread ends", "another hub"]
)
@pytest.mark.parametrize("released", ["before", "by a greenlet", "after"])
@an_untidy_end
def test_a_hub_that_ends_loses_no_grant(
    threads: Stage, end: Callable[[], object], released: str
) -> None:
    """The next in line gets it, at once, without a garbage collection."""
    if end is take_another_hub and os.environ.get("EVENTLET_HUB") == "asyncio":
        pytest.skip("a thread runs one loop of asyncio's at a time")
    gc.disable()
    try:
        lock, call = left_behind(threads, end, released)
        assert call.result() is True
    finally:
        gc.enable()
        gc.collect()
    assert lock.waiting == 0
    assert lock.locked()


def test_the_first_greenlet_goes_on_when_the_hub_was_aborted() -> None:
    """The hub returns to it: the wake-up that was lost with the hub's timers reaches it all the same."""

    def thread() -> bool:
        eventlet.sleep(0)  # from now on there is a hub
        waiter: Any = worlds.create_green_waiter()
        waiter.source = None

        def wake_and_abort() -> None:
            waiter.wake()
            eventlet.hubs.get_hub().abort()

        eventlet.spawn_n(wake_and_abort)
        woken: bool = waiter.park(None)
        end_hub()
        return woken

    assert in_new_thread(thread) is True


@pytest.mark.parametrize("timeout", [0.01, 1e300])
def test_the_first_greenlet_waits_on_when_the_hub_was_aborted(timeout: float) -> None:
    """Its time-out still counts, although its timer is gone; and a thread can still wake it."""
    event = aiologic.Event()

    def thread() -> bool:
        eventlet.spawn_n(eventlet.hubs.get_hub().abort)
        woken = event.wait(timeout)
        end_hub()
        return woken

    if timeout > 1:
        waker = threading.Timer(0.05, event.set)
        waker.start()
    assert in_new_thread(thread) is (timeout > 1)


def test_a_round_whose_timer_is_lost_is_called_again(actor: Actor) -> None:
    """A timer that a signal handler sets may get lost between the halves of ``hub.next_timers = [...]``."""

    def play() -> object:
        hub = eventlet.hubs.get_hub()
        event = aiologic.Event()
        waiting = eventlet.spawn(event.wait)
        eventlet.sleep(0)
        before = list(hub.next_timers)
        event.set()
        hub.next_timers = before
        return waiting.wait()

    assert actor.does(run(play)) is True


def test_a_stray_switch_wakes_nobody(actor: Actor) -> None:
    def play() -> object:
        event = aiologic.Event()
        hub = eventlet.hubs.get_hub()
        for timeout, expected in ((None, True), (0.01, False)):
            waiting = eventlet.spawn(event.wait, timeout)
            eventlet.sleep(0)
            hub.schedule_call_global(0, waiting.switch, "astray")
            eventlet.sleep(0)
            eventlet.sleep(0)
            assert event.waiting == 1
            if expected:
                event.set()
            assert waiting.wait() is expected
            event = aiologic.Event()
        return "right"

    assert actor.does(run(play)) == "right"


def test_a_wake_up_may_come_before_the_wait_and_after_it(
    actor: Actor, capfd: pytest.CaptureFixture[str]
) -> None:
    """If the hub comes to it too early or too late, it finds nothing to do, and no error."""

    def play() -> list[bool]:
        early = worlds.create_green_waiter()
        early.source = None
        outcomes = [early.wake(), early.park(None), early.wake()]
        late = worlds.create_green_waiter()
        outcomes.append(late.park(0))
        late.unpark()
        threading.Thread(target=late.unpark).start()
        eventlet.sleep(0.01)
        return outcomes

    assert actor.does(run(play)) == [True, True, False, False]
    assert capfd.readouterr().err == ""
