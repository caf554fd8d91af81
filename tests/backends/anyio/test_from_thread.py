# SPDX-License-Identifier: ISC
"""What AnyIO's worker threads do in the loop that they came from, and what comes back from there."""

from __future__ import annotations

import threading

import aiologic
import pytest

from .steps import FAR, turns, until_set, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import anyio
    import anyio.from_thread
    import anyio.lowlevel
    import anyio.to_thread

    from .conftest import Exclusive
    from .steps import Runner
else:
    anyio = pytest.importorskip("anyio", reason="about AnyIO")
    pytest.importorskip("anyio.from_thread")
    pytest.importorskip("anyio.lowlevel")
    pytest.importorskip("anyio.to_thread")


def test_a_thread_looks_for_cancellation_between_attempts(
    run: Runner, exclusive: Exclusive
) -> None:
    """from_thread.check_cancelled(): a thread that waits a little at a time can be cancelled after all."""
    attempts: list[None] = []
    first = threading.Event()

    def in_a_thread() -> None:
        while not exclusive.green_acquire(timeout=0.005):
            attempts.append(None)
            first.set()
            anyio.from_thread.check_cancelled()
        raise AssertionError("nobody gave it")

    async def offload(scope: anyio.CancelScope) -> None:
        with scope:
            await anyio.to_thread.run_sync(in_a_thread)
        assert scope.cancel_called

    async def main() -> None:
        scope = anyio.CancelScope()
        async with exclusive, anyio.create_task_group() as group:
            group.start_soon(offload, scope)
            await until_set(first)
            scope.cancel()

    run(main)
    assert attempts
    assert exclusive.waiting == 0
    assert exclusive.green_acquire(blocking=False)


def test_a_thread_that_is_cancelled_gives_back_what_it_has(
    run: Runner, exclusive: Exclusive
) -> None:
    has_it = threading.Event()

    def in_a_thread() -> None:
        with exclusive:
            has_it.set()
            while True:
                anyio.from_thread.check_cancelled()
                threading.Event().wait(0.001)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.to_thread.run_sync, in_a_thread)
            await until_set(has_it)
            group.cancel_scope.cancel()
        assert await exclusive.async_acquire(timeout=FAR)
        exclusive.async_release()

    run(main)


def test_what_a_thread_runs_in_the_loop_is_a_task_of_its_own(run: Runner) -> None:
    """from_thread.run(): the thread owns what it took itself, and its task owns nothing of that."""
    lock = aiologic.Lock()

    async def as_a_task() -> list[bool]:
        return [lock.async_owned(), await lock.async_acquire(timeout=0.01)]

    async def take_and_give() -> bool:
        async with lock:
            return lock.async_owned()

    def in_a_thread() -> None:
        with lock:
            assert anyio.from_thread.run(as_a_task) == [False, False]
            assert lock.green_owned()
        assert anyio.from_thread.run(take_and_give) is True
        assert not lock.locked()

    async def main() -> None:
        await anyio.to_thread.run_sync(in_a_thread)

    run(main)


def test_a_wait_that_a_thread_runs_in_the_loop_is_cancelled_with_its_task(
    run: Runner, exclusive: Exclusive
) -> None:
    """The scope around to_thread.run_sync() reaches into from_thread.run(), which raises the cancellation."""
    outcome: list[str] = []

    async def wait() -> str:
        async with exclusive:
            return "got it"

    def in_a_thread() -> None:
        try:
            outcome.append(anyio.from_thread.run(wait))
        except BaseException:
            outcome.append("cancelled")
            raise

    async def offload(scope: anyio.CancelScope) -> None:
        with scope:
            await anyio.to_thread.run_sync(in_a_thread)
            await anyio.lowlevel.checkpoint()
            raise AssertionError("it was not cancelled")

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            async with exclusive:
                group.start_soon(offload, scope)
                await until_waiting(exclusive)
                scope.cancel()
                await turns()
            assert scope.cancel_called

    run(main)
    assert outcome == ["cancelled"]
    assert exclusive.waiting == 0
    assert exclusive.green_acquire(blocking=False)


def test_a_function_that_a_thread_has_called_in_the_loop(run: Runner) -> None:
    """from_thread.run_sync(): it may set events and release what has no owner, in the loop's thread."""
    event, semaphore = aiologic.Event(), aiologic.BinarySemaphore(0)
    got: list[bool] = []

    async def wait() -> None:
        got.append(await event.with_(FAR))
        got.append(await semaphore.async_acquire(timeout=FAR))

    def in_a_thread() -> None:
        anyio.from_thread.run_sync(event.set)
        anyio.from_thread.run_sync(semaphore.async_release)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await until_waiting(event)
            await anyio.to_thread.run_sync(in_a_thread)

    run(main)
    assert got == [True, True]
