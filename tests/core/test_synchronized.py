# SPDX-License-Identifier: ISC
"""What is synchronized by a lock runs under it: locks of ours, of threads, of async libraries (contract 1.3.10)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import synchronized

from .awaited_locks import AllAsyncLock, SimpleAsyncLock

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

OURS = [
    aiologic.Lock,
    aiologic.RLock,
    aiologic.BinarySemaphore,
    lambda: aiologic.RWLock().writing,
]


@pytest.mark.parametrize("make", OURS)
def test_a_lock_of_ours(make: Any, world: HandWorld) -> None:
    """Contract 1.3.10: decorates both kinds, and is a block of both kinds, which returns the synchronizer."""
    lock: aiologic.Lock = make()
    by_lock = synchronized(lock)

    def is_held() -> bool:
        return not lock.value if hasattr(lock, "value") else lock.locked()

    @by_lock
    def plain() -> bool:
        return is_held()

    @by_lock
    async def aio() -> bool:
        return is_held()

    async def block() -> bool:
        async with by_lock as entered:
            assert entered is by_lock
            return is_held()

    assert plain() is True
    assert world.run(aio()) is True
    assert world.run(block()) is True
    with by_lock as entered:
        assert entered is by_lock
        assert is_held()
    assert not is_held()


@pytest.mark.parametrize("make", [threading.Lock, threading.RLock])
def test_a_lock_of_threads(make: Any, world: HandWorld, crew: Crew) -> None:
    """Contract 1.3.10: the same, and async functions block their thread."""
    lock = make()
    by_lock = synchronized(lock)

    def is_held() -> bool:
        return not crew.run(lambda: lock.acquire(False) and not lock.release())

    async def block() -> bool:
        async with by_lock as entered:
            assert entered is by_lock
            return is_held()

    async def aio() -> bool:
        return is_held()

    assert by_lock(is_held)() is True
    assert world.run(by_lock(aio)()) is True
    assert world.run(block()) is True
    with by_lock as entered:
        assert entered is by_lock
        assert is_held()
    assert not is_held()


@pytest.mark.parametrize("make", [SimpleAsyncLock, AllAsyncLock, asyncio.Lock])
def test_a_lock_of_an_async_library(make: Any) -> None:
    """Contract 1.3.10: coroutine functions and ``async with`` only."""

    async def main() -> None:
        lock: asyncio.Lock = make()
        by_lock = synchronized(lock)

        def is_held() -> bool:
            return bool(getattr(lock, "is_held", False)) or (
                isinstance(lock, asyncio.Lock) and lock.locked()
            )

        @by_lock
        async def aio() -> bool:
            return is_held()

        assert await aio() is True
        assert not is_held()
        async with by_lock as entered:
            assert entered is by_lock
            assert is_held()
        assert not is_held()
        assert not hasattr(by_lock, "__enter__")
        with pytest.raises(TypeError, match="a coroutine function was expected, got"):
            by_lock(is_held)  # type: ignore[type-var]  # that is what is refused

    asyncio.run(main())


def test_a_reader_writer_lock_is_asked_for_a_side() -> None:
    lock = aiologic.RWLock()

    with pytest.raises(TypeError, match=r"\.reading and its \.writing: got <aio"):
        aiologic.synchronized(lock)

    with aiologic.synchronized(lock.writing):
        assert lock.statistics().holders
    assert not hasattr(lock, "_synchronized_lock")


def test_an_error_releases(world: HandWorld) -> None:
    lock = aiologic.Lock()

    @synchronized(lock)
    def plain() -> None:
        raise ZeroDivisionError

    @synchronized(lock)
    async def aio() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        plain()
    with pytest.raises(ZeroDivisionError):
        world.run(aio())
    with pytest.raises(ZeroDivisionError), synchronized(lock):
        raise ZeroDivisionError
    assert not lock.locked()


class TwoWorldCondition:
    """As far as it matters here: its own methods don't acquire, but its blocks do."""

    def __init__(self) -> None:
        self.lock = aiologic.RLock()

    def notify(self) -> None:
        """There is nobody to notify."""

    def __enter__(self) -> None:
        self.lock.__enter__()

    def __exit__(self, *exc: object) -> None:
        self.lock.green_release()

    async def __aenter__(self) -> None:
        await self.lock.__aenter__()

    async def __aexit__(self, *exc: object) -> None:
        self.lock.async_release()


def test_a_condition_is_synchronized_by_its_lock(world: HandWorld) -> None:
    """Contract 1.3.10 [Q]: 0.17.1 created another lock for it, which excluded nobody."""
    condition = TwoWorldCondition()
    by_condition = synchronized(condition)
    with by_condition:
        assert condition.lock.green_owned()

    async def block() -> None:
        async with by_condition:
            assert condition.lock.async_owned()

    world.run(block())
    assert not condition.lock.locked()
    assert not hasattr(condition, "_synchronized_lock")


def test_what_is_decorated_twice_is_awaited_under_both(world: HandWorld) -> None:
    inner, outer = aiologic.Lock(), aiologic.Lock()

    @synchronized(outer)
    @synchronized(inner)
    async def work() -> bool:
        return inner.async_owned() and outer.async_owned()

    assert world.run(work()) is True
    assert not inner
    assert not outer


# -- what it costs programs that don't use it --------------------------------------------------------------------------


def test_wrapt_is_imported_when_something_is_decorated() -> None:
    script = (
        "import sys, aiologic; aiologic.synchronized(aiologic.Lock());"
        "assert 'wrapt' not in sys.modules and 'asyncio' not in sys.modules;"
        "aiologic.synchronized(print); assert 'wrapt' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
