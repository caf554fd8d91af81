# SPDX-License-Identifier: ISC
"""Locks that are held across the yields of async generators: which task owns what when a generator is left."""

# A generator has no task of its own: each step runs in the task that asks for it, and so the lock belongs to that task.
# A task that closes the generator of another (as the loop may) leaves a block there that it did not enter. That
# raises; the lock stays with the task that has it, which can still release it. (users: a generator that is left by
# "break" is closed by the loop, at any later time. contextlib.aclosing() closes it at once and in the right task.)

from __future__ import annotations

import asyncio
import gc
from typing import Any

import aiologic
import pytest

from .steps import finish

Loop = asyncio.AbstractEventLoop

Locks = pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])


async def numbers(primitive: Any) -> Any:
    """Yields with the lock held."""
    async with primitive:
        yield 1
        yield 2


@Locks
def test_it_is_closed_by_the_task_that_used_it(
    loop: Loop, kind: type[aiologic.Lock]
) -> None:
    lock = kind()

    async def main() -> None:
        generator = numbers(lock)
        assert await generator.__anext__() == 1
        assert lock.async_owned()
        await generator.aclose()
        assert not lock.locked()

    finish(loop, main())


@Locks
def test_it_is_closed_by_another_task(loop: Loop, kind: type[aiologic.Lock]) -> None:
    """That task gets the error, and the first one keeps the lock, and can release it."""
    lock = kind()

    async def main() -> None:
        generator = numbers(lock)
        assert await generator.__anext__() == 1
        with pytest.raises(RuntimeError, match="current task is not holding"):
            await loop.create_task(generator.aclose())
        assert lock.async_owned()
        lock.async_release()
        assert not lock.locked()

    finish(loop, main())


def test_a_semaphore_may_be_given_back_by_any_task(loop: Loop) -> None:
    """What has no owner can be held across the yields of a generator that others close."""
    semaphore = aiologic.BinarySemaphore()

    async def main() -> None:
        generator = numbers(semaphore)
        assert await generator.__anext__() == 1
        await loop.create_task(generator.aclose())
        assert await semaphore.async_acquire(blocking=False) is True

    finish(loop, main())


@Locks
def test_the_loop_closes_what_was_left(loop: Loop, kind: type[aiologic.Lock]) -> None:
    """shutdown_asyncgens(), which asyncio.run() calls at its end: it reports the error, and goes on."""
    lock, reports = kind(), []
    loop.set_exception_handler(lambda loop, context: reports.append(context))  # noqa: ARG005
    kept: list[object] = []

    async def main() -> None:
        generator = numbers(lock)
        kept.append(generator)
        async for _ in generator:
            break

    finish(loop, main())
    assert lock.locked()

    loop.run_until_complete(loop.shutdown_asyncgens())

    (report,) = reports
    assert "current task is not holding" in str(report["exception"])
    assert lock.locked()


@Locks
def test_one_that_was_forgotten_is_closed_by_the_loop(
    loop: Loop, kind: type[aiologic.Lock]
) -> None:
    """The garbage collector has the loop close it, in one of the loop's tasks."""
    lock, reports = kind(), []
    loop.set_exception_handler(lambda loop, context: reports.append(context))  # noqa: ARG005

    async def main() -> None:
        async for _ in numbers(lock):
            break
        # Nobody asks that task for its result, so the error is reported when it is collected.
        while not reports:
            gc.collect()
            await asyncio.sleep(0)
        assert lock.async_owned()
        lock.async_release()

    finish(loop, main())
    assert "current task is not holding" in str(reports[0]["exception"])
    assert not lock.locked()


def test_a_generator_that_waits_is_closed(loop: Loop) -> None:
    """Its task is cancelled in the middle of a step, and then it is closed: nothing is left in the queue."""
    lock = aiologic.Lock()

    async def step(generator: Any) -> None:
        await generator.__anext__()

    async def main() -> None:
        generator = numbers(lock)
        task = loop.create_task(step(generator))
        while not lock.waiting:  # noqa: ASYNC110  # no event tells of that
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert lock.waiting == 0
        await generator.aclose()

    lock.green_acquire()
    finish(loop, main())
    lock.green_release()
