# SPDX-License-Identifier: ISC
"""Locks and what counts, as users write them, in both worlds."""

from __future__ import annotations

from typing import Callable, Mapping, Tuple, Union

import aiologic
from typing_extensions import assert_type

AnySemaphore = Union[aiologic.Semaphore, aiologic.CapacityLimiter]


def locks(lock: aiologic.Lock, rlock: aiologic.RLock, rwlock: aiologic.RWLock) -> None:
    with lock as entered:
        assert_type(entered, aiologic.Lock)
    if lock.green_acquire(blocking=False):
        lock.green_release()
    assert_type(lock.green_acquire(timeout=0.5), bool)
    assert_type(lock.green_owned(), bool)
    assert_type(lock.locked(), bool)
    assert_type(lock.waiting, int)
    assert_type(rlock.count, int)
    with rlock as again:
        assert_type(again, aiologic.RLock)
    with rwlock.reading, rwlock.writing:
        assert_type(rwlock.green_acquire_shared(), bool)


async def locks_in_tasks(lock: aiologic.Lock, rlock: aiologic.RLock) -> None:
    async with lock as entered, rlock as again:
        assert_type(entered, aiologic.Lock)
        assert_type(again, aiologic.RLock)
    assert_type(await lock.async_acquire(timeout=1), bool)
    assert_type(lock.async_release(), None)


def semaphores() -> None:
    assert_type(aiologic.Semaphore(), aiologic.Semaphore)
    assert_type(aiologic.Semaphore(2), aiologic.Semaphore)
    assert_type(aiologic.BinarySemaphore(0), aiologic.BinarySemaphore)
    assert_type(aiologic.BoundedSemaphore(2, 3).max_value, int)
    assert_type(aiologic.BoundedBinarySemaphore().initial_value, int)
    with aiologic.BoundedSemaphore(2) as entered:
        assert_type(entered, aiologic.BoundedSemaphore)
    accept_any_semaphore(aiologic.BoundedBinarySemaphore())
    accept_any_semaphore(aiologic.CapacityLimiter(3))


def accept_any_semaphore(semaphore: AnySemaphore) -> None:
    assert_type(semaphore.green_acquire(blocking=False), bool)
    semaphore.green_release()


async def semaphores_in_tasks(
    semaphore: aiologic.Semaphore, limiter: aiologic.RCapacityLimiter
) -> None:
    async with semaphore as entered:
        assert_type(entered, aiologic.Semaphore)
    assert_type(await semaphore.async_acquire(), bool)
    semaphore.release(2)
    assert_type(semaphore.value, int)
    async with limiter as borrowed:
        assert_type(borrowed, aiologic.RCapacityLimiter)
    assert_type(limiter.available_tokens, int)
    assert_type(limiter.async_borrowed(), bool)


async def events(event: aiologic.Event, count: aiologic.CountdownEvent) -> None:
    assert_type(await event, bool)
    assert_type(await event.with_(timeout=1), bool)
    assert_type(event.wait(timeout=1), bool)
    assert_type(event.is_set(), bool)
    assert_type(await count, bool)
    count.up(2)
    again: aiologic.Event = aiologic.REvent()
    assert_type(again.is_set(), bool)


async def barriers(barrier: aiologic.Barrier, latch: aiologic.Latch) -> None:
    assert_type(await barrier, int)
    assert_type(barrier.wait(timeout=1), int)
    assert_type(await latch, None)


def flags(flag: aiologic.Flag[str], bare: aiologic.Flag) -> None:
    assert_type(flag.set("me"), bool)
    assert_type(flag.get(), str)
    assert_type(flag.get(default_factory=str), str)
    assert_type(flag.get(None), Union[str, None])
    assert_type(bare.set(), bool)
    assert_type(bare.get(), object)
    assert_type(flag.get(default_factory=int), Union[str, int])
    assert_type(aiologic.Flag(1), "aiologic.Flag[int]")
    factory: Callable[[], aiologic.Flag[str]] = aiologic.Flag[str]
    assert_type(factory().set("me"), bool)


def guards() -> None:
    guard = aiologic.ResourceGuard(action="sending to")
    with guard as entered:
        assert_type(entered, aiologic.ResourceGuard)
    assert_type(guard.action, str)


def statistics(lock: aiologic.Lock) -> None:
    told = lock.statistics()
    assert_type(told, aiologic.Statistics)
    assert_type(told.waiting_by_library, Mapping[str, int])
    assert_type(told.holders, Mapping[Tuple[str, int], int])
