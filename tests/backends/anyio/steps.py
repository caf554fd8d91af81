# SPDX-License-Identifier: ISC
"""What tests on AnyIO share: a runner with a time limit, ways to wait, and waiting until others wait."""

from __future__ import annotations

from typing import NamedTuple

import aiologic
import anyio
import anyio.lowlevel

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

#: So far away that only a test that fails gets there.
FAR = 20.0


class Runner(NamedTuple):
    """Runs functions by AnyIO, each with a time limit."""

    backend: str
    options: dict[str, Any]

    def __call__(self, function: Callable[..., Awaitable[T]], *args: object) -> T:
        async def in_time() -> T:
            with anyio.fail_after(FAR):
                return await function(*args)
            raise AssertionError("unreachable")

        return anyio.run(in_time, backend=self.backend, backend_options=self.options)


class Way(NamedTuple):
    """One way to wait for something, and what can be done with it."""

    primitive: Any
    #: Waits until ``open`` was called, and gives back what it got.
    wait: Callable[[], Awaitable[object]]
    #: Lets one waiter through: releases what the test's thread holds, or sets the event.
    open: Callable[[], object]
    #: Whether it can be had without waiting, now.
    is_open: Callable[[], bool]


def way_to(primitive: Any, how: str) -> Way:
    """Close it, and wait for it in a block, by a call, or by a call with a time limit."""
    if isinstance(primitive, aiologic.Event):
        return _way_to_event(primitive, how)
    primitive.green_acquire()

    async def block() -> None:
        async with primitive:
            pass

    async def call() -> None:
        assert await primitive.async_acquire() is True
        primitive.async_release()

    async def limited() -> None:
        assert await primitive.async_acquire(timeout=FAR) is True
        primitive.async_release()

    def is_open() -> bool:
        if not primitive.green_acquire(blocking=False):
            return False
        primitive.green_release()
        return True

    ways = {"block": block, "call": call, "limited": limited}
    return Way(primitive, ways[how], primitive.green_release, is_open)


def _way_to_event(event: aiologic.Event, how: str) -> Way:

    async def block() -> None:
        assert await event is True

    async def limited() -> None:
        assert await event.with_(FAR) is True

    ways: dict[str, Callable[[], Awaitable[object]]]
    ways = {"block": block, "call": event.with_, "limited": limited}
    return Way(event, ways[how], event.set, event.is_set)


async def until_waiting(primitive: Any, count: int = 1) -> None:
    """Let other tasks run until so many wait."""
    while primitive.waiting != count:  # noqa: ASYNC110  # no event tells of that
        await anyio.sleep(0.0005)  # not zero: a thread may have to come first


async def turns(count: int = 10) -> None:
    """Let everybody who is ready run that many times."""
    for _ in range(count):
        await anyio.lowlevel.checkpoint()


async def until_set(condition: threading.Event) -> None:
    """Let other tasks run until a thread has set it, which no event of the loop shows."""
    while not condition.is_set():  # noqa: ASYNC110
        await anyio.sleep(0.0005)
