# SPDX-License-Identifier: ISC
"""A signal handler borrows the thread of a loop, whatever that is doing: sleeping or working."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from contextlib import contextmanager

import aiologic
import pytest

from .steps import count_entrances, finish, start, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Loop = asyncio.AbstractEventLoop

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals between threads need POSIX"
)

#: A timer that far away fires only in tests that fail.
FAR = 5.0


@contextmanager
def handled(number: int, handler: Callable[[], object]) -> Iterator[None]:
    before = signal.signal(number, lambda *_: handler())
    try:
        yield
    finally:
        signal.signal(number, before)


@contextmanager
def alarm(loop: Loop, handler: Callable[[], object]) -> Iterator[None]:
    """Run a handler while the loop sleeps in its selector."""

    def ring() -> None:
        if asyncio.current_task(loop) is None:
            handler()
        else:  # a task is running: not yet
            signal.setitimer(signal.ITIMER_REAL, 0.01)

    with handled(signal.SIGALRM, ring):
        loop.call_soon(signal.setitimer, signal.ITIMER_REAL, 0.01)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def test_a_handler_wakes_a_loop_that_sleeps(loop: Loop) -> None:
    """It is noticed at once, and not at the loop's next timer."""
    event = aiologic.Event()
    waiting = start(loop, event.with_())
    until_waiting(loop, event)
    overslept: list[bool] = []
    timer = loop.call_later(FAR, overslept.append, True)

    with alarm(loop, event.set):
        assert loop.run_until_complete(waiting) is True

    assert overslept == []
    timer.cancel()


def test_a_handler_releases_a_semaphore_to_a_loop_that_sleeps(loop: Loop) -> None:
    semaphore = aiologic.BinarySemaphore(0)
    waiting = start(loop, semaphore.async_acquire(timeout=FAR))
    until_waiting(loop, semaphore)

    with alarm(loop, semaphore.release):
        assert loop.run_until_complete(waiting) is True


def test_a_handler_in_another_loops_thread_wakes_a_loop_that_sleeps(
    loop: Loop,
) -> None:
    """The handler runs in the main thread, whose loop has nothing to do with the one that waits."""
    event = aiologic.Event()
    outcome: list[bool] = []

    def other() -> None:
        async def wait() -> None:
            outcome.append(await event.with_(FAR))

        asyncio.run(wait())

    thread = threading.Thread(target=other)
    thread.start()

    async def until_it_waits() -> None:
        while event.waiting != 1:  # noqa: ASYNC110  # no event tells of that
            await asyncio.sleep(0.001)

    finish(loop, until_it_waits())
    here: asyncio.Future[None] = loop.create_future()

    def handler() -> None:
        event.set()
        loop.call_soon_threadsafe(here.set_result, None)

    with alarm(loop, handler):
        loop.run_until_complete(here)
    thread.join()

    assert outcome == [True]


def test_a_handler_that_interrupts_a_task_takes_the_short_way(loop: Loop) -> None:
    event = aiologic.Event()
    waiting = start(loop, event.with_())
    until_waiting(loop, event)
    entrances = count_entrances(loop)
    handlers_task: list[object] = []

    def handler() -> None:
        handlers_task.append(asyncio.current_task(loop))
        event.set()

    async def work() -> None:
        signal.raise_signal(signal.SIGUSR1)
        sum(range(1000))  # the handler runs somewhere here
        assert handlers_task == [asyncio.current_task()]

    with handled(signal.SIGUSR1, handler):
        loop.run_until_complete(work())

    assert finish(loop, waiting) is True
    assert entrances == []


def test_a_handler_uses_a_lock_that_the_interrupted_task_is_about_to_release(
    loop: Loop,
) -> None:
    """Nothing that a handler may call ever waits for what its own thread is doing."""
    semaphore = aiologic.BinarySemaphore()
    got: list[bool] = []

    def handler() -> None:
        got.append(semaphore.green_acquire(blocking=False))
        if got[-1]:
            semaphore.release()

    async def work() -> None:
        signal.raise_signal(signal.SIGUSR1)
        async with semaphore:
            signal.raise_signal(signal.SIGUSR1)

    with handled(signal.SIGUSR1, handler):
        loop.run_until_complete(work())

    assert got == [True, False]
    assert semaphore.value == 1


def interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupt_of_a_loop_that_sleeps(loop: Loop) -> None:
    """The loop ends, and its tasks are as they were: they wait, and can be cancelled."""
    lock = aiologic.Lock()
    lock.green_acquire()
    waiting = start(loop, lock.async_acquire())
    until_waiting(loop, lock)

    with alarm(loop, interrupt), pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(waiting)

    assert lock.waiting == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(waiting)
    assert lock.waiting == 0
    lock.green_release()
    assert not lock.locked()


def test_a_grant_that_comes_after_an_interrupt(loop: Loop) -> None:
    """Stopped by the interrupt, given the lock, and then resumed: it has it."""
    lock = aiologic.Lock()
    lock.green_acquire()
    waiting = start(loop, lock.async_acquire())
    until_waiting(loop, lock)

    with alarm(loop, interrupt), pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(waiting)
    lock.green_release()

    assert lock.locked()
    assert finish(loop, waiting) is True


def test_an_interrupt_of_asyncio_run() -> None:
    """As it usually ends: the main task is cancelled while it waits, and leaves no trace."""
    lock = aiologic.Lock()
    lock.green_acquire()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        while not lock.waiting:
            loop.call_soon(until_main_waits)
            await lock.async_acquire()

    def until_main_waits() -> None:
        assert lock.waiting == 1
        signal.setitimer(signal.ITIMER_REAL, 0.01)

    with handled(signal.SIGALRM, interrupt), pytest.raises(KeyboardInterrupt):
        asyncio.run(main())

    assert lock.waiting == 0
    lock.green_release()
    assert lock.green_acquire(blocking=False) is True
