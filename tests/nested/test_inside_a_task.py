# SPDX-License-Identifier: ISC
"""A runtime that is started inside a task of another: it has tasks of its own, and the others stand still meanwhile."""

from __future__ import annotations

import asyncio
import gc

import aiologic
import pytest
from aiologic.lowlevel import (
    current_async_library,
    current_async_library_tlocal,
    current_async_task,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    from .nests import Nest

    Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]

Locks = pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])


def test_it_is_found_who_runs_now(nest: Nest) -> None:
    """D17: before, inside and afterwards; in the first task and in another."""
    seen: list[str] = []
    tasks: list[object] = []

    async def look() -> None:
        seen.append(current_async_library())
        tasks.append(current_async_task())

    async def inner() -> None:
        await look()
        await nest.inner.together(look, look)
        await look()

    async def outer() -> None:
        await look()
        nest.inner.run(inner)
        await look()

    nest.run(outer)
    here, there = nest.outer.library, nest.inner.library
    assert seen == [here, there, there, there, there, here]
    assert tasks[0] is tasks[5]
    assert tasks[1] is tasks[4]
    assert len({id(task) for task in tasks}) == 4


def test_the_innermost_runs_also_where_the_outer_one_was_named(nest: Nest) -> None:
    """As by a kernel that runs a loop itself. A task inside is not its task, and waits as the inner runtime does."""
    seen: list[str] = []
    lock = aiologic.Lock()

    async def inner() -> None:
        seen.append(current_async_library())
        assert not lock.async_owned()
        assert await lock.async_acquire(timeout=0.01) is False

    async def outer() -> None:
        async with lock:
            before = current_async_library_tlocal.name
            current_async_library_tlocal.name = nest.outer.library
            try:
                nest.inner.run(inner)
                seen.append(current_async_library())
            finally:
                current_async_library_tlocal.name = before
            assert lock.async_owned()

    nest.run(outer)
    assert seen == [nest.inner.library, nest.outer.library]


@Locks
def test_what_the_outer_task_has_the_inner_one_has_not(
    nest: Nest, kind: type[aiologic.Lock]
) -> None:
    lock = kind()

    async def inner() -> None:
        assert lock.locked()
        assert not lock.async_owned()
        assert lock.owner is not None
        assert lock.owner[0] == nest.outer.library
        assert await lock.async_acquire(blocking=False) is False
        assert await lock.async_acquire(timeout=0) is False
        assert await lock.async_acquire(timeout=0.01) is False
        with pytest.raises(RuntimeError, match="current task is not holding"):
            lock.async_release()
        assert lock.waiting == 0

    async def outer() -> None:
        async with lock:
            nest.inner.run(inner)
            assert lock.async_owned()

    nest.run(outer)
    assert not lock.locked()


@Locks
def test_what_an_inner_task_has_left_behind_is_nobody_s(
    nest: Nest, kind: type[aiologic.Lock]
) -> None:
    """It ended with the lock, and so did its runtime: the outer task does not become its owner."""
    lock = kind()

    async def inner() -> None:
        await lock.async_acquire()

    async def outer() -> None:
        nest.inner.run(inner)
        gc.collect()
        assert not lock.async_owned()
        assert await lock.async_acquire(timeout=0) is False
        with pytest.raises(RuntimeError, match="current task is not holding"):
            lock.async_release()

    nest.run(outer)
    assert lock.locked()


@Locks
def test_a_plain_wait_inside_for_the_task_around_it_raises(
    nest: Nest, kind: type[aiologic.Lock]
) -> None:
    """It could never end: the outer task needs this very thread."""
    lock = kind()

    async def inner() -> None:
        if nest.inner.library == nest.outer.library:
            # The outer loop hides from asyncio, and so from us: only a time-out ends this.
            assert lock.green_acquire(timeout=0.01) is False
            return
        with pytest.raises(RuntimeError, match="current thread is already holding"):
            lock.green_acquire()

    async def outer() -> None:
        async with lock:
            nest.inner.run(inner)

    nest.run(outer)
    assert not lock.locked()


def test_a_runtime_in_a_callback(exclusive: Exclusive) -> None:
    """trio inside a callback of asyncio: there is no task around it, but it is found all the same."""
    trio = pytest.importorskip("trio", reason="the run is trio's")
    pytest.importorskip("aiologic_trio", reason="runs of trio need the backend")
    seen: list[str] = []

    async def inner() -> None:
        seen.append(current_async_library())
        assert await exclusive.async_acquire(timeout=0.01) is False
        other = aiologic.Lock()
        async with other:
            assert other.async_owned()

    async def outer() -> None:
        async with exclusive:
            asyncio.get_running_loop().call_soon(trio.run, inner)
            while not seen:  # noqa: ASYNC110  # no event tells of that
                await asyncio.sleep(0)
        seen.append(current_async_library())

    asyncio.run(outer())
    assert seen == ["trio", "asyncio"]
    assert exclusive.waiting == 0


def test_it_has_ended_with_an_error(nest: Nest) -> None:
    """However the inner one ends, the outer one works again."""
    lock = aiologic.Lock()

    async def inner() -> None:
        async with aiologic.Lock():
            raise KeyError("inner")

    async def outer() -> None:
        async with lock:
            with pytest.raises(KeyError, match="inner"):
                nest.inner.run(inner)
            assert current_async_library() == nest.outer.library
            assert lock.async_owned()

    nest.run(outer)
    assert not lock.locked()


def test_many_times_in_turns(nest: Nest) -> None:
    """Nothing that is remembered about one runtime is taken for the next one's."""
    lock = aiologic.RLock()

    async def inner() -> None:
        assert not lock.async_owned()
        assert await lock.async_acquire(blocking=False) is False

    async def outer() -> None:
        for _ in range(3):
            async with lock:
                nest.inner.run(inner)
                async with lock:
                    assert lock.count == 2
            await nest.outer.checkpoint()

    for _ in range(3):
        nest.run(outer)
    assert not lock.locked()
