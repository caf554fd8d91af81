# SPDX-License-Identifier: ISC
"""AnyIO's worker threads are threads: they wait for tasks, tasks wait for them, and they can be abandoned."""

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


def test_a_thread_takes_turns_with_tasks(run: Runner, exclusive: Exclusive) -> None:
    inside: list[None] = []
    served: list[str] = []

    def enter(name: str) -> None:
        assert not inside
        inside.append(None)
        served.append(name)

    def in_a_thread() -> None:
        for _ in range(10):
            with exclusive:
                enter("thread")
                inside.pop()

    async def in_a_task() -> None:
        for _ in range(10):
            async with exclusive:
                enter("task")
                await anyio.lowlevel.checkpoint()
                inside.pop()

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(anyio.to_thread.run_sync, in_a_thread)
                group.start_soon(in_a_task)

    run(main)
    assert sorted(served) == ["task"] * 20 + ["thread"] * 20


def test_a_thread_waits_for_an_event_of_a_task(run: Runner) -> None:
    event, answer = aiologic.Event(), aiologic.Event()

    def in_a_thread() -> bool:
        got = event.wait(FAR)
        answer.set()
        return got

    async def main() -> None:
        async def offload() -> None:
            assert await anyio.to_thread.run_sync(in_a_thread) is True

        async with anyio.create_task_group() as group:
            group.start_soon(offload)
            await until_waiting(event)
            event.set()
            assert await answer.with_(FAR) is True

    run(main)


def test_a_cancelled_task_waits_for_its_thread(
    run: Runner, exclusive: Exclusive
) -> None:
    """The thread can't be interrupted, and is not abandoned: so nothing is left over when the scope ends."""
    passed: list[str] = []

    def in_a_thread() -> None:
        with exclusive:
            passed.append("thread")

    async def offload(scope: anyio.CancelScope) -> None:
        with scope:
            await anyio.to_thread.run_sync(in_a_thread)
            await anyio.lowlevel.checkpoint()
            raise AssertionError("it was not cancelled")
        passed.append("task")

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group, exclusive:
            group.start_soon(offload, scope)
            await until_waiting(exclusive)
            scope.cancel()
            await turns()
            assert exclusive.waiting == 1
            assert passed == []

    run(main)
    assert passed == ["thread", "task"]
    assert exclusive.green_acquire(blocking=False)


def test_an_abandoned_thread_keeps_its_place_in_the_queue(
    run: Runner, exclusive: Exclusive
) -> None:
    """An abandoned thread still waits: it gets its turn, and those behind it get theirs."""
    order: list[str] = []
    ended = threading.Event()

    def in_a_thread() -> None:
        with exclusive:
            order.append("abandoned")
        ended.set()

    async def next_one() -> None:
        async with exclusive:
            order.append("next")

    async def main() -> None:
        async with anyio.create_task_group() as group:
            async with exclusive:
                with anyio.move_on_after(0.02) as scope:
                    await anyio.to_thread.run_sync(in_a_thread, abandon_on_cancel=True)
                assert scope.cancel_called
                assert exclusive.waiting == 1
                group.start_soon(next_one)
                await until_waiting(exclusive, 2)
                order.append("task")
            await until_set(ended)

    run(main)
    assert order == ["task", "abandoned", "next"]
    assert exclusive.waiting == 0
    assert exclusive.green_acquire(blocking=False)


def test_an_abandoned_thread_with_a_time_limit_leaves_by_itself(
    run: Runner, exclusive: Exclusive
) -> None:
    outcome: list[bool] = []
    began, ended = threading.Event(), threading.Event()

    def in_a_thread() -> None:
        began.set()
        outcome.append(exclusive.green_acquire(timeout=0.05))
        ended.set()

    async def main() -> None:
        async def offload() -> None:
            await anyio.to_thread.run_sync(in_a_thread, abandon_on_cancel=True)

        async with exclusive:
            async with anyio.create_task_group() as group:
                group.start_soon(offload)
                await until_set(began)
                group.cancel_scope.cancel()
            await until_set(ended)
            assert exclusive.waiting == 0

    run(main)
    assert outcome == [False]
    assert exclusive.green_acquire(blocking=False)


def test_an_abandoned_thread_outlives_the_run(
    run: Runner, exclusive: Exclusive
) -> None:
    """AnyIO has gone; the lock and the thread are still there."""
    began, ended = threading.Event(), threading.Event()

    def in_a_thread() -> None:
        began.set()
        with exclusive:
            pass
        ended.set()

    async def main() -> None:
        async def offload() -> None:
            await anyio.to_thread.run_sync(in_a_thread, abandon_on_cancel=True)

        async with anyio.create_task_group() as group:
            group.start_soon(offload)
            await until_set(began)
            await until_waiting(exclusive)
            group.cancel_scope.cancel()

    exclusive.green_acquire()
    run(main)
    assert exclusive.waiting == 1
    exclusive.green_release()
    assert ended.wait(FAR)
    assert exclusive.green_acquire(timeout=FAR)


def test_as_many_threads_as_anyio_has_wait_at_once(
    run: Runner, exclusive: Exclusive
) -> None:
    """Its limiter is full of threads that wait for a task; the task needs none of them."""
    count = 10
    limiter_is_full: list[bool] = []
    served: list[None] = []

    def in_a_thread() -> None:
        with exclusive:
            served.append(None)

    async def main() -> None:
        limiter = anyio.CapacityLimiter(count)

        async def offload() -> None:
            await anyio.to_thread.run_sync(in_a_thread, limiter=limiter)

        async with anyio.create_task_group() as group, exclusive:
            for _ in range(2 * count):
                group.start_soon(offload)
            await until_waiting(exclusive, count)
            limiter_is_full.append(limiter.available_tokens == 0)

    run(main)
    assert limiter_is_full == [True]
    assert len(served) == 2 * count
