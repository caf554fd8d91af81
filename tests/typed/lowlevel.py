# SPDX-License-Identifier: ISC
"""Primitives of one's own, as users of ours write them: events, waiters, shields, markers of what is missing."""

from __future__ import annotations

import asyncio
import functools
from typing import (
    Any,
    Awaitable,
    Callable,
    Coroutine,
    Generic,
    List,
    NoReturn,
    TypeVar,
)

from aiologic import Lock, lowlevel, once
from aiologic.lowlevel import (
    AsyncEvent,
    AsyncWaiter,
    Event,
    GreenEvent,
    Waiter,
    lazydeque,
    shield,
)
from aiologic.meta import DEFAULT, MISSING, DefaultType, MissingType, await_for
from typing_extensions import ParamSpec, assert_type

P = ParamSpec("P")
T = TypeVar("T")

lock = Lock()


class Pending(Generic[T]):
    """A result that threads and tasks wait for."""

    def __init__(self) -> None:
        self._result: T | MissingType = MISSING
        self._events: lazydeque[Event] = lazydeque()
        self._lock = lowlevel.create_thread_lock()
        self._waiter: AsyncWaiter | None = None

    def set_result(self, result: T) -> None:
        with self._lock as locked:
            assert_type(locked, bool)
            self._result = result
        while self._events:
            assert_type(self._events.popleft().set(), bool)
        if self._waiter is not None:
            self._waiter.wake()

    async def async_result(self) -> T:
        while self._result is MISSING:
            event = lowlevel.create_async_event(shield=True)
            self._events.append(event)
            assert_type(await event, bool)
            assert_type(await event.with_(timeout=1), bool)
        return self._result

    def green_wait(self, timeout: float | None = None) -> bool:
        event: GreenEvent = lowlevel.create_green_event(locking=True)
        self._events.append(event)
        return event.wait(timeout)

    async def park(self) -> bool:
        self._waiter = lowlevel.create_async_waiter()
        self._waiter.shield = True
        return await self._waiter


def marked(timeout: float | DefaultType | None = DEFAULT) -> float | None:
    return 1.0 if timeout is DEFAULT else timeout


def which(event: GreenEvent | AsyncEvent) -> None:
    if isinstance(event, GreenEvent):
        assert_type(event.wait(), bool)
    else:
        assert_type(event, AsyncEvent)


def constants() -> None:
    green: GreenEvent = lowlevel.SET_EVENT
    tasks: AsyncEvent = lowlevel.DUMMY_EVENT
    either: Event = lowlevel.CANCELLED_EVENT
    waiter: Waiter = lowlevel.create_green_waiter()
    waiter.wake()
    assert_type([green.set(), tasks.set(), either.set()], List[bool])


def text(number: int) -> str:
    return str(number)


async def in_task(number: int) -> bytes:
    return bytes(number)


async def shields(future: asyncio.Future[int], task: asyncio.Task[str]) -> None:
    assert_type(await shield(in_task(1)), bytes)
    assert_type(await shield(in_task)(1), bytes)
    assert_type(await shield(lock.async_acquire)(timeout=1), bool)
    assert_type(await shield(future), int)
    assert_type(await shield(task), str)
    assert_type(await shield(asyncio.sleep(1, "x")), str)
    assert_type(await await_for(future), int)
    assert_type(shield(text)(1), str)
    assert_type(shield(functools.partial(text, 1))(), str)


async def settings() -> None:
    with lowlevel.enable_checkpoints() as are_on:
        assert_type(are_on, bool)
    async with lowlevel.disable_checkpoints() as are_on:
        assert_type(are_on, bool)
    assert_type(await lowlevel.enable_checkpoints(in_task(1)), bytes)
    assert_type(await lowlevel.enable_signal_safety(in_task)(1), bytes)
    assert_type(lowlevel.disable_checkpoints(text)(1), str)


async def for_ever() -> NoReturn:
    await lowlevel.async_sleep_forever()


def to_the_end(
    function: Callable[P, Awaitable[T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await shield(function(*args, **kwargs))

    return run


@to_the_end
async def decorated(number: int) -> str:
    return str(number)


class Service:
    def __init__(self) -> None:
        self.settings = once(self._read)
        self.client = once(self._connect)

    def _read(self) -> bytes:
        return b""

    async def _connect(self) -> str:
        return ""


async def uses(service: Service) -> None:
    assert_type(await decorated(1), str)
    assert_type(service.settings(), bytes)
    assert_type(await service.client(), str)
