# SPDX-License-Identifier: ISC
"""Cancelling asyncio tasks that queue for a lock, in CPU time."""

from __future__ import annotations

import asyncio
import random
from time import thread_time

from benchmarks.operations.on_asyncio import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Callable
    from typing import Any


def oldest_first(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` waiters in the order in which they came; time for each."""
    return asyncio.run(_cancel(make, size, 1))


def newest_first(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` waiters, the last to come first; time for each."""
    return asyncio.run(_cancel(make, size, -1))


def shuffled(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` waiters in no order; time for each."""
    return asyncio.run(_cancel(make, size, 0))


async def _cancel(make: Callable[[], Any] | None, size: int, step: int) -> float:
    loop = asyncio.get_running_loop()

    async def wait_for_future() -> None:
        await loop.create_future()

    if make is None:
        tasks = [loop.create_task(wait_for_future()) for _ in range(size)]
        return await _cancel_all(tasks, step)
    lock = make()
    async with lock:
        tasks = [loop.create_task(lock.async_acquire()) for _ in range(size)]
        return await _cancel_all(tasks, step)


async def _cancel_all(tasks: list[Task[Any]], step: int) -> float:
    order = tasks[:: step or 1]
    if not step:
        random.Random(len(order)).shuffle(order)
    await settle()
    start = thread_time()
    for task in order:
        task.cancel()
    while not all(map(asyncio.Task.done, tasks)):
        await settle()
    end = thread_time()
    if not all(map(asyncio.Task.cancelled, tasks)):
        raise SystemExit("a task was not cancelled")
    return (end - start) / len(tasks)


def waiters_oldest_first(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` tasks that await one thing, in the order in which they came; time for each."""
    return asyncio.run(_cancel_waiters(make, size, 1))


def waiters_newest_first(make: Callable[[], Any], size: int) -> float:
    """The same, the last to come first."""
    return asyncio.run(_cancel_waiters(make, size, -1))


def waiters_shuffled(make: Callable[[], Any], size: int) -> float:
    """The same in no order."""
    return asyncio.run(_cancel_waiters(make, size, 0))


async def _cancel_waiters(make: Callable[[], Any], size: int, step: int) -> float:
    awaited = make()

    async def wait() -> None:
        await awaited

    tasks = [asyncio.create_task(wait()) for _ in range(size)]
    return await _cancel_all(tasks, step)
