# SPDX-License-Identifier: ISC
"""A loop that is driven from outside, one slice at a time."""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar

    T = TypeVar("T")


def slice_of(loop: asyncio.AbstractEventLoop) -> None:
    """Run what is ready now, and return."""
    loop.call_soon(loop.stop)
    loop.run_forever()


def until_waiting(
    loop: asyncio.AbstractEventLoop, primitive: Any, count: int = 1
) -> None:
    """Run slices until so many tasks wait."""
    for _ in range(100):
        if primitive.waiting == count:
            return
        slice_of(loop)
    raise AssertionError(f"{primitive.waiting} tasks wait, and not {count}")


def start(
    loop: asyncio.AbstractEventLoop, awaitable: Awaitable[T]
) -> asyncio.Future[T]:
    """Create a task of it in a loop that does not run."""
    return asyncio.ensure_future(awaitable, loop=loop)


def finish(loop: asyncio.AbstractEventLoop, awaitable: Awaitable[T]) -> T:
    """Run the loop until it is done; fail if it hangs."""

    async def in_time() -> T:
        return await asyncio.wait_for(awaitable, 10)

    return loop.run_until_complete(in_time())


def count_entrances(loop: asyncio.AbstractEventLoop) -> list[None]:
    """Record each use of the loop's thread-safe entrance from now on."""
    entrances: list[None] = []
    original = loop.call_soon_threadsafe

    def call_soon_threadsafe(
        callback: Callable[..., object], *args: Any, **kwargs: Any
    ) -> object:
        entrances.append(None)
        return original(callback, *args, **kwargs)

    loop.call_soon_threadsafe = call_soon_threadsafe  # type: ignore[method-assign,assignment]
    return entrances
