# SPDX-License-Identifier: ISC
"""AnyIO on asyncio: its scopes cancel again and again, and its threads are threads."""

from __future__ import annotations

import asyncio
import sys

import aiologic
import pytest
from aiologic.lowlevel import (
    async_checkpoint,
    async_checkpoint_if_cancelled,
    enable_checkpoints,
    shield,
)

from .test_tasks import drive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar

    import anyio
    import anyio.from_thread
    import anyio.to_thread

    T = TypeVar("T")
else:
    anyio = pytest.importorskip("anyio", reason="scopes of AnyIO need AnyIO")
    pytest.importorskip("anyio.from_thread")
    pytest.importorskip("anyio.to_thread")

FAR = 1000


def run(function: Callable[[], Awaitable[T]]) -> T:
    async def in_time() -> T:
        with anyio.fail_after(10):
            return await function()

    return anyio.run(in_time, backend="asyncio")


async def until_waiting(
    primitive: aiologic.Lock | aiologic.Event, count: int = 1
) -> None:
    while primitive.waiting != count:  # noqa: ASYNC110  # no event tells of that
        await asyncio.sleep(0)


def test_a_wait_that_begins_in_a_cancelled_scope_ends() -> None:
    """The level is there when the wait begins; no new edge has to come."""
    lock, event = aiologic.Lock(), aiologic.Event()

    async def main() -> list[str]:
        passed = []
        async with anyio.create_task_group():
            with anyio.CancelScope() as scope:
                scope.cancel()
                try:
                    await event
                finally:
                    passed.append("event")
                    await lock.async_acquire()
        return passed

    lock.green_acquire()
    assert run(main) == ["event"]
    assert lock.waiting == 0
    assert event.waiting == 0
    lock.green_release()


def test_a_cancelled_task_hears_of_it_at_each_wait() -> None:
    event = aiologic.Event()
    heard: list[int] = []

    async def main() -> None:
        with anyio.CancelScope() as scope:
            scope.cancel()
            for number in range(3):
                try:
                    await event
                except asyncio.CancelledError:
                    heard.append(number)
            await event

    run(main)
    assert heard == [0, 1, 2]


def test_deadlines() -> None:
    lock, event = aiologic.Lock(), aiologic.Event()

    async def main() -> None:
        async with lock:
            with anyio.move_on_after(0.01) as scope:
                await event
            assert scope.cancel_called
            with pytest.raises(TimeoutError), anyio.fail_after(0.01):
                await event.with_(FAR)
            with anyio.move_on_after(FAR):
                assert await event.with_(0.01) is False
            assert event.waiting == 0
            assert lock.async_owned()

    run(main)
    assert not lock.locked()


def test_a_shielded_wait_goes_on_in_a_cancelled_scope() -> None:
    lock = aiologic.Lock()

    async def wait(scope: anyio.CancelScope, got: list[bool]) -> None:
        with scope:
            with anyio.CancelScope(shield=True):
                got.append(await lock.async_acquire())
                lock.async_release()
            await anyio.sleep(FAR)

    async def main() -> list[bool]:
        scope = anyio.CancelScope()
        got: list[bool] = []
        async with anyio.create_task_group() as group, lock:
            group.start_soon(wait, scope, got)
            await until_waiting(lock)
            scope.cancel()
            for _ in range(5):
                await asyncio.sleep(0)
            assert lock.waiting == 1
        return got

    assert run(main) == [True]


def test_a_cancelled_scope_leaves_an_asyncio_task_as_it_was() -> None:
    """Task.cancelling() is back at zero: code that relies on it (asyncio.timeout) can."""
    lock = aiologic.Lock()

    async def main() -> int:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await lock.async_acquire()
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling() if hasattr(task, "cancelling") else 0

    lock.green_acquire()
    assert run(main) == 0
    assert lock.waiting == 0


def test_checkpoints_hear_of_a_cancelled_scope() -> None:
    async def main() -> list[str]:
        heard = []
        for name, checkpoint in {
            "checkpoint": async_checkpoint,
            "if cancelled": async_checkpoint_if_cancelled,
        }.items():
            await checkpoint(force=True)
            with anyio.CancelScope() as scope:
                scope.cancel()
                await checkpoint(force=True)
                heard.append(f"not at {name}")
            with anyio.CancelScope() as scope:
                scope.cancel()
                await checkpoint()
                heard.append(name)  # they are off
            with anyio.CancelScope() as scope:
                scope.cancel()
                await enable_checkpoints(checkpoint())
                heard.append(f"not at {name}")
        return heard

    assert run(main) == ["checkpoint", "if cancelled"]


def test_a_task_that_sleeps_tells_whether_it_is_to_be_cancelled() -> None:
    """AnyIO asks what the task waits for; it answers as if the task waited for a future."""

    async def wait(event: aiologic.Event | asyncio.Event) -> None:
        if isinstance(event, asyncio.Event):
            await event.wait()
        else:
            await event

    async def said(event: aiologic.Event | asyncio.Event) -> list[bool]:
        told = []
        async with anyio.create_task_group() as group:
            group.start_soon(wait, event, name="asked")
            await anyio.wait_all_tasks_blocked()
            (task,) = [one for one in anyio.get_running_tasks() if one.name == "asked"]
            told.append(task.has_pending_cancellation())
            # Not by the scope: AnyIO would know by itself.
            for one in asyncio.all_tasks():
                if id(one) == task.id:
                    one.cancel()
            told.append(task.has_pending_cancellation())
        return told

    async def main() -> list[list[bool]]:
        return [await said(asyncio.Event()), await said(aiologic.Event())]

    assert run(main) == [[False, True]] * 2


def test_anyio_that_must_not_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is how a test makes a program believe that it is not installed."""
    monkeypatch.setitem(sys.modules, "anyio", None)
    monkeypatch.delitem(sys.modules, "aiologic_asyncio._anyio", raising=False)

    async def main() -> int:
        await async_checkpoint(force=True)
        await async_checkpoint_if_cancelled(force=True)
        return await shield(asyncio.sleep(0, 5))

    assert asyncio.run(main()) == 5


def test_asyncio_inside_a_task_of_trio() -> None:
    """AnyIO takes its tasks for tasks of trio, as long as trio runs in this thread."""
    trio: Any = pytest.importorskip("trio", reason="it is about trio")

    async def shielded(begun: asyncio.Event, goes_on: asyncio.Event) -> int:
        begun.set()
        await goes_on.wait()
        return 5

    async def main() -> list[int]:
        await async_checkpoint(force=True)
        await async_checkpoint_if_cancelled(force=True)
        # Two tasks that do not end in the reverse order of their beginning: trio's scopes would have to.
        begun = [asyncio.Event(), asyncio.Event()]
        goes_on = [asyncio.Event(), asyncio.Event()]
        tasks = []
        for pair in zip(begun, goes_on):
            tasks.append(asyncio.ensure_future(shield(shielded(*pair))))
            await pair[0].wait()
        for task, event in zip(tasks, goes_on):
            event.set()
            await task
        return [task.result() for task in tasks]

    async def around() -> list[int]:
        with trio.CancelScope() as scope:
            scope.cancel()  # this concerns trio, not asyncio's tasks
            return asyncio.run(main())
        raise AssertionError

    assert trio.run(around) == [5, 5]


def test_a_coroutine_that_is_no_task() -> None:
    """Callbacks drive it; AnyIO finds no library in it."""
    outcome: list[object] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(drive, async_checkpoint_if_cancelled(force=True), outcome)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert outcome == [None]


def test_a_worker_thread_takes_the_lock_that_a_task_gives() -> None:
    lock = aiologic.Lock()

    def in_a_thread() -> str:
        with lock:
            return "thread"

    async def main() -> list[str]:
        order = []

        async def offload() -> None:
            order.append(await anyio.to_thread.run_sync(in_a_thread))

        async with anyio.create_task_group() as group, lock:
            group.start_soon(offload)
            await until_waiting(lock)
            order.append("task")
        return order

    assert run(main) == ["task", "thread"]


def test_a_worker_thread_waits_in_the_loop_that_it_came_from() -> None:
    lock = aiologic.Lock()

    async def attempt() -> bool:
        return await lock.async_acquire(timeout=0.01)

    async def take_and_give() -> bool:
        async with lock:
            return lock.async_owned()

    def in_a_thread() -> list[bool]:
        with lock:
            outcome = [anyio.from_thread.run(attempt)]
        return [*outcome, anyio.from_thread.run(take_and_give)]

    async def main() -> list[bool]:
        return await anyio.to_thread.run_sync(in_a_thread)

    assert run(main) == [False, True]


def test_a_portal_in_another_thread() -> None:
    lock = aiologic.Lock()

    async def take_and_give() -> None:
        async with lock:
            pass

    with anyio.from_thread.start_blocking_portal("asyncio") as portal, lock:
        future = portal.start_task_soon(take_and_give)
        waiting = portal.start_task_soon(until_waiting, lock)
        waiting.result(10)
        assert not future.done()
        lock.green_release()
        future.result(10)
        lock.green_acquire()
