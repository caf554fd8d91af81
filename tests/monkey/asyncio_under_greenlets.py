# SPDX-License-Identifier: ISC
# ruff: noqa: E402  # what is imported before the patch, and what after it, is what the script is about
# mypy: disable-error-code="no-redef, unused-ignore, no-untyped-call, func-returns-value, arg-type"
"""A script: loops of asyncio in a process that gevent or eventlet has patched; run by test_asyncio_under_*.py.

Usage: asyncio_under_greenlets.py <library> <when to patch> <function of this file>
"""

# With a patched selector, a sleeping loop is a sleeping greenlet, and other greenlets run in its thread meanwhile. For
# all of them, "the loop of this thread runs" is true, and yet the loop is asleep: a wake-up that takes the local way is
# not noticed before the next timer of the loop, which is FAR here. Hence the rule that only a task's step takes it.

from __future__ import annotations

import warnings

# eventlet warns at import that it is in maintenance mode.
warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")

import sys

LIBRARY, WHEN, NAME = sys.argv[1:]


def patch() -> None:
    if LIBRARY == "gevent":
        from gevent import monkey

        monkey.patch_all()
    else:
        import warnings

        # It warns at import that it is in maintenance mode.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        import eventlet

        eventlet.monkey_patch()


if WHEN == "before":
    patch()
    import aiologic
else:
    import aiologic

    if WHEN == "after use":
        import asyncio

        async def use() -> None:
            async with aiologic.Lock():
                pass

        with aiologic.Lock():
            asyncio.run(use())
    patch()

import asyncio
import threading
import time

from aiologic.lowlevel import (
    current_async_library,
    current_async_task,
    current_green_library,
)

if LIBRARY == "gevent":
    import gevent
    from gevent import spawn
    from gevent.monkey import get_original

    start_native = get_original("_thread", "start_new_thread")
    sleep = gevent.sleep
else:
    from eventlet import sleep, spawn
    from eventlet.patcher import original

    start_native = original("_thread").start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

#: A timer that far away fires only in tests that fail.
FAR = 10.0
KINDS = [aiologic.Lock, aiologic.RLock, aiologic.BinarySemaphore]


def run(main: Callable[[], Awaitable[None]]) -> None:
    """Run it in this very greenlet, and check that it was over long before any timer."""
    begin = time.perf_counter()
    asyncio.run(asyncio.wait_for(main(), FAR))  # type: ignore[arg-type]
    assert time.perf_counter() - begin < FAR / 2, "a wake-up was noticed too late"


def in_a_native_thread(function: Callable[[], object]) -> None:
    """Call it in a real thread, whatever was patched."""
    start_native(function, ())


def until(condition: Callable[[], object]) -> None:
    """In a greenlet: let others run until it is true."""
    deadline = time.perf_counter() + FAR
    while not condition():
        assert time.perf_counter() < deadline, "stuck"
        sleep(0.001)


async def until_in_a_task(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110  # no event tells of that
        await asyncio.sleep(0.001)


def a_greenlet_wakes_a_loop_that_sleeps() -> None:
    """0.17.1 was two seconds late, which was the loop's next timer."""
    event, semaphore = aiologic.Event(), aiologic.BinarySemaphore(0)

    def give() -> None:
        until(lambda: event.waiting == 1)
        event.set()
        until(lambda: semaphore.waiting == 1)
        semaphore.green_release()

    async def main() -> None:
        assert await event is True
        assert await semaphore.async_acquire(timeout=FAR) is True

    greenlet = spawn(give)
    run(main)
    wait_for(greenlet)


def wait_for(greenlet: Any) -> None:
    (greenlet.join if LIBRARY == "gevent" else greenlet.wait)()


def a_patched_thread_wakes_a_loop_that_sleeps() -> None:
    """It is a greenlet of the loop's own thread."""
    event = aiologic.Event()

    def give() -> None:
        until(lambda: event.waiting == 1)
        event.set()

    async def main() -> None:
        thread = threading.Thread(target=give)
        thread.start()
        assert await event is True
        thread.join()

    run(main)


def a_native_thread_wakes_a_loop_that_sleeps() -> None:
    event = aiologic.Event()

    def give() -> None:
        while not event.waiting:
            pass
        event.set()

    async def main() -> None:
        in_a_native_thread(give)
        assert await event is True

    run(main)


def a_greenlet_wakes_a_loop_in_the_middle_of_a_step() -> None:
    """A task sleeps as greenlets do, so its step is not over, and the loop looks at its queue after that."""
    event = aiologic.Event()
    order: list[str] = []

    def give() -> None:
        until(lambda: "sleeps" in order)
        event.set()
        order.append("set")

    async def sleeps() -> None:
        await until_in_a_task(lambda: event.waiting)
        order.append("sleeps")
        until(lambda: "set" in order)

    async def main() -> None:
        greenlet = spawn(give)
        waiting = asyncio.ensure_future(event.with_(FAR))
        await sleeps()
        assert await waiting is True
        wait_for(greenlet)

    run(main)


def greenlets_and_tasks_of_one_thread_take_turns() -> None:
    """Each waits in its own way, and neither stops the other's world."""
    for kind in KINDS:
        exclusive = kind()
        inside: list[None] = []
        turns: list[str] = []

        def enter(
            name: str, inside: list[None] = inside, turns: list[str] = turns
        ) -> None:
            assert not inside
            inside.append(None)
            turns.append(name)

        def in_a_greenlet(
            exclusive: Any = exclusive,
            enter: Any = enter,
            inside: list[None] = inside,
        ) -> None:
            for _ in range(10):
                with exclusive:
                    enter("greenlet")
                    sleep(0)
                    inside.pop()

        async def in_a_task(
            exclusive: Any = exclusive,
            enter: Any = enter,
            inside: list[None] = inside,
        ) -> None:
            for _ in range(10):
                async with exclusive:
                    enter("task")
                    await asyncio.sleep(0)
                    inside.pop()

        async def main(in_a_task: Any = in_a_task) -> None:
            await asyncio.gather(in_a_task(), in_a_task())

        greenlets = [spawn(in_a_greenlet) for _ in range(2)]
        run(main)
        for greenlet in greenlets:
            wait_for(greenlet)
        assert sorted(turns) == ["greenlet"] * 20 + ["task"] * 20
        assert exclusive.waiting == 0


def identities_do_not_mix() -> None:
    """The thread's first greenlet runs the loop; what its tasks have, it does not have, nor does any other greenlet."""
    for kind in (aiologic.Lock, aiologic.RLock):
        lock = kind()
        tried: list[bool] = []

        def in_a_greenlet(
            lock: aiologic.Lock = lock, tried: list[bool] = tried
        ) -> None:
            until(lock.locked)
            assert not lock.green_owned()
            assert current_green_library() == LIBRARY
            tried.append(lock.green_acquire(blocking=False))
            tried.append(lock.green_acquire(timeout=0.01))

        async def main(lock: aiologic.Lock = lock, tried: list[bool] = tried) -> None:
            async with lock:
                assert lock.async_owned()
                assert not lock.green_owned()
                await until_in_a_task(lambda: len(tried) == 2)
                assert lock.async_owned()
            with lock:
                assert lock.green_owned()
                assert not lock.async_owned()

        greenlet = spawn(in_a_greenlet)
        run(main)
        wait_for(greenlet)
        assert tried == [False, False]
        assert not lock.locked()


def it_is_found_who_runs_now() -> None:
    """In the loop's greenlet, and in another one while the loop sleeps."""
    seen: list[object] = []

    def in_a_greenlet() -> None:
        until(lambda: seen)
        seen.append(current_green_library())

    async def main() -> None:
        seen.append(current_async_library())
        seen.append(type(current_async_task()).__name__)
        await until_in_a_task(lambda: len(seen) == 3)

    greenlet = spawn(in_a_greenlet)
    run(main)
    wait_for(greenlet)
    assert seen == ["asyncio", "Task", LIBRARY], seen


def loops_in_native_threads() -> None:
    """Four of them, and a greenlet of this thread. (Each gets a hub, but not from us: its selector is patched.)"""
    lock = aiologic.Lock()
    done = aiologic.Event()
    turns: list[str] = []
    left = [None] * 5

    async def work() -> None:
        for _ in range(20):
            async with lock:
                turns.append("task")
                count = len(turns)
                await asyncio.sleep(0)
                assert len(turns) == count

    async def both() -> None:
        await asyncio.gather(work(), work())

    def live() -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(both())
        loop.close()
        ends()

    def ends() -> None:
        left.pop()
        if not left:
            done.set()

    def in_a_greenlet() -> None:
        for _ in range(20):
            with lock:
                turns.append("greenlet")
                count = len(turns)
                sleep(0)
                assert len(turns) == count
        ends()

    greenlet = spawn(in_a_greenlet)
    for _ in range(4):
        in_a_native_thread(live)
    assert done.wait(FAR)
    wait_for(greenlet)
    assert turns.count("task") == 160
    assert turns.count("greenlet") == 20
    assert lock.waiting == 0


def one_loop_after_the_other_in_patched_threads() -> None:
    """Each such thread is a greenlet, so they take turns as the thread's running loop: asyncio allows one at a time."""
    lock = aiologic.Lock()
    served: list[int] = []

    async def main(number: int) -> None:
        async with lock:
            served.append(number)
            await asyncio.sleep(0)

    for number in range(3):
        thread = threading.Thread(target=lambda: asyncio.run(main(number)))  # noqa: B023
        thread.start()
        thread.join()
    assert served == [0, 1, 2]
    assert not lock.locked()


def a_task_is_cancelled_that_a_greenlet_gives_to() -> None:
    """Cancelled while the loop sleeps, and given the lock by the same greenlet: the next greenlet gets it."""
    for kind in KINDS:
        exclusive = kind()
        tasks: list[Any] = []
        got: list[str] = []
        loops: list[asyncio.AbstractEventLoop] = []

        def hold(
            exclusive: Any = exclusive, tasks: Any = tasks, loops: Any = loops
        ) -> None:
            with exclusive:
                until(lambda: exclusive.waiting == 2 and tasks)
                loops[0].call_soon_threadsafe(tasks[0].cancel)

        def behind(exclusive: Any = exclusive, got: list[str] = got) -> None:
            until(lambda: exclusive.waiting == 1)
            with exclusive:
                got.append("greenlet")

        async def main(
            exclusive: Any = exclusive, tasks: Any = tasks, loops: Any = loops
        ) -> None:
            loops.append(asyncio.get_running_loop())
            await until_in_a_task(
                lambda: (
                    not exclusive.green_acquire(blocking=False)
                    or exclusive.green_release()
                )
            )
            tasks.append(asyncio.ensure_future(exclusive.async_acquire()))
            outcome = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(outcome[0], asyncio.CancelledError), outcome

        greenlets = [spawn(hold), spawn(behind)]
        run(main)
        for greenlet in greenlets:
            wait_for(greenlet)
        assert got == ["greenlet"]
        assert exclusive.waiting == 0


globals()[NAME]()
print("passed", flush=True)
