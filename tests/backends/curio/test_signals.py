# SPDX-License-Identifier: ISC
"""A signal handler borrows the thread of a kernel, whatever that is doing: sleeping or working."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager

import aiologic
import pytest

from ...core.crew import Crew

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")

pytestmark = pytest.mark.skipif(
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


def ring_when_asleep(handler: Callable[[], object]) -> Callable[[int, object], None]:
    from aiologic_curio import _kernel

    def ring(number: int, frame: object) -> None:  # noqa: ARG001
        if _kernel.current_task() is None:
            handler()
        else:  # a task is running: not yet
            signal.setitimer(signal.ITIMER_REAL, 0.01)

    return ring


@pytest.mark.parametrize("timeout", [None, 1000])
def test_a_handler_wakes_a_kernel_that_sleeps(timeout: float | None) -> None:
    """It is noticed at once, and not at the next deadline."""
    event = aiologic.Event()

    async def main() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        async with curio.timeout_after(FAR):
            assert await event.with_(timeout) is True

    with handled(signal.SIGALRM, ring_when_asleep(event.set)):
        curio.run(main)


def test_a_handler_that_interrupts_a_task_wakes_another() -> None:
    event = aiologic.Event()
    tasks: list[object] = []

    def handler(*_: object) -> None:
        from aiologic_curio import _kernel

        tasks.append(_kernel.current_task())
        event.set()

    async def main() -> None:
        task = await curio.spawn(event.with_)
        while not event.waiting:
            await curio.sleep(0)
        signal.raise_signal(signal.SIGUSR1)
        sum(range(1000))  # the handler runs somewhere here
        assert tasks == [await curio.current_task()]
        async with curio.timeout_after(FAR):
            assert await task.join() is True

    with handled(signal.SIGUSR1, handler):
        curio.run(main)


def test_an_interrupt_while_tasks_wait() -> None:
    """KeyboardInterrupt ends the kernel; its tasks are cancelled, and leave no trace."""
    lock, event = aiologic.Lock(), aiologic.Event()
    lock.green_acquire()

    def handle() -> None:
        raise KeyboardInterrupt

    async def main() -> None:
        await curio.spawn(event.with_, daemon=True)
        await curio.spawn(lock.async_acquire, daemon=True)
        while not (event.waiting and lock.waiting):
            await curio.sleep(0)
        await lock.async_acquire()

    interrupted = Crew().interrupts(handle, lambda: lock.waiting == 2)
    with interrupted, pytest.raises(KeyboardInterrupt):
        curio.run(main)

    assert lock.waiting == 0
    assert event.waiting == 0
    lock.green_release()
    assert not lock.locked()
