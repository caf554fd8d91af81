# SPDX-License-Identifier: ISC
"""trio tasks and the threads that they start share a lock and an event.

``trio.Lock`` is for the tasks of one run, and a lock of ``threading`` would stop
all of them. Here three tasks and three threads of ``trio.to_thread`` share one.
A task that times out gives up, and one whose scope is cancelled leaves the queue;
neither takes the lock with it.
"""

from __future__ import annotations

import sys
import time

import aiologic

try:
    import trio
except ImportError:
    print("trio is not installed")
    sys.exit(0)

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
        done.set()  # from a thread: it wakes the run


async def task(who: str) -> None:
    async with lock:
        diary.append(f"{who} is in")
        await trio.sleep(NAP)
        diary.append(f"{who} leaves")


async def impatient() -> None:
    # With trio's own time-outs; lock.async_acquire(timeout=...) works as well.
    with trio.move_on_after(NAP / 10) as scope:
        await lock.async_acquire()
    if scope.cancelled_caught:
        diary.append("the impatient task goes away")


async def cancelled() -> None:
    try:
        await lock.async_acquire()
    except trio.Cancelled:
        diary.append("the cancelled task goes away")
        raise


async def main() -> None:
    async with trio.open_nursery() as nursery:
        async with lock:  # no other gets it before those two have gone away
            for n in range(THREADS):
                nursery.start_soon(trio.to_thread.run_sync, thread, f"thread {n}")
                nursery.start_soon(task, f"task {n}")
            async with trio.open_nursery() as victims:
                victims.start_soon(cancelled)
                async with trio.open_nursery() as others:
                    others.start_soon(impatient)
                victims.cancel_scope.cancel()
        # Tasks await an event, threads call its wait().
        await done


trio.run(main)
print(*diary, sep="\n")

turns = [line for line in diary if not line.endswith("goes away")]
comings, leavings = turns[0::2], turns[1::2]
if [line.replace("is in", "leaves") for line in comings] != leavings or lock.locked():
    sys.exit("two of them were in at once")
print(f"{len(comings)} turns, and never two at once.")
