# SPDX-License-Identifier: ISC
"""Bytes, and not seconds: the memory that a lock and its waiting tasks take."""

from __future__ import annotations

import asyncio
import gc
import sys
import tracemalloc

from benchmarks.operations.on_asyncio import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def idle(make: Callable[[], Any], size: int) -> float:
    """What the allocator hands out for a new lock, on average over ``size`` of them."""
    return _allocated(make, size)


def idle_by_sizes(make: Callable[[], Any]) -> float:
    """The sizes of a new lock and of everything to which nothing else refers."""
    make()  # creates what all locks share
    first, second = make(), make()
    others = _reached_from(second)
    own = [thing for key, thing in _reached_from(first).items() if key not in others]
    return float(sum(map(sys.getsizeof, own)))


def idle_after_use(make: Callable[[], Any], size: int) -> float:
    """A lock that tasks have waited for, and that is free again."""

    def make_and_use() -> Any:
        lock = make()
        loop.run_until_complete(contend(lock))
        return lock

    async def contend(lock: Any) -> None:
        async def use() -> None:
            async with lock:
                await asyncio.sleep(0)

        await asyncio.gather(use(), use())

    loop = asyncio.new_event_loop()
    try:
        make_and_use()
        return _allocated(make_and_use, size)
    finally:
        loop.close()


def waiting(make: Callable[[], Any], size: int) -> float:
    """An asyncio task in ``async with lock:``, with all that its wait needs."""
    return asyncio.run(_waiting(make, size))


def waiting_above_future(make: Callable[[], Any], size: int) -> float:
    """The same, minus a task that awaits a bare future."""
    return asyncio.run(_waiting(make, size)) - asyncio.run(_waiting(None, size))


async def _waiting(make: Callable[[], Any] | None, size: int) -> float:
    loop = asyncio.get_running_loop()

    async def wait_for_future() -> None:
        await loop.create_future()

    async def wait_for_lock() -> None:
        async with lock:
            pass

    body = wait_for_future
    if make is not None:
        lock = make()
        await lock.async_acquire()
        body = wait_for_lock
    warm = loop.create_task(body())
    tasks: list[Any] = [None] * size
    await settle()
    gc.collect()
    tracemalloc.start()
    for number in range(size):
        tasks[number] = loop.create_task(body())
    await settle()
    gc.collect()
    total, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    for task in [warm, *tasks]:
        task.cancel()
    await asyncio.gather(warm, *tasks, return_exceptions=True)
    return total / size


def _allocated(make: Callable[[], Any], size: int) -> float:
    kept: list[Any] = [None] * size
    make()
    gc.collect()
    tracemalloc.start()
    for number in range(size):
        kept[number] = make()
    gc.collect()
    total, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return total / size


def _reached_from(root: object) -> dict[int, object]:
    """Everything that an object refers to, at any distance; types and modules are not followed."""
    reached = {id(root): root}
    todo = [root]
    while todo:
        for thing in gc.get_referents(todo.pop()):
            if id(thing) in reached or isinstance(thing, (type, type(sys))):
                continue
            reached[id(thing)] = thing
            todo.append(thing)
    return reached
