# SPDX-License-Identifier: ISC
"""What is left of a wait, of a thread, and of a hub: nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from contextlib import suppress
from weakref import ref

import aiologic
import eventlet
import eventlet.hubs
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import acquire, release, run, until, wait
from aiologic_eventlet import _entrance
from aiologic_eventlet._entrance import Entrance
from aiologic_eventlet._round import Round
from aiologic_eventlet._sockets import End, pair_of_sockets
from aiologic_eventlet._waiter import EventletWaiter
from greenlet import greenlet

from .steps import an_untidy_end, descriptors, end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage


def wait_once() -> None:
    eventlet.sleep(0)  # from now on there is a hub
    assert aiologic.Event().wait(0.001) is False


def wait_in_a_greenlet() -> None:
    eventlet.spawn(wait_once).wait()


def leave_one_waiting() -> None:
    eventlet.spawn_n(aiologic.Event().wait)
    eventlet.sleep(0)


@pytest.mark.parametrize("play", [wait_once, wait_in_a_greenlet, leave_one_waiting])
@pytest.mark.parametrize("end", [end_hub, int], ids=["abort", "thread ends"])
@an_untidy_end
def test_threads_leave_no_more_descriptors_than_eventlet_does(
    play: Callable[[], None], end: Callable[[], object]
) -> None:
    def in_eventlets_own_way() -> None:
        eventlet.spawn(eventlet.sleep, 0.001).wait()
        if play is leave_one_waiting:
            eventlet.spawn_n(eventlet.event.Event().wait)
            eventlet.sleep(0)

    def left_by(*functions: Callable[[], object]) -> int:
        def thread() -> None:
            for function in functions:
                function()

        in_new_thread(thread)
        before = descriptors()
        for _ in range(5):
            in_new_thread(thread)
        return descriptors() - before

    eventlet_leaves = left_by(in_eventlets_own_way, end)
    assert left_by(play, in_eventlets_own_way, end) == eventlet_leaves


def test_another_hub_in_the_same_thread_leaves_no_descriptors() -> None:
    def thread() -> int:
        wait_once()
        before = descriptors()
        for _ in range(5):
            end_hub()
            eventlet.hubs.use_hub()
            wait_once()
        return descriptors() - before

    assert in_new_thread(thread) == 0


def test_a_hub_that_has_ended_is_freed_without_a_collection_of_garbage() -> None:
    def thread() -> bool:
        wait_in_a_greenlet()
        hub = ref(eventlet.hubs.get_hub())
        gc.collect()
        gc.disable()
        try:
            end_hub()
            eventlet.hubs.use_hub()
            return hub() is None
        finally:
            gc.enable()

    assert in_new_thread(thread) is True


def test_the_pair_is_made_once(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def pair() -> list[End]:
        made.append(None)
        return pair_of_sockets()

    monkeypatch.setattr(_entrance, "pair_of_sockets", pair)
    for _ in range(5):
        actor.does(wait(aiologic.Event(), 0))
    assert len(made) <= 1


def test_the_first_greenlet_that_waits_is_not_kept(actor: Actor) -> None:
    def play() -> Any:
        first = eventlet.spawn(wait_once)
        first.wait()
        return ref(first)

    reference = actor.does(run(play))
    until(lambda: (gc.collect(), reference() is None)[1])


def test_wake_ups_leave_nothing_behind(threads: Stage, stage: Stage) -> None:
    """10,000 from another thread: no descriptor, thread, timer, greenlet or waiter stays."""
    ping, pong = aiologic.BinarySemaphore(0), aiologic.BinarySemaphore(0)
    waker, actor = threads.actor(), stage.actor()

    def answer(times: int) -> None:
        for _ in range(times):
            ping.green_acquire()
            pong.release()

    def ask(times: int) -> None:
        for turn in range(times):
            ping.release()
            pong.green_acquire(timeout=None if turn % 2 else 1000)

    def play(times: int) -> dict[str, int]:
        answering = waker.starts(run(lambda: answer(times)))
        actor.does(run(lambda: ask(times)))
        answering.result()
        counted: dict[str, int] = stage.inside(census)
        return counted

    play(100)
    before = play(10)
    after = play(10_000)
    # Less does not count: what an earlier test left may only now be freed.
    assert {name: count for name, count in after.items() if count > before[name]} == {}


def census() -> dict[str, int]:
    # eventlet keeps the husks of cancelled timers for a while; they hold nothing.
    hub = eventlet.hubs.get_hub()
    timers = [timer for _, timer in hub.timers + hub.next_timers if timer.pending]
    kinds = (EventletWaiter, greenlet, Entrance, Round)
    counted = {"descriptors": descriptors()}
    for kind in kinds:
        counted[kind.__name__] = sum(
            isinstance(thing, kind) for thing in gc.get_objects()
        )
    counted["threads"] = threading.active_count()
    counted["timers"] = len(timers)
    counted["listeners"] = sum(map(len, hub.listeners.values()))
    return counted


def test_a_collected_hub_reports_what_was_left_in_it(threads: Stage) -> None:
    """Nobody runs it again, and then it is forgotten."""
    lock = aiologic.Lock()
    holder, next_one = threads.actor(), threads.actor()
    holder.does(acquire(lock))

    def thread() -> None:
        victim = eventlet.spawn(lock.green_acquire)
        eventlet.sleep(0)
        call = next_one.starts(acquire(lock))
        until(lambda: lock.waiting == 2)
        holder.does(release(lock))  # a byte is on its way
        assert not call.is_done
        victim.kill()
        assert call.result() is True
        end_hub()

    in_new_thread(thread)


def test_an_aborted_hub_reports_also_what_stood_behind_one_who_did_not_wait(
    threads: Stage,
) -> None:
    """Any of those whose turn it is may have been interrupted meanwhile."""
    lock = aiologic.Lock()
    threads.actor().does(acquire(lock))
    left: list[Any] = []

    def thread() -> Any:
        left.append(eventlet.spawn(lock.green_acquire))
        eventlet.sleep(0)
        call = threads.actor().starts(acquire(lock))
        until(lambda: lock.waiting == 2)
        early: Any = worlds.create_green_waiter()
        early.source = None
        early.wake()
        lock._put_back()  # what the holder's release does, in this thread
        hub = eventlet.hubs.get_hub()
        hub.abort(wait=True)
        if hasattr(hub, "loop"):
            hub.loop.close()
        return call.result()

    assert in_new_thread(thread) is True


def test_an_entrance_that_is_closed_refuses() -> None:
    def thread() -> None:
        entrance = _entrance.entrance_of(eventlet.hubs.get_hub())
        heard: list[str] = []
        entrance.close()
        with pytest.raises(RuntimeError, match="has gone"):
            entrance.schedule(lambda: heard.append("called"))
        assert heard == []

    in_new_thread(thread)


def test_neither_end_of_a_pair_ever_blocks() -> None:
    """One is rung by those that wake; the other is read by the hub, sometimes when it is empty."""
    receiver, sender = pair_of_sockets()
    assert not receiver.getblocking()
    assert not sender.getblocking()
    with suppress(BlockingIOError):
        while sender.send(bytes(4096)):
            pass
    sender.ring(int)  # it is full now


@pytest.mark.skipif(
    os.environ.get("EVENTLET_HUB") == "asyncio", reason="that hub has no descriptor"
)
def test_the_hub_reads_all_that_it_was_sent(actor: Actor) -> None:
    """Otherwise its selector would be ready for ever. What is too much for one call is read by the next."""

    def play() -> None:
        entrance = _entrance.entrance_of(eventlet.hubs.get_hub())
        entrance._ring.__self__.send(bytes(10_000))  # type: ignore[union-attr]
        for _ in range(5):  # the hub looks at its descriptors
            eventlet.sleep(0)
        with pytest.raises(BlockingIOError):
            entrance._receiver.recv(1)  # type: ignore[union-attr]

    actor.does(run(play))


AT_THE_VERY_END = """
import builtins
import aiologic, eventlet

event = aiologic.Event()
eventlet.spawn(event.wait)
eventlet.sleep(0)

class Last:
    def __del__(self, event=event, print=print):
        event.set()
        print(event.is_set(), flush=True)

builtins.last = Last()  # goes when nothing can switch any more
"""


@pytest.mark.slow
def test_who_wakes_as_the_interpreter_ends_hears_nothing_of_it() -> None:
    """unpark() never raises: the wake-up can reach nobody any more."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AT_THE_VERY_END],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
