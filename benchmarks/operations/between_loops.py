# SPDX-License-Identifier: ISC
"""Operations of asyncio tasks in two threads, each with a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from time import perf_counter, sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any

    Side = Callable[[int, int], Awaitable[None]]

POLL_SECONDS = 0.001
FIRST_TURNS = 50  # not measured, so that both loops and all caches are warm


def ping_pong(make: Callable[[int], Any], count: int) -> float:
    """Two tasks release a semaphore for each other; time for both ways.

    This is a signal that is sent again and again, perhaps before the other side waits,
    for which a binary semaphore is made (a lock can only be released by its owner, and
    an event happens once).
    """
    semaphores = [make(0), make(0)]

    async def side(me: int, turns: int) -> None:
        mine, other = semaphores[me], semaphores[1 - me]
        for _ in range(turns):
            await mine.async_acquire()
            other.release()

    return _play(side, semaphores[0].release, count)


def ping_pong_on_futures(count: int) -> float:
    """The same with asyncio's means alone: a new future for each wait, set from the other thread."""
    loops: list[AbstractEventLoop | None] = [None, None]
    futures: list[Future[None] | None] = [None, None]

    async def side(me: int, turns: int) -> None:
        loop = loops[me] = asyncio.get_running_loop()
        mine = futures[me]
        if mine is None:
            mine = futures[me] = loop.create_future()
        for _ in range(turns):
            await mine
            mine = futures[me] = loop.create_future()
            ping(1 - me)

    def ping(whom: int) -> None:
        loop, future = loops[whom], futures[whom]
        assert loop is not None
        assert future is not None
        loop.call_soon_threadsafe(future.set_result, None)

    return _play(side, lambda: ping(0), count)


def signal_back_and_forth(make: Callable[[], Any], count: int) -> float:
    """Two tasks wake each other through events, a new one for each wait; time for both ways."""
    events = [make(), make()]

    async def side(me: int, turns: int) -> None:
        other = 1 - me
        for _ in range(turns):
            await events[me]
            events[me] = make()
            events[other].set()

    return _play(side, events[0].set, count)


def _play(side: Side, begin: Callable[[], object], count: int) -> float:
    """Run both sides, and time the one that is woken first."""
    times: list[float] = []
    both = threading.Barrier(2, timeout=60)

    async def play(me: int) -> None:
        await side(me, 0)  # creates what it needs in its loop
        both.wait()
        if me == 0:
            begin()
        await side(me, FIRST_TURNS)
        start = perf_counter()
        await side(me, count)
        times.append(perf_counter() - start)
        both.wait()  # a loop must not end before the other has sent its last signal to it

    threads = [threading.Thread(target=asyncio.run, args=[play(me)]) for me in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) != 2:
        raise SystemExit("one side has failed")
    return sum(times) / 2 / count


class FuturesInOneCall:
    """The minimum that wakes tasks of another loop: a bare future for each, all of them set in one call of the loop."""

    def __init__(self) -> None:
        self._futures: list[Future[None]] = []
        self._loop: AbstractEventLoop | None = None

    @property
    def waiting(self) -> int:
        return len(self._futures)

    def __await__(self) -> Generator[Any, None, None]:
        self._loop = asyncio.get_running_loop()
        future = self._loop.create_future()
        self._futures.append(future)
        return future.__await__()

    def set(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._set_all)

    def _set_all(self) -> None:
        for future in self._futures:
            future.set_result(None)


def wake_all(make: Callable[[], Any], size: int) -> float:
    """``event.set()`` with ``size`` tasks of another thread's loop waiting, until all have run."""
    event = make()
    ends: list[float] = []

    async def wait() -> None:
        await event
        ends.append(perf_counter())

    async def main() -> None:
        await asyncio.gather(*[wait() for _ in range(size)])

    thread = threading.Thread(target=asyncio.run, args=[main()])
    thread.start()
    while event.waiting < size:
        if not thread.is_alive():
            raise SystemExit("the loop has failed")
        sleep(POLL_SECONDS)
    sleep(10 * POLL_SECONDS)  # until its loop is asleep
    start = perf_counter()
    event.set()
    thread.join()
    if len(ends) != size:
        raise SystemExit(f"{size - len(ends)} tasks have failed")
    return (max(ends) - start) / size
