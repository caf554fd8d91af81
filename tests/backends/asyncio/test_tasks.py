# SPDX-License-Identifier: ISC
"""Coroutines that are not run by a plain task."""

from __future__ import annotations

import asyncio
import sys

import aiologic
import pytest
from aiologic.testing.harness import acquire, until

from .steps import finish, slice_of, start, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from aiologic.testing.harness import Stage

Loop = asyncio.AbstractEventLoop


def drive(coroutine: Coroutine[Any, None, object], outcome: list[object]) -> None:
    """Run a coroutine by callbacks, as frameworks did before there were tasks."""
    try:
        future = coroutine.send(None)
    except StopIteration as end:
        outcome.append(end.value)
        return
    except RuntimeError as error:
        outcome.append(error)
        return
    # A future yields itself, and wants to be told that this was meant.
    future._asyncio_future_blocking = False
    future.add_done_callback(lambda _: drive(coroutine, outcome))


def test_a_coroutine_without_a_task_waits_for_an_event(loop: Loop) -> None:
    event = aiologic.Event()
    outcome: list[object] = []
    loop.call_soon(drive, event.with_(), outcome)
    until_waiting(loop, event)

    event.set()
    for _ in range(3):
        slice_of(loop)

    assert outcome == [True]


def test_a_coroutine_without_a_task_waits_for_a_semaphore(loop: Loop) -> None:
    semaphore = aiologic.BinarySemaphore(0)
    outcome: list[object] = []
    loop.call_soon(drive, semaphore.async_acquire(timeout=0), outcome)
    loop.call_soon(drive, semaphore.async_acquire(), outcome)
    until_waiting(loop, semaphore, 1)
    assert outcome == [False]

    semaphore.release()
    for _ in range(3):
        slice_of(loop)

    assert outcome == [False, True]


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_a_coroutine_without_a_task_can_not_own_a_lock(
    loop: Loop, kind: type[aiologic.Lock]
) -> None:
    """Two callbacks would be the same owner; so there is none."""
    lock = kind()
    outcome: list[object] = []
    loop.call_soon(drive, lock.async_acquire(), outcome)
    loop.call_soon(drive, lock.__aenter__(), outcome)
    slice_of(loop)

    assert [type(error) for error in outcome] == [RuntimeError] * 2
    assert all("no current task" in str(error) for error in outcome)
    assert not lock.locked()


@pytest.mark.parametrize("granted", [True, False])
def test_a_coroutine_that_is_closed_while_it_waits_leaves_nothing(
    loop: Loop, threads: Stage, granted: bool
) -> None:
    """Its garbage collection does the same. A grant that it had goes to the next."""
    semaphore = aiologic.BinarySemaphore(0)
    coroutine = semaphore.async_acquire()
    loop.call_soon(drive, coroutine, [])
    until_waiting(loop, semaphore)
    call = threads.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 2)

    if granted:
        semaphore.release()
        assert not call.is_done
    coroutine.close()
    if not granted:
        assert semaphore.waiting == 1
        semaphore.release()

    assert call.result() is True
    assert semaphore.waiting == 0


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")
def test_an_eager_task_owns_what_it_took_before_its_creator_went_on(loop: Loop) -> None:
    lock = aiologic.Lock()

    async def short() -> None:
        async with lock:
            pass

    async def long() -> None:
        async with lock:
            await asyncio.sleep(0)
            assert lock.async_owned()

    def eager(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.Task(coroutine, loop=loop, eager_start=True)  # type: ignore[call-arg,unused-ignore]

    async def main() -> None:
        await eager(short())
        assert not lock.locked()
        holder = eager(long())
        assert lock.locked()
        assert not lock.async_owned()
        waiters = [eager(long()) for _ in range(3)]
        assert lock.waiting == 3
        with pytest.raises(RuntimeError, match="current task is not holding"):
            lock.async_release()
        await asyncio.gather(holder, *waiters)

    finish(loop, main())
    assert not lock.locked()


def test_a_lock_in_an_async_generator_is_the_task_s_that_runs_it(loop: Loop) -> None:
    lock = aiologic.Lock()

    async def numbers() -> Any:
        async with lock:
            yield 1
            yield 2

    async def main() -> None:
        async for number in numbers():
            assert lock.async_owned()
            if number == 2:
                break
        assert not lock.locked()

    async def broken_off() -> None:
        generator = numbers()
        assert await generator.__anext__() == 1
        await generator.aclose()

    finish(loop, broken_off())
    assert not lock.locked()
    with pytest.raises(AssertionError):  # "break" leaves the generator to the loop
        finish(loop, main())
    loop.run_until_complete(loop.shutdown_asyncgens())


def test_wait_for_and_gather_and_shield(loop: Loop) -> None:
    lock, event = aiologic.Lock(), aiologic.Event()

    async def main() -> None:
        async with lock:
            other = loop.create_task(lock.async_acquire())
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(other), 0.01)
            assert lock.waiting == 1
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(event.with_(), 0.01)
            assert event.waiting == 0
        assert await other is True
        event.set()
        outcomes = await asyncio.gather(event.with_(), event.with_())
        assert list(outcomes) == [True, True]

    finish(loop, main())


def test_a_task_that_ended_with_the_lock_is_not_taken_for_another(loop: Loop) -> None:
    """It has ended with the lock: nobody else becomes its owner, whatever address it gets."""
    lock = aiologic.Lock()

    async def take() -> None:
        await lock.async_acquire()

    async def steal() -> None:
        assert not lock.async_owned()
        with pytest.raises(RuntimeError, match="current task is not holding"):
            lock.async_release()

    finish(loop, take())
    for _ in range(50):
        loop.run_until_complete(start(loop, steal()))
    assert lock.locked()
