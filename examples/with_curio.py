# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, arg-type, index, no-untyped-call"
"""Threads and curio tasks take turns with one lock.

curio has queues and events that threads can use, too, but no lock: waiting for a
``threading.Lock`` would stop all of its tasks. Here three tasks and three threads share
one. A task that times out gives up, and one that is cancelled leaves the queue; neither
takes the lock with it.
"""

from __future__ import annotations

import sys
import time
from threading import Thread

import aiologic

try:
    import curio
except ImportError:
    # The latest curio on PyPI, 1.6, needs what Python 3.12 has removed.
    print(f"curio can't be imported on Python {sys.version.split()[0]}")
    sys.exit(0)

NAP = 0.02

lock = aiologic.Lock()
done = aiologic.Event()
diary: list[str] = []


def thread(who: str) -> None:
    with lock:
        diary.append(f"{who} is in")
        time.sleep(NAP)
        diary.append(f"{who} leaves")


async def task(who: str) -> None:
    async with lock:
        diary.append(f"{who} is in")
        await curio.sleep(NAP)
        diary.append(f"{who} leaves")


async def impatient() -> None:
    if not await lock.async_acquire(timeout=NAP / 10):
        diary.append("the impatient task goes away")


async def cancelled() -> None:
    try:
        await lock.async_acquire()
    except curio.CancelledError:
        diary.append("the cancelled task goes away")
        raise


def tell_when_done(threads: list[Thread]) -> None:
    for each in threads:
        each.join()
    done.set()


async def main() -> None:
    threads = [Thread(target=thread, args=[f"thread {n}"]) for n in range(3)]
    # No other gets the lock before those two have gone away.
    async with curio.TaskGroup() as group, lock:
        for n, each in enumerate(threads):
            each.start()
            await group.spawn(task, f"task {n}")
        victim = await curio.spawn(cancelled)
        await (await curio.spawn(impatient)).join()
        await victim.cancel()
    # Tasks await an event, threads call its wait().
    Thread(target=tell_when_done, args=[threads]).start()
    await done


curio.run(main)
print(*diary, sep="\n")

turns = [line for line in diary if not line.endswith("goes away")]
comings, leavings = turns[0::2], turns[1::2]
if [line.replace("is in", "leaves") for line in comings] != leavings or lock.locked():
    sys.exit("two of them were in at once")
print(f"{len(comings)} turns, and never two at once.")
