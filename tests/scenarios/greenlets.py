# SPDX-License-Identifier: ISC
# ruff: noqa: E402  # what is imported before the patch, and what after it, is what the script is about
# mypy: disable-error-code="no-redef, unused-ignore, no-untyped-call, func-returns-value, arg-type"
"""A script: a program of greenlets and native threads, patched or not; run by test_c10_greenlets_and_threads.py.

Usage: greenlets.py <library> <patched or unpatched>
"""

from __future__ import annotations

import warnings

# eventlet warns at import that it is in maintenance mode.
warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")

import sys

LIBRARY, WHEN = sys.argv[1:]
IS_PATCHED = WHEN == "patched"

if LIBRARY == "gevent":
    if IS_PATCHED:
        from gevent import monkey

        monkey.patch_all()
    from gevent import get_hub, sleep, spawn
    from gevent.monkey import get_original

    get_hub()
    start_native = get_original("_thread", "start_new_thread")
else:
    import eventlet

    if IS_PATCHED:
        eventlet.monkey_patch()
    from eventlet import sleep, spawn
    from eventlet.hubs import get_hub
    from eventlet.patcher import original

    start_native = original("_thread").start_new_thread

import asyncio
import gc
import os
import signal
import time

import aiologic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

THREADS, ITEMS, BEATS, TRIPS = 3, 100, 20, 50
#: A timer that far away fires only in a test that fails.
FAR = 10.0


def end_hub() -> None:
    """End the hub that a loop's patched selector has created in a native thread, because nobody else does."""
    if IS_PATCHED:
        if LIBRARY == "gevent":
            get_hub().destroy(destroy_loop=True)
        else:
            get_hub().abort(wait=True)  # type: ignore[attr-defined]  # eventlet's


def wait_for(greenlet: Any) -> Any:
    return greenlet.get() if LIBRARY == "gevent" else greenlet.wait()


def natively_until(condition: Callable[[], object]) -> None:
    """In a native thread. (It runs only for a moment; a patched sleep would give it a hub.)"""
    while not condition():
        pass


def items_from_native_threads() -> None:
    """The hub keeps running while greenlets wait for them, and each item is got once."""
    queue: aiologic.SimpleQueue[int | None] = aiologic.SimpleQueue()
    beats: list[None] = []
    got: list[int] = []

    def produce(first: int) -> None:
        natively_until(lambda: queue.waiting == 2 and len(beats) >= BEATS)
        for number in range(first, first + ITEMS):
            queue.put(number)

    def consume() -> None:
        got.extend(iter(queue.green_get, None))

    def beat() -> None:
        while len(got) < THREADS * ITEMS:
            beats.append(None)
            sleep(0)

    greenlets = [spawn(consume), spawn(consume), spawn(beat)]
    for number in range(THREADS):
        start_native(produce, (number * ITEMS,))
    wait_for(greenlets[2])
    queue.put(None)
    queue.put(None)
    for greenlet in greenlets:
        wait_for(greenlet)
    assert sorted(got) == list(range(THREADS * ITEMS))


def a_hub_with_nothing_else_to_do_does_not_give_up() -> None:
    """gevent raises LoopExit where it can't see that a thread will wake it."""
    queue: aiologic.SimpleQueue[str] = aiologic.SimpleQueue()
    event = aiologic.Event()

    def give() -> None:
        natively_until(lambda: queue.waiting == 1)
        queue.put("item")
        natively_until(lambda: event.waiting == 1)
        event.set()

    start_native(give, ())
    assert queue.green_get() == "item"
    assert event.wait() is True


def one_lock_for_greenlets_and_native_threads() -> None:
    lock = aiologic.Lock()
    inside: list[None] = []
    left = aiologic.CountdownEvent(4)

    def work(nap: Callable[[], object]) -> None:
        for _ in range(50):
            with lock:
                assert not inside
                inside.append(None)
                nap()
                inside.pop()
        left.down()

    greenlets = [spawn(work, lambda: sleep(0)) for _ in range(2)]
    for _ in range(2):
        start_native(work, (lambda: None,))
    assert left.wait(FAR) is True
    for greenlet in greenlets:
        wait_for(greenlet)


def round_trips(run: Callable[[Callable[[], Any]], object]) -> None:
    """Between a task and a greenlet of this thread; the loop has one timer, and that is far away."""
    there: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()
    back: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()

    def echo() -> None:
        for _ in range(TRIPS):
            back.put(there.green_get())

    async def ask() -> None:
        for number in range(TRIPS):
            there.put(number)
            assert await back.async_get() == number

    async def in_time() -> None:
        await asyncio.wait_for(ask(), FAR)

    greenlet = spawn(echo)
    run(in_time)
    wait_for(greenlet)


def a_loop_in_a_native_thread() -> None:
    done = aiologic.Event()

    def in_a_native_thread(main: Callable[[], Any]) -> None:
        def live() -> None:
            loop = asyncio.new_event_loop()
            loop.run_until_complete(main())
            loop.close()
            end_hub()
            done.set()

        start_native(live, ())
        assert done.wait(FAR) is True

    round_trips(in_a_native_thread)


def a_loop_in_this_very_thread() -> None:
    """Its patched selector lets greenlets run while the loop sleeps; 0.17.1 wakes it too late."""
    if IS_PATCHED:
        round_trips(lambda main: asyncio.run(main()))


def a_signal_handler_wakes_a_hub_that_sleeps() -> None:
    stop, sent_all = aiologic.Event(), aiologic.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def kill() -> None:
        natively_until(lambda: stop.waiting == 1)
        natively_until(sent)
        sent_all.set()

    def sent() -> bool:
        # CPython runs no handler for a signal that comes right before the blocking system call: so repeat it.
        os.kill(os.getpid(), signal.SIGTERM)
        return stop.is_set()

    start_native(kill, ())
    assert stop.wait(FAR) is True
    assert sent_all.wait(FAR) is True
    signal.signal(signal.SIGTERM, before)


def open_files() -> int:
    # eventlet leaves it to the collector to close what a hub polls with.
    gc.collect()
    return len(os.listdir("/dev/fd"))


SCENARIOS = [
    items_from_native_threads,
    a_hub_with_nothing_else_to_do_does_not_give_up,
    one_lock_for_greenlets_and_native_threads,
    a_loop_in_a_native_thread,
    a_loop_in_this_very_thread,
    a_signal_handler_wakes_a_hub_that_sleeps,
]

for scenario in SCENARIOS:
    scenario()
files = open_files()
for scenario in SCENARIOS:
    scenario()
# A native thread may need another moment to end, and to drop its hub.
deadline = time.monotonic() + FAR
while open_files() > files:
    assert time.monotonic() < deadline, "files are left open"
    sleep(0.01)
print("passed")
