# SPDX-License-Identifier: ISC
"""C2: an object that threads and tasks call, each in their own way, under one lock."""

from __future__ import annotations

import aiologic
from aiologic.lowlevel import async_sleep, green_sleep
from aiologic.testing.harness import Operation, acquire, release, until

from .conftest import ASYNC, GREEN, Two, awaits, between

CALLERS = 4
CALLS = 10
#: How often a loop must come around to count as running.
TICKS = 50


class Client:
    """What users write: one lock, two methods."""

    def __init__(self) -> None:
        self.lock = aiologic.Lock()
        self.answered = 0
        self._is_busy = False

    def call(self) -> None:
        with self.lock:
            self._begin()
            green_sleep(0)
            self._end()

    async def acall(self) -> None:
        async with self.lock:
            self._begin()
            await async_sleep(0)
            self._end()

    def _begin(self) -> None:
        assert not self._is_busy
        self._is_busy = True

    def _end(self) -> None:
        self.answered += 1
        self._is_busy = False


@between(GREEN, ASYNC)
def test_four_threads_and_four_tasks(two: Two) -> None:
    client = Client()

    def green() -> None:
        for _ in range(CALLS):
            client.call()

    async def aio() -> None:
        for _ in range(CALLS):
            await client.acall()

    calls = [
        stage.actor().starts(Operation("call", green, aio))
        for stage in (two.first, two.second)
        for _ in range(CALLERS)
    ]
    for call in calls:
        call.result()

    assert client.answered == 2 * CALLERS * CALLS
    assert not client.lock.locked()


@between(GREEN, ASYNC)
def test_the_loop_runs_on_while_a_thread_has_the_lock(two: Two) -> None:
    client = Client()
    holder, waiter, heart = two.first.actor(), two.second.actor(), two.second.actor()
    holder.does(acquire(client.lock))
    call = waiter.starts(awaits(client.acall))
    until(lambda: client.lock.waiting == 1)

    async def beat() -> None:
        for _ in range(TICKS):
            await async_sleep(0)

    heart.does(awaits(beat))
    assert not call.is_done

    holder.does(release(client.lock))
    call.result()
