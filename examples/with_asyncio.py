# SPDX-License-Identifier: ISC
"""asyncio tasks and threads of its executor share a lock and an event.

``asyncio.Lock`` is for the tasks of one loop, and a lock of ``threading`` would
stop all of them. Here three tasks and three threads, as ``run_in_executor()``
starts them, share one. A task that times out gives up, and one that is cancelled leaves
the queue; neither takes the lock with it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import aiologic

NAP = 0.02
THREADS = 3

lock = aiologic.Lock()
done = aiologic.Event()
diary: list[str] = []
finished: list[str] = []


def thread(who: str) -> None:
    with lock:
        diary.append(f"{who} is in")
        time.sleep(NAP)
        diary.append(f"{who} leaves")
    finished.append(who)
    if len(finished) == THREADS:
        done.set()  # from a thread: it wakes the loop


async def task(who: str) -> None:
    async with lock:
        diary.append(f"{who} is in")
        await asyncio.sleep(NAP)
        diary.append(f"{who} leaves")


async def impatient() -> None:
    # Not with asyncio.wait_for(), which up to Python 3.11 acquires the lock in a task of its own.
    if not await lock.async_acquire(timeout=NAP / 10):
        diary.append("the impatient task goes away")


async def cancelled() -> None:
    try:
        await lock.async_acquire()
    except asyncio.CancelledError:
        diary.append("the cancelled task goes away")
        raise


async def main() -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(THREADS) as executor:
        async with lock:  # no other gets it before those two have gone away
            threads = [
                loop.run_in_executor(executor, thread, f"thread {n}")
                for n in range(THREADS)
            ]
            tasks = [asyncio.ensure_future(task(f"task {n}")) for n in range(3)]
            victim = asyncio.ensure_future(cancelled())
            await asyncio.ensure_future(impatient())
            victim.cancel()
            await asyncio.wait([victim])
        await asyncio.gather(*tasks)
        # Tasks await an event, threads call its wait().
        await done
        await asyncio.gather(*threads)


asyncio.run(main())
print(*diary, sep="\n")

turns = [line for line in diary if not line.endswith("goes away")]
comings, leavings = turns[0::2], turns[1::2]
if [line.replace("is in", "leaves") for line in comings] != leavings or lock.locked():
    sys.exit("two of them were in at once")
print(f"{len(comings)} turns, and never two at once.")
