# SPDX-License-Identifier: ISC
"""Waits as users of asyncio write them: in its time-outs, groups, runners and stacks."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any, Union

import aiologic
import pytest

from .steps import finish, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Loop = asyncio.AbstractEventLoop
Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]

FAR = 1000

new_in_3_11 = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="asyncio.timeout() and TaskGroup are of 3.11"
)


async def block(exclusive: Exclusive) -> None:
    async with exclusive:
        pass


async def call(exclusive: Exclusive) -> None:
    assert await exclusive.async_acquire()
    exclusive.async_release()


async def limited(exclusive: Exclusive) -> None:
    assert await exclusive.async_acquire(timeout=FAR)
    exclusive.async_release()


@pytest.fixture(params=[block, call, limited])
def take_and_give(
    request: pytest.FixtureRequest,
) -> Callable[[Exclusive], Awaitable[None]]:
    """Each way to wait."""
    function: Callable[[Exclusive], Awaitable[None]] = request.param
    return function


Taking = Any


async def until_it_is_waited_for(primitive: Any, count: int = 1) -> None:
    while primitive.waiting != count:  # noqa: ASYNC110  # no event tells of that
        await asyncio.sleep(0)


@new_in_3_11
def test_a_time_limit_in_a_block(
    loop: Loop, exclusive: Exclusive, take_and_give: Taking
) -> None:
    """In time, out of time, and with a deadline that has passed; the count of cancellations is as before."""

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        async with asyncio.timeout(FAR):
            await take_and_give(exclusive)
        exclusive.green_acquire()
        for seconds in (0.005, 0, -1):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(seconds):
                    await take_and_give(exclusive)
            assert exclusive.waiting == 0
            assert task.cancelling() == 0
        exclusive.green_release()
        async with asyncio.timeout(FAR):
            await take_and_give(exclusive)

    finish(loop, main())


@new_in_3_11
def test_a_time_limit_that_is_moved(loop: Loop) -> None:
    event = aiologic.Event()

    async def main() -> None:
        async def is_cut_short() -> None:
            async with asyncio.timeout(FAR) as limit:
                loop.call_soon(limit.reschedule, loop.time())
                await event

        with pytest.raises(TimeoutError):
            await is_cut_short()
        assert event.waiting == 0
        async with asyncio.timeout(0.01) as limit:
            limit.reschedule(None)
            loop.call_later(0.02, event.set)
            await event

    finish(loop, main())


@new_in_3_11
def test_time_is_up_and_it_is_granted_in_one_turn(
    loop: Loop, exclusive: Exclusive
) -> None:
    """The time limit cancels the task, and then a callback grants what it waited for: that goes to the next."""
    got: list[str] = []

    async def first() -> None:
        async with asyncio.timeout(FAR) as limit:
            limits.append(limit)
            await exclusive.async_acquire()

    async def second() -> None:
        await exclusive.async_acquire()
        got.append("second")

    limits: list[Any] = []

    async def main() -> None:
        tasks = [loop.create_task(first()), loop.create_task(second())]
        await until_it_is_waited_for(exclusive, 2)
        limits[0].reschedule(loop.time())
        loop.call_soon(exclusive.green_release)
        with pytest.raises(TimeoutError):
            await tasks[0]
        await tasks[1]

    exclusive.green_acquire()
    finish(loop, main())
    assert got == ["second"]
    assert exclusive.waiting == 0


def test_wait_for(loop: Loop, exclusive: Exclusive, take_and_give: Taking) -> None:
    async def main() -> None:
        await asyncio.wait_for(take_and_give(exclusive), FAR)
        exclusive.green_acquire()
        for seconds in (0.005, 0):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(take_and_give(exclusive), seconds)
            assert exclusive.waiting == 0
        exclusive.green_release()
        await asyncio.wait_for(take_and_give(exclusive), FAR)

    finish(loop, main())


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_wait_for_an_acquire(loop: Loop, kind: type[aiologic.Lock]) -> None:
    """Before 3.12, wait_for() runs it in a task, and so the lock belongs to that task, which has ended.

    Hence the ``timeout`` of acquire itself, which works everywhere.
    """
    lock = kind()

    async def main() -> None:
        assert await asyncio.wait_for(lock.async_acquire(), FAR) is True
        assert lock.async_owned() is (sys.version_info >= (3, 12))
        assert lock.locked()

    async def works_everywhere() -> None:
        lock = kind()
        assert await lock.async_acquire(timeout=FAR) is True
        assert lock.async_owned()

    finish(loop, main())
    finish(loop, works_everywhere())


def test_wait_for_is_cancelled(
    loop: Loop, exclusive: Exclusive, take_and_give: Taking
) -> None:
    async def main() -> None:
        task = loop.create_task(asyncio.wait_for(take_and_give(exclusive), FAR))
        await until_it_is_waited_for(exclusive)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert exclusive.waiting == 0

    exclusive.green_acquire()
    finish(loop, main())


@new_in_3_11
def test_a_group_with_a_task_that_fails(
    loop: Loop, exclusive: Exclusive, take_and_give: Taking
) -> None:
    """The others are cancelled, the one that has it and those that wait; then it is free."""

    async def hold() -> None:
        async with exclusive:
            await asyncio.sleep(FAR)

    async def fail() -> None:
        await until_it_is_waited_for(exclusive, 3)
        raise KeyError("one of them")

    async def main() -> None:
        caught: list[BaseException] = []
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(hold())
                for _ in range(3):
                    group.create_task(take_and_give(exclusive))
                group.create_task(fail())
        except BaseException as error:
            caught.append(error)
        (raised,) = caught
        assert [type(error) for error in getattr(raised, "exceptions", ())] == [
            KeyError
        ]
        assert exclusive.waiting == 0
        assert await exclusive.async_acquire(blocking=False) is True

    finish(loop, main())


@new_in_3_11
def test_a_group_in_a_block(loop: Loop, exclusive: Exclusive) -> None:
    """The body waits for what its own children give: cancelled together with them."""

    async def main() -> None:
        task = loop.create_task(body())
        await until_it_is_waited_for(exclusive, 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert exclusive.waiting == 0

    async def body() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(call(exclusive))
            await exclusive.async_acquire()

    exclusive.green_acquire()
    finish(loop, main())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")
def test_a_loop_that_starts_tasks_eagerly(
    loop: Loop, exclusive: Exclusive, take_and_give: Taking
) -> None:
    """Each begins to wait before its creator goes on, and is cancelled before it was ever scheduled."""

    # As asyncio.eager_task_factory(), which on some Pythons does not bear what uvloop passes to it.
    def eagerly(loop: Loop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        options["eager_start"] = True
        return asyncio.Task(coroutine, loop=loop, **options)

    loop.set_task_factory(eagerly)

    async def main() -> None:
        async with exclusive:
            tasks = [loop.create_task(take_and_give(exclusive)) for _ in range(4)]
            assert exclusive.waiting == 4
            tasks[0].cancel()
            tasks[2].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [
            asyncio.CancelledError,
            type(None),
        ] * 2
        assert exclusive.waiting == 0
        free = loop.create_task(take_and_give(exclusive))
        assert free.done()
        await free

    finish(loop, main())


def test_a_stack_of_blocks(loop: Loop, exclusive: Exclusive) -> None:
    """contextlib accepts them as async context managers, and so do type checkers."""

    async def main() -> None:
        async with contextlib.AsyncExitStack() as stack:
            assert await stack.enter_async_context(exclusive) is exclusive
            other = loop.create_task(call(exclusive))
            await until_it_is_waited_for(exclusive)
        await other

    finish(loop, main())


@pytest.mark.skipif(sys.version_info < (3, 9), reason="to_thread() came with 3.9")
def test_a_function_in_a_thread(loop: Loop, exclusive: Exclusive) -> None:
    """It waits for a task, and a task waits for it; asyncio.run() does not end before it."""
    order: list[str] = []

    def in_a_thread() -> None:
        with exclusive:
            order.append("thread")

    async def main() -> None:
        async with exclusive:
            offloaded = loop.create_task(asyncio.to_thread(in_a_thread))
            await until_it_is_waited_for(exclusive)
            order.append("task")
        await offloaded
        async with exclusive:
            order.append("task")

    finish(loop, main())
    loop.run_until_complete(loop.shutdown_default_executor())
    assert order == ["task", "thread", "task"]


def test_made_before_there_is_a_loop_and_used_in_one_after_the_other() -> None:
    """C20: at module level; each loop has contention of its own, and none knows of the last one."""
    lock, served = aiologic.Lock(), []

    async def work(number: int) -> None:
        async with lock:
            served.append(number)
            await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(work(1), work(2), work(3))

    for debug in (False, True, False):
        asyncio.run(main(), debug=debug)
    assert served == [1, 2, 3] * 3
    assert not lock.locked()


def test_a_wait_that_outlives_its_loop_s_run(loop: Loop) -> None:
    """run_until_complete() returns while it still waits, and it goes on in the next run."""
    event = aiologic.Event()
    waiting = loop.create_task(event.with_())
    until_waiting(loop, event)
    loop.run_until_complete(asyncio.sleep(0))
    event.set()
    assert finish(loop, waiting) is True
