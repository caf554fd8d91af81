# SPDX-License-Identifier: ISC
"""Primitives as context managers for other code: protocols, exit stacks, subclasses with blocks of their own."""

from __future__ import annotations

from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    ExitStack,
)
from typing import TYPE_CHECKING, Protocol

import aiologic
from aiologic import lowlevel
from typing_extensions import Self, assert_type

if TYPE_CHECKING:
    from types import TracebackType


class BothBlocks(Protocol):
    """As a user writes it who takes locks of any library."""

    def __enter__(self) -> object: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> bool | None: ...
    async def __aenter__(self) -> object: ...
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> bool | None: ...


class BothLocks(Protocol):
    def green_acquire(self) -> bool: ...
    def green_release(self) -> None: ...
    async def async_acquire(self) -> bool: ...
    def async_release(self) -> None: ...


def accept_green(block: AbstractContextManager[object]) -> None: ...


def accept_async(block: AbstractAsyncContextManager[object]) -> None: ...


def accept_both(block: BothBlocks) -> None: ...


def accept_lock(lock: BothLocks) -> None: ...


def accept_thread_lock(lock: AbstractContextManager[bool]) -> None: ...


def accept_the_very_lock(
    green: AbstractContextManager[aiologic.Lock],
    tasks: AbstractAsyncContextManager[aiologic.Lock],
) -> None: ...


def locks() -> None:
    for lock in (
        aiologic.Lock(),
        aiologic.RLock(),
        aiologic.RWLock().reading,
        aiologic.RWLock().writing,
        aiologic.Semaphore(),
        aiologic.BoundedSemaphore(),
        aiologic.BinarySemaphore(),
        aiologic.BoundedBinarySemaphore(),
        aiologic.CapacityLimiter(),
        aiologic.RCapacityLimiter(),
    ):
        accept_lock(lock)
        accept_green(lock)
        accept_async(lock)
        accept_both(lock)
    accept_the_very_lock(aiologic.Lock(), aiologic.Lock())


def others() -> None:
    for block in (
        aiologic.Condition(),
        aiologic.Condition(None),
        aiologic.Barrier(),
        aiologic.RBarrier(),
        aiologic.synchronized(aiologic.Lock()),
        aiologic.synchronized({}),
    ):
        accept_green(block)
        accept_async(block)
        accept_both(block)
    accept_green(aiologic.ResourceGuard())
    accept_thread_lock(lowlevel.create_thread_lock())
    accept_thread_lock(lowlevel.create_thread_rlock())
    accept_thread_lock(lowlevel.create_thread_oncelock())
    accept_thread_lock(lowlevel.THREAD_DUMMY_LOCK)
    accept_thread_lock(lowlevel.enable_checkpoints())


def stacks(condition: aiologic.Condition[aiologic.Lock]) -> None:
    with ExitStack() as stack:
        assert_type(stack.enter_context(aiologic.Lock()), aiologic.Lock)
        assert_type(stack.enter_context(condition).lock, aiologic.Lock)
        assert_type(stack.enter_context(aiologic.Barrier()), int)


async def stacks_in_tasks(condition: aiologic.Condition[aiologic.Lock]) -> None:
    async with AsyncExitStack() as stack:
        lock = await stack.enter_async_context(aiologic.Lock())
        assert_type(lock, aiologic.Lock)
        entered = await stack.enter_async_context(condition)
        assert_type(entered.lock, aiologic.Lock)
        assert_type(await stack.enter_async_context(aiologic.Barrier()), int)


class Counted(aiologic.Semaphore):
    """With blocks of its own, as coroutine functions."""

    entered = 0

    async def __aenter__(self) -> Self:
        self.entered += 1
        return await super().__aenter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        await super().__aexit__(exc_type, exc, traceback)
        self.entered -= 1


async def subclasses(counted: Counted) -> None:
    async with counted as entered:
        assert_type(entered, Counted)
    accept_both(counted)
