# SPDX-License-Identifier: ISC
"""Runs that end, that are interrupted, and that sleep when a signal arrives."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager

import aiologic
import pytest
import trio
import trio.lowlevel
from aiologic.testing.harness import CANCELLED, acquire, release, until, wait
from aiologic_trio._backend import TrioBackend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiologic.testing.harness import Stage

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="signals between threads need POSIX"
)

#: A timer that far away fires only in tests that fail.
FAR = 5.0


@contextmanager
def handled(number: int, handler: Callable[..., object]) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(number, before)


def ring_when_asleep(
    handler: Callable[[], object],
) -> Callable[[int, object], None]:
    def ring(number: int, frame: object) -> None:  # noqa: ARG001
        try:
            trio.lowlevel.current_task()
        except RuntimeError:
            handler()
        else:  # a task is running: not yet
            signal.setitimer(signal.ITIMER_REAL, 0.01)

    return ring


@posix
def test_a_handler_wakes_a_run_that_sleeps() -> None:
    """It is noticed at once, and not at the next deadline."""
    event = aiologic.Event()

    async def main() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with trio.fail_after(FAR):
            assert await event is True

    with handled(signal.SIGALRM, ring_when_asleep(event.set)):
        trio.run(main)


@posix
def test_a_handler_that_interrupts_a_task_wakes_another() -> None:
    event = aiologic.Event()
    tasks: list[object] = []

    def handler(*_: object) -> None:
        tasks.append(trio.lowlevel.current_task())
        event.set()

    async def main() -> None:
        with trio.fail_after(FAR):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(event.with_)
                while not event.waiting:
                    await trio.lowlevel.checkpoint()
                signal.raise_signal(signal.SIGUSR1)
                sum(range(1000))  # the handler runs somewhere here
                assert tasks == [trio.lowlevel.current_task()]

    with handled(signal.SIGUSR1, handler):
        trio.run(main)


@posix
@pytest.mark.parametrize("restrict", [False, True])
def test_an_interrupt_while_a_task_waits(restrict: bool) -> None:
    """trio raises KeyboardInterrupt in the main task or in the task that runs; it leaves no trace."""
    lock, event = aiologic.Lock(), aiologic.Event()
    lock.green_acquire()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(event.with_)
            nursery.start_soon(lock.async_acquire)
            while not (event.waiting and lock.waiting):
                await trio.lowlevel.checkpoint()
            threading.Thread(target=interrupt_the_main_thread).start()
            await lock.async_acquire()

    def interrupt_the_main_thread() -> None:
        until(lambda: lock.waiting == 2)
        main_thread = threading.main_thread().ident
        assert main_thread is not None
        signal.pthread_kill(main_thread, signal.SIGINT)

    bare_or_in_groups = pytest.raises(BaseException)  # noqa: PT011
    with handled(
        signal.SIGINT, signal.default_int_handler
    ), bare_or_in_groups as caught:
        trio.run(main, restrict_keyboard_interrupt_to_checkpoints=restrict)
    assert "KeyboardInterrupt" in leaves(caught.value)

    assert lock.waiting == 0
    assert event.waiting == 0
    lock.green_release()
    assert not lock.locked()


def leaves(error: BaseException) -> list[str]:
    """The names of the exceptions inside nested groups."""
    inside = getattr(error, "exceptions", None)
    if inside is None:
        return [type(error).__name__]
    return [name for one in inside for name in leaves(one)]


@pytest.mark.parametrize("kind", ["Lock", "RLock", "BinarySemaphore"])
def test_a_run_that_ends_cancels_its_waiters_and_the_next_in_line_gets_it(
    stage: Stage, threads: Stage, kind: str
) -> None:
    exclusive = getattr(aiologic, kind)()
    holder, next_one = threads.actor(), threads.actor()
    holder.does(acquire(exclusive))
    call = stage.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    next_call = next_one.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 2)

    stage.close()

    assert call.result() == CANCELLED
    holder.does(release(exclusive))
    assert next_call.result() is True
    assert exclusive.waiting == 0


def test_a_run_that_is_asked_to_end_in_the_step_in_which_it_is_granted(
    stage: Stage, threads: Stage
) -> None:
    semaphore = aiologic.BinarySemaphore(0)
    call = stage.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 1)
    next_call = threads.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 2)

    with stage.frozen() as inside:
        semaphore.release()  # from this thread: on its way
        inside(call.cancel)
    stage.close()

    assert call.result() == CANCELLED
    assert next_call.result() is True


def test_a_waiter_of_a_finished_run_is_woken_in_vain() -> None:
    """Its coroutine was never closed, and its run is gone: unpark neither raises nor blocks."""
    from aiologic._runtime.detect import worlds

    heard: list[str] = []

    class Source:
        def _take_back(self, waiter: object) -> None:
            heard.append("taken back")

    async def main() -> object:
        waiter = worlds.async_world()[0].create_waiter()
        waiter.source = Source()
        return waiter

    waiter = trio.run(main)

    assert waiter.wake() is True  # type: ignore[attr-defined]
    assert heard == ["taken back"]


def test_runs_come_and_go_around_one_lock(threads: Stage) -> None:
    """A lock that outlives a run keeps nothing of it."""
    lock, event = aiologic.Lock(), aiologic.Event()
    waits = threads.actor().starts(wait(event))

    async def work() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(turn)

    async def turn() -> None:
        async with lock:
            await trio.lowlevel.checkpoint()

    for _ in range(5):
        trio.run(work)
        assert not lock.locked()
    event.set()
    assert waits.result() is True


def test_a_task_that_has_ended_needs_no_thread() -> None:
    """What it has not released, nobody will release: but not because its run is held up by this thread."""
    lock = aiologic.Lock()
    backend = TrioBackend()
    seen: list[tuple[object, bool]] = []

    async def hold() -> None:
        await lock.async_acquire()
        task = trio.lowlevel.current_task()
        seen.append((task, backend.runs_here(task)))

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(hold)
        ((task, did_run),) = seen
        assert did_run
        assert not backend.runs_here(task)
        assert backend.knows(task)  # and is named as the owner

    trio.run(main)
