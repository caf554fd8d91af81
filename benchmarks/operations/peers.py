# SPDX-License-Identifier: ISC
"""Implementations to compare with, and factories for those of libraries."""

from __future__ import annotations

from _thread import allocate_lock
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from types import TracebackType
    from typing import Any

    from aiologic import CountdownEvent
    from anyio import Lock


class FairLock:
    """A deque of raw locks protected by a raw lock: the minimum that serves threads in order.

    It is handed over directly: it stays locked in the meantime.
    """

    __slots__ = ("_guard", "_is_locked", "_turns")

    def __init__(self) -> None:
        self._guard = allocate_lock()
        self._is_locked = False
        self._turns: deque[LockType] = deque()

    @property
    def waiting(self) -> int:
        return len(self._turns)

    def __enter__(self) -> None:
        with self._guard:
            if not self._is_locked:
                self._is_locked = True
                return
            turn = allocate_lock()
            turn.acquire()
            self._turns.append(turn)
        turn.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._guard:
            if not self._turns:
                self._is_locked = False
                return
            turn = self._turns.popleft()
        turn.release()


def fast_anyio_lock() -> Lock:
    """AnyIO's lock without its checkpoints."""
    import anyio

    return anyio.Lock(fast_acquire=True)


# -- with two permits ------------------------------------------------------------------------------------------------


def aiologic_semaphore() -> Any:
    import aiologic

    return aiologic.Semaphore(2)


def aiologic_bounded_semaphore() -> Any:
    import aiologic

    return aiologic.BoundedSemaphore(2)


def aiologic_bounded_semaphore_of_one() -> Any:
    """It has one permit, but is not the binary kind, since its value may become 2."""
    import aiologic

    return aiologic.BoundedSemaphore(1, 2)


def aiologic_limiter() -> Any:
    import aiologic

    return aiologic.CapacityLimiter(2)


def aiologic_rlimiter() -> Any:
    import aiologic

    return aiologic.RCapacityLimiter(2)


def aiologic_million() -> Any:
    import aiologic

    return aiologic.Semaphore(1_000_000)


def stock_semaphore() -> Any:
    import threading

    return threading.Semaphore(2)


def asyncio_semaphore() -> Any:
    import asyncio

    return asyncio.Semaphore(2)


def anyio_limiter() -> Any:
    import anyio

    return anyio.CapacityLimiter(2)


def countdown_from_one() -> CountdownEvent:
    """A CountdownEvent that has to be counted down once."""
    import aiologic

    return aiologic.CountdownEvent(1)


# -- with one permit -------------------------------------------------------------------------------------------------


def aiologic_writing() -> Any:
    """The side of a readers-writer lock that excludes all others."""
    import aiologic

    return aiologic.RWLock().writing


def anyio_semaphore_of_one() -> Any:
    import anyio

    return anyio.Semaphore(1)


def anyio_limiter_of_one() -> Any:
    import anyio

    return anyio.CapacityLimiter(1)


def trio_semaphore_of_one() -> Any:
    import trio

    return trio.Semaphore(1)


def trio_limiter_of_one() -> Any:
    import trio

    return trio.CapacityLimiter(1)


# -- idle ------------------------------------------------------------------------------------------------------------


def barrier_of_two() -> Any:
    import aiologic

    return aiologic.Barrier(2)


def latch_of_two() -> Any:
    import aiologic

    return aiologic.Latch(2)


def rbarrier_of_two() -> Any:
    import aiologic

    return aiologic.RBarrier(2)


def stock_barrier_of_two() -> Any:
    import threading

    return threading.Barrier(2)


def asyncio_barrier_of_two() -> Any:
    import asyncio

    return asyncio.Barrier(2)
