# SPDX-License-Identifier: ISC
"""How tasks of each world use a primitive, so that each scenario is written only once."""

from __future__ import annotations

from typing import Any, AsyncIterator

from aiologic import SimpleQueue


class Green:
    """The green methods, called by a task whose waits stop its thread."""

    name = "green"

    async def acquire(self, permit: Any, **how: Any) -> bool:
        got: bool = permit.green_acquire(**how)
        return got

    def release(self, permit: Any) -> None:
        permit.green_release()

    def count(self, permit: Any) -> int:
        count: int = permit.green_count()
        return count

    def downgrade(self, lock: Any) -> None:
        lock.green_downgrade()

    async def enter(self, permit: Any) -> None:
        permit.__enter__()

    async def leave(self, permit: Any) -> None:
        permit.__exit__(None, None, None)

    async def wait(self, event: Any, **how: Any) -> bool:
        happened: bool = event.wait(**how)
        return happened

    async def wait_for(self, condition: Any, predicate: Any, **how: Any) -> Any:
        return condition.wait_for(predicate, **how)

    async def put(self, queue: Any, item: Any, **how: Any) -> None:
        queue.green_put(item, **how)

    async def get(self, queue: Any, **how: Any) -> Any:
        return queue.green_get(**how)

    async def put_many(self, queue: Any, items: Any, **how: Any) -> int:
        if isinstance(queue, SimpleQueue):
            queue.put_many(items)  # in all worlds
            return len(items)
        count: int = queue.green_put_many(items, **how)
        return count

    async def get_many(self, queue: Any, most: int, **how: Any) -> list[Any]:
        items: list[Any] = queue.green_get_many(most, **how)
        return items

    async def iterate(self, queue: Any) -> AsyncIterator[Any]:
        for item in queue:
            yield item

    async def join(self, queue: Any, **how: Any) -> bool:
        joined: bool = queue.green_join(**how)
        return joined


class Async:
    """The async methods, awaited by a coroutine."""

    name = "async"

    async def acquire(self, permit: Any, **how: Any) -> bool:
        got: bool = await permit.async_acquire(**how)
        return got

    def release(self, permit: Any) -> None:
        permit.async_release()

    def count(self, permit: Any) -> int:
        count: int = permit.async_count()
        return count

    def downgrade(self, lock: Any) -> None:
        lock.async_downgrade()

    async def enter(self, permit: Any) -> None:
        await permit.__aenter__()

    async def leave(self, permit: Any) -> None:
        await permit.__aexit__(None, None, None)

    async def wait(self, event: Any, **how: Any) -> bool:
        happened: bool = await (event.with_(**how) if how else event)
        return happened

    async def wait_for(self, condition: Any, predicate: Any, **how: Any) -> Any:
        return await condition.for_(predicate, **how)

    async def put(self, queue: Any, item: Any, **how: Any) -> None:
        await queue.async_put(item, **how)

    async def get(self, queue: Any, **how: Any) -> Any:
        return await queue.async_get(**how)

    async def put_many(self, queue: Any, items: Any, **how: Any) -> int:
        if isinstance(queue, SimpleQueue):
            queue.put_many(items)
            return len(items)
        count: int = await queue.async_put_many(items, **how)
        return count

    async def get_many(self, queue: Any, most: int, **how: Any) -> list[Any]:
        items: list[Any] = await queue.async_get_many(most, **how)
        return items

    async def iterate(self, queue: Any) -> AsyncIterator[Any]:
        async for item in queue:
            yield item

    async def join(self, queue: Any, **how: Any) -> bool:
        joined: bool = await queue.async_join(**how)
        return joined


class Hands:
    """How a scenario's tasks use the primitive: the first task, the second, and the third."""

    def __init__(self, name: str, *hands: Green | Async) -> None:
        self.name = name
        self.first, self.second, self.third = hands


GREEN = Hands("green", Green(), Green(), Green())
ASYNC = Hands("async", Async(), Async(), Async())
MIXED = Hands("mixed", Green(), Async(), Green())
