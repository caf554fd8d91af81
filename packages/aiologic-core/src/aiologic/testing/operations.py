# SPDX-License-Identifier: ISC
"""What actors do to primitives."""

from __future__ import annotations

from ._stage import Operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Union

    import aiologic

    from ._stage import World

    Queues = Union[aiologic.SimpleQueue[Any], aiologic.Queue[Any]]
    Exclusive = Union[aiologic.Lock, aiologic.Semaphore, aiologic.CapacityLimiter]


def acquire(primitive: Exclusive, **options: Any) -> Operation:
    """Acquire a lock or a semaphore; the result is what the call returned."""
    return Operation(
        f"acquire({options or ''})",
        lambda: primitive.green_acquire(**options),
        lambda: primitive.async_acquire(**options),
    )


def release(primitive: Exclusive) -> Operation:
    """Release it."""

    async def aio() -> None:
        primitive.async_release()

    return Operation("release()", primitive.green_release, aio)


def releasing(world: World, primitive: Exclusive) -> Callable[[], None]:
    """Return a function that releases it in one step inside that world, without suspending."""
    return primitive.async_release if world.is_async else primitive.green_release


def block(primitive: Exclusive, body: Callable[[], object]) -> Operation:
    """Run a function in a ``with`` or ``async with`` block."""

    def green() -> object:
        with primitive:
            return body()

    async def aio() -> object:
        async with primitive:
            return body()

    return Operation("with", green, aio)


def wait(event: aiologic.Event, timeout: float | None = None) -> Operation:
    """Wait for an event."""
    return Operation(
        f"wait({timeout})", lambda: event.wait(timeout), lambda: event.with_(timeout)
    )


def put(queue: Queues, item: object, **options: Any) -> Operation:
    """Put an item into a queue."""
    return Operation(
        f"put({item!r}, {options or ''})",
        lambda: queue.green_put(item, **options),
        lambda: queue.async_put(item, **options),
    )


def get(queue: Queues, **options: Any) -> Operation:
    """Get an item from a queue; the result is the item."""
    return Operation(
        f"get({options or ''})",
        lambda: queue.green_get(**options),
        lambda: queue.async_get(**options),
    )


def run(function: Callable[[], object]) -> Operation:
    """Call a function in the actor's own task."""

    async def aio() -> object:
        return function()

    return Operation("run", function, aio)
