# SPDX-License-Identifier: ISC
"""One lock for AnyIO on asyncio, AnyIO on trio, and the threads of both.

AnyIO's locks are for the tasks of one loop. Here two AnyIO programs run at once, each
in a thread of its own: a *portal* on asyncio, and one on trio if it is installed. The
tasks of both share a lock with the threads that they start, and with the main thread. A
task that times out gives up, and one whose scope is cancelled leaves the queue; neither
takes the lock with it.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from importlib.util import find_spec

import aiologic

try:
    import anyio
    import anyio.from_thread
    import anyio.to_thread
except ImportError:
    print("AnyIO is not installed")
    sys.exit(0)

NAP = 0.01

lock = aiologic.Lock()
diary: list[str] = []


def thread(who: str) -> None:
    with lock:
        diary.append(f"{who} is in")
        time.sleep(NAP)
        diary.append(f"{who} leaves")


async def task(who: str) -> None:
    async with lock:
        diary.append(f"{who} is in")
        await anyio.sleep(NAP)
        diary.append(f"{who} leaves")


async def impatient(backend: str) -> None:
    with anyio.move_on_after(NAP / 10) as scope:
        await lock.async_acquire()
    if scope.cancel_called:
        diary.append(f"the impatient task of {backend} goes away")


async def cancelled(backend: str, scope: anyio.CancelScope) -> None:
    with scope:
        try:
            await lock.async_acquire()
        finally:
            diary.append(f"the cancelled task of {backend} goes away")


async def main(backend: str) -> None:
    scope = anyio.CancelScope()
    async with anyio.create_task_group() as group:
        for n in range(2):
            group.start_soon(task, f"{backend}, task {n}")
            group.start_soon(anyio.to_thread.run_sync, thread, f"{backend}, thread {n}")
        group.start_soon(impatient, backend)
        group.start_soon(cancelled, backend, scope)
        await anyio.sleep(NAP)
        scope.cancel()


backends = [
    name for name in ("asyncio", "trio") if name == "asyncio" or find_spec(name)
]
with ExitStack() as stack:
    portals = [
        stack.enter_context(anyio.from_thread.start_blocking_portal(backend))
        for backend in backends
    ]
    with lock:
        runs = [portal.start_task_soon(main, b) for portal, b in zip(portals, backends)]
        # No other gets it before the impatient and the cancelled tasks have gone away.
        while len(diary) < 2 * len(backends):
            time.sleep(0.001)
    for run in runs:
        run.result()

print(*diary, sep="\n")

turns = [line for line in diary if not line.endswith("goes away")]
comings, leavings = turns[0::2], turns[1::2]
if [line.replace("is in", "leaves") for line in comings] != leavings or lock.locked():
    sys.exit("two of them were in at once")
print(f"{len(comings)} turns on {' and '.join(backends)}, and never two at once.")
