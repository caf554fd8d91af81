# SPDX-License-Identifier: ISC
"""Calls that can't be meant: another item, another argument, a forgotten await."""

# Each checker has a comment of its own, with the name of its rule, and one that has nothing to hide is an error. What
# follows from it is not told.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUntypedFunctionDecorator=false

from __future__ import annotations

import asyncio

import aiologic
from aiologic import lowlevel


class Job:
    name: str


def wrong(queue: aiologic.Queue[Job], simple: aiologic.SimpleQueue[int]) -> None:
    queue.green_put("job")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    queue.green_put_many(["job"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    queue.sync_q.put(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    queue.green_get(timeot=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    queue.put(Job())  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    simple.put("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    simple.shutdown()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    aiologic.Queue(maxsize="1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    aiologic.SimpleQueue(5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


async def wrong_in_tasks(queue: aiologic.Queue[Job]) -> None:
    await queue.async_put(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    for job in await queue.async_get():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        del job
    queue.async_q.get().name.lower()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def wrong_types_of_conditions(condition: aiologic.Condition[aiologic.Lock]) -> None:
    other: aiologic.Condition[aiologic.RLock] = condition  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    other = aiologic.Condition(aiologic.Lock())  # type: ignore[arg-type]  # pyright: ignore[reportAssignmentType]
    aiologic.Condition(timer=1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    other.notify("all")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    other.lock.lokced()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def wrong_arguments(lock: aiologic.Lock, flag: aiologic.Flag[str]) -> None:
    lock.green_acquire(time_out=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    lock.green_acquire(timeout="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    lock.green_acquire(True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    flag.set(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    aiologic.Semaphore("1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    aiologic.ResourceGuard("sending")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@aiologic.synchronized
def plain(number: int) -> str:
    return str(number)


@aiologic.once
def settings() -> int:
    return 1


@aiologic.once  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
def with_an_argument(number: int) -> int:
    return number


@aiologic.synchronized(asyncio.Lock())  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
def under_a_lock_of_asyncio() -> None: ...


def wrong_calls_of_functions() -> None:
    plain("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    plain(1).lowwer()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    settings(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def forgotten_await(lock: aiologic.Lock, queue: aiologic.Queue[Job]) -> None:
    lock.async_acquire()  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    queue.async_put(Job())  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    for job in queue.async_get_many(3):  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        del job


async def forgotten_await_below(
    event: aiologic.Event,
    condition: aiologic.Condition[aiologic.Lock],
    waiter: lowlevel.AsyncWaiter,
) -> None:
    event.with_(1)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    condition.for_(lambda: 1)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    waiter.with_(1)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    lowlevel.async_checkpoint()  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    lowlevel.async_sleep(1)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]


async def await_too_much(lock: aiologic.Lock, event: aiologic.Event) -> None:
    await lock  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await event.wait()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await lock.green_acquire()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]


async def wrong_blocks(
    rwlock: aiologic.RWLock, event: aiologic.Event, guard: aiologic.ResourceGuard
) -> None:
    with rwlock:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        ...
    with event:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        ...
    async with guard:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        ...
    with aiologic.synchronized(asyncio.Lock()):  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        ...
