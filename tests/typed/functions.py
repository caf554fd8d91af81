# SPDX-License-Identifier: ISC
"""Decorated functions keep their signatures: whoever calls them is told as before."""

from __future__ import annotations

import asyncio
import threading
from typing import Callable

import aiologic
from aiologic import once, synchronized
from typing_extensions import assert_type

lock = aiologic.Lock()


@synchronized
def plain(number: int, *, name: str = "") -> str:
    return name * number


@synchronized
async def in_task(number: int) -> str:
    return str(number)


@synchronized(lock)
def under_a_lock(number: int) -> str:
    return str(number)


@synchronized(lock)
async def in_task_under_a_lock(number: int) -> str:
    return str(number)


@synchronized(aiologic.Condition(lock))
def under_the_lock_of_a_condition(number: int) -> str:
    return str(number)


@synchronized(aiologic.Condition())
async def in_task_under_the_lock_of_a_condition(number: int) -> str:
    return str(number)


@synchronized(aiologic.RWLock().reading)
def under_a_side_of_a_lock(number: int) -> str:
    return str(number)


@synchronized(threading.Lock())
def under_a_lock_of_threads(number: int) -> str:
    return str(number)


@synchronized(threading.Lock())
async def in_task_under_a_lock_of_threads(number: int) -> str:
    return str(number)


@synchronized(asyncio.Lock())
async def under_a_lock_of_asyncio(number: int) -> str:
    return str(number)


class Account:
    @synchronized
    def balance(self, currency: str) -> float:
        return float(bool(currency))

    @synchronized
    async def deposit(self, amount: float) -> float:
        return amount

    @synchronized
    @classmethod
    def of_class(cls, name: str) -> Account:
        return cls() if name else Account()

    @synchronized
    @staticmethod
    def static(number: int) -> int:
        return number


@once
def settings() -> int:
    return 1


@once(reentrant=True)
def settings_again() -> int:
    return 1


@once
async def connection() -> Account:
    return Account()


@once(reentrant=True)
async def connection_again() -> Account:
    return Account()


def functions(account: Account) -> None:
    assert_type(plain(1, name="x"), str)
    assert_type(under_a_lock(1), str)
    assert_type(under_the_lock_of_a_condition(1), str)
    assert_type(under_a_side_of_a_lock(1), str)
    assert_type(under_a_lock_of_threads(1), str)
    assert_type(account.balance("EUR"), float)
    assert_type(Account.of_class("x"), Account)
    assert_type(account.static(1), int)
    assert_type(settings(), int)
    assert_type(settings_again, Callable[[], int])
    with synchronized(account), synchronized(lock), synchronized(threading.Lock()):
        ...


async def coroutine_functions(account: Account) -> None:
    assert_type(await in_task(1), str)
    assert_type(await in_task_under_a_lock(1), str)
    assert_type(await in_task_under_the_lock_of_a_condition(1), str)
    assert_type(await in_task_under_a_lock_of_threads(1), str)
    assert_type(await under_a_lock_of_asyncio(1), str)
    assert_type(await account.deposit(1.5), float)
    assert_type(await connection(), Account)
    assert_type(await connection_again(), Account)
    async with synchronized(account), synchronized(asyncio.Lock()):
        ...
