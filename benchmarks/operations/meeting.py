# SPDX-License-Identifier: ISC
"""Tasks and threads that meet at a barrier again and again."""

from __future__ import annotations

import asyncio
import threading
from time import perf_counter, thread_time

from benchmarks.operations.awaiting import waiting_for
from benchmarks.operations.on_asyncio import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


def tasks(make: Callable[[int], Any], size: int, count: int) -> float:
    """``size`` tasks of one loop, ``count`` calls in all; CPU time for each."""

    async def main() -> float:
        barrier = make(size)
        wait: Callable[[], Awaitable[Any]] = waiting_for(barrier)
        indices: list[list[int]] = []

        async def note() -> None:
            indices.append([await wait() for _ in range(3)])

        async def meet() -> None:
            for _ in range(count // size):
                await wait()

        await asyncio.gather(*[note() for _ in range(size)])
        _check(indices, size)
        all_ = [asyncio.create_task(meet()) for _ in range(size)]
        start = thread_time()
        await asyncio.gather(*all_)
        return (thread_time() - start) / count

    return asyncio.run(main())


def once(make: Callable[[int], Any], size: int) -> float:
    """``size`` tasks of one loop meet once; CPU time for each, from the arrival of the last on."""

    async def main() -> float:
        latch = make(size)
        wait: Callable[[], Awaitable[Any]] = waiting_for(latch)

        async def meet() -> None:
            await wait()

        all_ = [asyncio.create_task(meet()) for _ in range(size - 1)]
        await settle()
        start = thread_time()
        await asyncio.gather(meet(), *all_)
        return (thread_time() - start) / size

    return asyncio.run(main())


def alone(make: Callable[[int], Any], count: int) -> float:
    """One task at a barrier for one; time for each call."""

    async def main() -> float:
        wait = waiting_for(make(1))
        await wait()
        start = thread_time()
        for _ in range(count):
            await wait()
        return (thread_time() - start) / count

    return asyncio.run(main())


def alone_in_a_thread(make: Callable[[int], Any], count: int) -> float:
    """The same in a thread."""
    wait = make(1).wait
    wait()
    start = thread_time()
    for _ in range(count):
        wait()
    return (thread_time() - start) / count


def threads(make: Callable[[int], Any], size: int, count: int) -> float:
    """``size`` threads, ``count`` calls in all; time for each, by the clock."""
    barrier = make(size)
    indices: list[list[int]] = []
    starts: list[float] = []

    def meet() -> None:
        indices.append([barrier.wait() for _ in range(3)])
        starts.append(perf_counter())
        for _ in range(count // size):
            barrier.wait()

    all_ = [threading.Thread(target=meet) for _ in range(size)]
    for thread in all_:
        thread.start()
    for thread in all_:
        thread.join()
    end = perf_counter()
    _check(indices, size)
    return (end - min(starts)) / count


def _check(indices: list[list[int]], size: int) -> None:
    if [sorted(phase) for phase in zip(*indices)] != [list(range(size))] * 3:
        raise SystemExit("they have not met")
