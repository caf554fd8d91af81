# SPDX-License-Identifier: ISC
"""What ten thousand wake-ups from another thread leave behind, how long one takes, and what waiting costs."""

from __future__ import annotations

import gc
import statistics
import sys
import threading
import time
from pathlib import Path

import aiologic
import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")

COUNT = 10_000
DESCRIPTORS = Path("/proc/self/fd")

#: The promised limits; both are far from what was measured (0.1 ms, 1 ms).
PROMPTLY_SECONDS = 0.001
IDLE_SECONDS = 0.020


class Waker:
    """A thread that releases one semaphore whenever it gets the other."""

    def __init__(self) -> None:
        self.there = aiologic.BinarySemaphore(0)
        self.back = aiologic.BinarySemaphore(0)
        self.sent_at = 0.0
        self._is_ending = False
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        self.there.green_acquire()
        while not self._is_ending:
            self.sent_at = time.perf_counter()
            self.back.release()
            self.there.green_acquire()

    async def once(self, timeout: float | None) -> None:
        self.there.release()
        assert await self.back.async_acquire(timeout=timeout) is True

    def end(self) -> None:
        self._is_ending = True
        self.there.release()
        self._thread.join()


def remains(kernel: Any) -> dict[str, int]:
    """Everything that could pile up."""
    from aiologic_curio._waiter import CurioWaiter, _inboxes

    gc.collect()
    cells = dict(zip(kernel._runner.__code__.co_freevars, kernel._runner.__closure__))
    timers = cells["sleepq"].cell_contents
    objects = gc.get_objects()
    return {
        "descriptors": len(list(DESCRIPTORS.iterdir())) if DESCRIPTORS.is_dir() else 0,
        "in the selector": len(kernel._selector.get_map()),
        "threads": threading.active_count(),
        "far timers": len(timers.far),
        "near timers": len(timers.near),
        "tasks": len(kernel._tasks),
        "at shutdown": len(kernel._shutdown_funcs),
        "waiters": sum(type(one) is CurioWaiter for one in objects),
        "errands": sum(
            type(one).__name__ in ("_Errand", "_Delivery") for one in objects
        ),
        "inboxes": len(_inboxes._by_id),
    }


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What is more than before. Less does not count: what an earlier test left may only now be freed."""
    return {name: count for name, count in after.items() if count > before[name]}


@pytest.mark.slow
@pytest.mark.parametrize("timeout", [None, 1000])
def test_ten_thousand_wake_ups_leave_nothing_behind(timeout: float | None) -> None:
    waker = Waker()

    async def main() -> None:
        kernel = await curio.traps._get_kernel()
        for _ in range(10):  # what is created once is created now
            await waker.once(timeout)
        before = remains(kernel)
        blocks = sys.getallocatedblocks() if hasattr(sys, "getallocatedblocks") else 0
        for _ in range(COUNT):
            await waker.once(timeout)
        assert grown(before, remains(kernel)) == {}
        if blocks:
            assert sys.getallocatedblocks() - blocks < COUNT / 20

    try:
        curio.run(main)
    finally:
        waker.end()


@pytest.mark.slow
def test_wake_ups_that_come_too_late_leave_nothing_behind() -> None:
    """Each wait ends by its time-out, and then a thread wakes it."""
    from aiologic._runtime.detect import worlds

    waiters: list[Any] = []
    begun, go_on = threading.Semaphore(0), aiologic.BinarySemaphore(0)

    def serve() -> None:
        begun.acquire()
        while waiters:
            waiters.pop().unpark()
            go_on.release()
            begun.acquire()

    async def main() -> None:
        kernel = await curio.traps._get_kernel()
        backend = worlds.async_world()[0]
        before: dict[str, int] = {}
        for number in range(1000):
            waiter: Any = backend.create_waiter()
            assert await waiter.park(0) is False
            waiter.abandon()
            waiters.append(waiter)
            begun.release()
            await go_on.async_acquire()
            if number == 10:
                del waiter
                before = remains(kernel)
        del waiter
        assert grown(before, remains(kernel)) == {}

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        curio.run(main)
    finally:
        begun.release()
        thread.join()


@pytest.mark.slow
def test_a_wake_up_from_another_thread_is_prompt() -> None:
    waker = Waker()
    latencies: list[float] = []

    async def main() -> None:
        for _ in range(1000):
            await waker.once(None)
            latencies.append(time.perf_counter() - waker.sent_at)

    try:
        curio.run(main)
    finally:
        waker.end()
    assert statistics.median(latencies) < PROMPTLY_SECONDS


@pytest.mark.slow
def test_to_wait_takes_no_processor() -> None:
    event = aiologic.Event()

    async def main() -> float:
        for timeout in (None, 1000, 1e300):
            await curio.spawn(event.with_, timeout, daemon=True)
        while event.waiting < 3:
            await curio.sleep(0)
        before = time.process_time()
        await curio.sleep(2)
        return time.process_time() - before

    assert curio.run(main) < IDLE_SECONDS
