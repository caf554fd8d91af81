# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, no-untyped-call, arg-type"
"""What is left of a wait, of a thread, and of a hub: nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from weakref import ref

import aiologic
import gevent
import pytest
from aiologic.testing.harness import run, until
from aiologic_gevent._entrance import Entrance
from aiologic_gevent._waiter import GeventWaiter
from gevent.hub import Hub, Waiter
from greenlet import greenlet

from .steps import ROOT, descriptors, in_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Stage

    MakeHub = Callable[[], Any]


def wait_once() -> None:
    assert aiologic.Event().wait(0.001) is False


def wait_in_a_greenlet() -> None:
    gevent.spawn(wait_once).join()


def leave_one_waiting() -> None:
    gevent.spawn(aiologic.Event().wait)
    gevent.sleep(0)


def leave_one_waiting_for_long() -> None:
    gevent.spawn(aiologic.Event().wait, 1000)
    gevent.sleep(0)


PLAYS = [wait_once, wait_in_a_greenlet, leave_one_waiting, leave_one_waiting_for_long]


def destroy() -> None:
    gevent.get_hub().destroy(destroy_loop=True)


def test_nothing_of_us_stays_in_the_hub_of_a_thread_that_ends(
    make_hub: MakeHub,
) -> None:
    """The hub itself may stay, because gevent does not free all of them."""
    hubs: list[Any] = []

    def thread() -> None:
        hubs.append(make_hub())
        before = {*vars(hubs[0])}
        wait_once()
        hubs.append({*vars(hubs[0])} - before)
        hubs.append(before)

    in_new_thread(thread)
    hub, ours, before = hubs
    assert ours
    until(lambda: {*vars(hub)} <= before)


@pytest.mark.slow
@pytest.mark.parametrize("play", PLAYS)
@pytest.mark.parametrize("end", [destroy, int], ids=["destroy", "thread ends"])
def test_threads_leave_no_more_than_gevent_does(
    make_hub: MakeHub, play: Callable[[], None], end: Callable[[], object]
) -> None:
    def left_by(*functions: Callable[[], object]) -> list[int]:
        def thread() -> None:
            make_hub()
            for function in functions:
                function()

        in_new_thread(thread)
        before = count()
        for _ in range(5):
            in_new_thread(thread)
        return [now - then for now, then in zip(count(), before)]

    def count() -> list[int]:
        return [descriptors(), number_of(Hub), number_of(GeventWaiter)]

    def in_gevents_own_way() -> None:
        gevent.spawn(gevent.sleep, 0.001).join()
        if play in (leave_one_waiting, leave_one_waiting_for_long):
            gevent.spawn(gevent.event.Event().wait)
            gevent.sleep(0)

    entrances = number_of(Entrance)
    expected = left_by(in_gevents_own_way, end)
    left = left_by(play, in_gevents_own_way, end)
    if play in (wait_once, wait_in_a_greenlet):
        assert number_of(Entrance) == entrances
    else:  # gevent does not free greenlets that are left behind
        expected[2] = left[2]
    assert left == expected


def number_of(kind: type) -> int:
    gc.collect()
    return sum(isinstance(thing, kind) for thing in gc.get_objects())


def test_another_hub_in_the_same_thread_leaves_nothing(make_hub: MakeHub) -> None:
    def thread() -> int:
        make_hub()
        wait_once()
        before = descriptors()
        for _ in range(5):
            destroy()
            make_hub()
            wait_once()
        after = descriptors()
        destroy()
        return after - before

    assert in_new_thread(thread) == 0


def test_a_hub_that_has_ended_is_freed_as_if_we_were_not_there(
    make_hub: MakeHub,
) -> None:
    def without_garbage_collection(play: Callable[[], None]) -> bool:
        def thread() -> bool:
            hub = ref(make_hub())
            play()
            gc.collect()
            gc.disable()
            try:
                destroy()
                return hub() is None
            finally:
                gc.enable()

        return bool(in_new_thread(thread))

    expected = without_garbage_collection(lambda: gevent.sleep(0))
    assert without_garbage_collection(wait_in_a_greenlet) is expected


@pytest.mark.slow
@pytest.mark.parametrize("timeout", [None, 1000])
def test_wake_ups_leave_nothing_behind(
    threads: Stage, stage: Stage, timeout: float | None
) -> None:
    """10,000 from another thread: no descriptor, thread, watcher, greenlet or waiter stays."""
    ping, pong = aiologic.BinarySemaphore(0), aiologic.BinarySemaphore(0)
    waker, actor = threads.actor(), stage.actor()

    def answer(times: int) -> None:
        for _ in range(times):
            ping.green_acquire()
            pong.release()

    def ask(times: int) -> None:
        for _ in range(times):
            ping.release()
            pong.green_acquire(timeout=timeout)

    def play(times: int) -> dict[str, int]:
        answering = waker.starts(run(lambda: answer(times)))
        actor.does(run(lambda: ask(times)))
        answering.result()
        stage.inside(lambda: gevent.sleep(0))  # timers that were closed are dropped
        counted: dict[str, int] = stage.inside(census)
        return counted

    play(100)
    before = play(10)
    after = play(10_000 if timeout is None else 2_000)
    # Less does not count: what an earlier test left may only now be freed.
    assert {name: count for name, count in after.items() if count > before[name]} == {}


def census() -> dict[str, int]:
    loop = gevent.get_hub().loop
    counted = {
        "descriptors": descriptors(),
        "threads": threading.active_count(),
        "what keeps the loop going": loop.activecnt,
        "started watchers": len(getattr(loop, "_keepaliveset", ())),
    }
    for kind in (GeventWaiter, Waiter, greenlet, Entrance):
        counted[kind.__name__] = number_of(kind)
    return counted


def test_a_greenlet_that_has_waited_is_freed_at_once(make_hub: MakeHub) -> None:
    def play(_: object) -> Any:
        greenlet = gevent.spawn(wait_once)
        greenlet.join()
        reference = ref(greenlet)
        gc.disable()
        try:
            del greenlet
            gevent.sleep(0)
            return reference() is None
        finally:
            gc.enable()

    assert in_hub(make_hub, play) is True


# -- in a process of its own -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(300)  # a whole suite, in which each test has a time-out of its own
@pytest.mark.parametrize("loop", ["libev-cffi", "libuv-cffi"])
def test_the_suite_passes_in_a_process_on_another_loop(loop: str) -> None:
    if find_spec("_cffi_backend") is None:
        pytest.skip(f"{loop} needs cffi")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-k", "not libuv", "tests/backends/gevent/test_behaviour.py"),
        ],
        env={**os.environ, "GEVENT_LOOP": loop},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stdout


AT_THE_VERY_END = """
import builtins
import aiologic, gevent

event = aiologic.Event()
gevent.spawn(event.wait)
gevent.sleep(0)

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
