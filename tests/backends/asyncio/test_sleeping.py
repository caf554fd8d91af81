# SPDX-License-Identifier: ISC
"""A task sleeps on its waiter, and goes on in the very call of the loop that brings the wake-up."""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count
from typing import TYPE_CHECKING

import aiologic
import aiologic_asyncio
import pytest
from aiologic.testing._interruption import Interrupted, RaisingInterruption
from aiologic_asyncio._waiter import _Crowd, create_waiter

from .steps import finish, slice_of, start, until_waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Loop = asyncio.AbstractEventLoop


@pytest.mark.parametrize("count", [1, 5])
def test_a_wake_up_from_elsewhere_takes_one_turn(loop: Loop, count: int) -> None:
    event = aiologic.Event()
    waiting = [start(loop, event.with_()) for _ in range(count)]
    until_waiting(loop, event, count)

    event.set()
    slice_of(loop)

    assert [task.done() for task in waiting] == [True] * count


def test_many_that_are_woken_inside_go_on_in_order(loop: Loop) -> None:
    event = aiologic.Event()
    order: list[object] = []

    async def wait(number: int) -> None:
        await event
        order.append(number)

    async def main() -> None:
        tasks = [asyncio.ensure_future(wait(number)) for number in range(5)]
        while event.waiting < 5:  # noqa: ASYNC110
            await asyncio.sleep(0)
        loop.call_soon(order.append, "before")
        event.set()
        loop.call_soon(order.append, "behind")
        assert order == []  # nobody goes on inside set()
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())

    assert order == ["before", 0, 1, 2, 3, 4, "behind"]


def inside(loop: Loop, call: Callable[[], object]) -> None:
    async def main() -> None:
        call()

    loop.run_until_complete(main())


@pytest.mark.parametrize("where", ["inside", "elsewhere"])
def test_one_of_many_ends_the_loop(loop: Loop, where: str) -> None:
    """The others go on when it runs again."""
    event = aiologic.Event()
    went_on: list[int] = []

    async def wait(number: int) -> None:
        await event
        went_on.append(number)
        if number == 1:
            raise SystemExit

    tasks = [start(loop, wait(number)) for number in range(4)]
    until_waiting(loop, event, 4)

    def set_it() -> None:
        if where == "inside":
            inside(loop, event.set)
        else:
            event.set()
        slice_of(loop)

    with pytest.raises(SystemExit):
        set_it()
    # uvloop lets them go on before it raises.
    for _ in range(3):
        slice_of(loop)

    assert went_on == [0, 1, 2, 3]
    assert isinstance(tasks[1].exception(), SystemExit)
    for task in (tasks[0], tasks[2], tasks[3]):
        assert task.result() is None


@pytest.mark.parametrize("where", ["inside", "elsewhere"])
def test_one_of_many_is_cancelled_on_the_way(loop: Loop, where: str) -> None:
    event = aiologic.Event()
    tasks = [start(loop, event.with_()) for _ in range(3)]
    until_waiting(loop, event, 3)

    def set_and_cancel() -> None:
        event.set()
        tasks[1].cancel()

    if where == "inside":
        inside(loop, set_and_cancel)
    else:
        set_and_cancel()
    slice_of(loop)
    slice_of(loop)

    assert [task.cancelled() for task in tasks] == [False, True, False]
    assert tasks[0].result() is tasks[2].result() is True


def test_woken_where_a_step_has_cancelled_it(loop: Loop) -> None:
    """Whatever comes first makes the task ready, and nothing does so twice."""
    event = aiologic.Event()
    steps: list[str] = []

    async def wait() -> None:
        try:
            await event
        except asyncio.CancelledError:
            steps.append("cancelled")
        await asyncio.sleep(0)
        steps.append("slept")

    task = start(loop, wait())
    until_waiting(loop, event)

    async def both() -> None:
        task.cancel()
        event.set()
        await task

    loop.run_until_complete(both())

    assert steps == ["cancelled", "slept"]


@pytest.mark.skipif(sys.version_info < (3, 9), reason="messages came with 3.9")
def test_a_cancellation_brings_its_message(loop: Loop) -> None:
    task = start(loop, aiologic.Event().with_())
    slice_of(loop)

    task.cancel("enough")

    async def main() -> None:
        # Before 3.11, a task that awaits another gets an exception of its own, which has no message.
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        error: Any = caught.value
        while error.__context__ is not None:
            error = error.__context__
        assert error.args == ("enough",)

    loop.run_until_complete(main())


def test_it_can_be_awaited_again_after_a_cancellation(loop: Loop) -> None:
    """That is all that a shield needs."""
    outcomes: list[object] = []
    waiters = []

    async def main() -> None:
        waiter = create_waiter()
        waiters.append(waiter)
        for _ in range(2):
            try:
                outcomes.append(await waiter.park(None))
            except asyncio.CancelledError:
                outcomes.append("cancelled")

    task = start(loop, main())
    slice_of(loop)
    task.cancel()
    slice_of(loop)
    assert outcomes == ["cancelled"]
    waiters[0].wake()
    finish(loop, task)

    assert outcomes == ["cancelled", None]


@pytest.mark.skipif(
    sys.version_info < (3, 10) or sys.implementation.name != "cpython",
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)
@pytest.mark.parametrize("where", ["inside", "elsewhere"])
def test_a_handler_raises_where_many_are_made_ready(loop: Loop, where: str) -> None:
    """Those that had been taken out by then go on all the same, and so do those that had not."""
    files = [os.path.dirname(aiologic_asyncio.__file__)]
    for number in count():
        event = aiologic.Event()
        tasks = [start(loop, event.with_()) for _ in range(3)]
        until_waiting(loop, event, 3)
        interruption = RaisingInterruption(number, Interrupted.now, files)

        act: Callable[[], object] = event.set
        if where == "elsewhere":
            crowd = _Crowd(event._queue or ())
            for waiter in crowd:
                assert waiter.claim()
            act = crowd.resume

        def interrupted(act: Any = act, interruption: Any = interruption) -> None:
            try:
                interruption.during(act)
            except Interrupted:
                if where == "elsewhere":
                    act()  # as the inbox does

        if where == "inside":
            inside(loop, interrupted)
        else:
            loop.call_soon(interrupted)
        for _ in range(4):
            slice_of(loop)

        assert [task.done() for task in tasks] == [True] * 3, interruption.where
        if not interruption.was_made:
            break
    assert number > 2


def test_time_that_is_up_before_it_sleeps_is_no_wake_up(loop: Loop) -> None:
    """It was taken for one: what nobody had given would have been taken."""

    async def main() -> None:
        waiter = create_waiter()
        waiter._time_is_up()
        assert await waiter.park(10) is False
        assert waiter  # undecided

    loop.run_until_complete(main())


def test_one_of_several_deliveries_ends_the_loop(loop: Loop) -> None:
    """The wake-ups behind it in the loop's inbox arrive all the same."""
    events = [aiologic.Event() for _ in range(3)]
    went_on: list[int] = []

    async def wait(number: int) -> None:
        await events[number]
        went_on.append(number)
        if number == 0:
            raise SystemExit

    tasks = [start(loop, wait(number)) for number in range(3)]
    until_waiting(loop, events[-1])
    for event in events:
        event.set()

    with pytest.raises(SystemExit):
        slice_of(loop)
    for _ in range(3):
        slice_of(loop)

    assert went_on == [0, 1, 2]
    assert isinstance(tasks[0].exception(), SystemExit)


def test_asyncio_takes_it_for_what_a_task_can_wait_for(loop: Loop) -> None:
    async def main() -> None:
        waiter = create_waiter()
        seen: Any = waiter
        assert asyncio.isfuture(seen)
        assert isinstance(seen, asyncio.Future)  # what AnyIO asks
        assert waiter.done()  # it does not sleep yet

        async def sleep() -> None:
            await waiter.park(None)

        task = asyncio.ensure_future(sleep())
        await asyncio.sleep(0)
        assert not waiter.done()
        assert "AsyncioWaiter" in repr(task) or sys.version_info < (3, 9)
        waiter.wake()
        assert waiter.done()
        await task

    loop.run_until_complete(main())
