# SPDX-License-Identifier: ISC
"""C8: at most three requests at a time from the whole process; and, in addition, a limit per second."""

from __future__ import annotations

import asyncio
import threading
import time

import aiologic

limit = aiologic.CapacityLimiter(3)


class Rate:
    """A limit per second, for threads and tasks; those that come too early wait for their turn."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._lock = aiologic.Lock()
        self._next = 0.0

    def _turn(self) -> float:
        now = time.monotonic()
        self._next = max(self._next, now) + self._interval
        return self._next - self._interval - now

    def green_wait(self) -> None:
        with self._lock:  # held while waiting, so that they go on in order
            time.sleep(max(0, self._turn()))

    async def async_wait(self) -> None:
        async with self._lock:
            await asyncio.sleep(max(0, self._turn()))


rate = Rate(per_second=500)
inside: list[None] = []
counts: list[int] = []


def request() -> None:
    rate.green_wait()
    with limit:
        inside.append(None)
        counts.append(len(inside))
        time.sleep(0.002)
        inside.pop()


async def arequest() -> None:
    await rate.async_wait()
    async with limit:
        inside.append(None)
        counts.append(len(inside))
        await asyncio.sleep(0.002)
        inside.pop()


async def main() -> None:
    await asyncio.gather(*[arequest() for _ in range(10)])


begin = time.monotonic()
threads = [threading.Thread(target=request) for _ in range(10)]
threads += [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

assert max(counts) <= 3
assert time.monotonic() - begin >= 29 / 500
assert limit.available_tokens == 3
print("30 requests of 2 loops and 10 threads, at most 3 at a time")
