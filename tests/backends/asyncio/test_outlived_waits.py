# SPDX-License-Identifier: ISC
"""What a waiter shows and holds when its sleep is over: asyncio and AnyIO look at it, and a primitive may keep it."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic.lowlevel import shield
from aiologic_asyncio._waiter import AsyncioWaiter, create_waiter

from .steps import finish, slice_of, start, until_waiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

Loop = asyncio.AbstractEventLoop


# -- cancelled() -----------------------------------------------------------------------------------------------------


def waits_for(task: Any) -> Any:
    """What AnyIO looks at; the tasks of older uvloops, and of all other loops, are asyncio's."""
    return task._fut_waiter


class Future:
    """A bare future, for comparison."""

    def __init__(self) -> None:
        self.future = asyncio.get_running_loop().create_future()

    def wait(self) -> Awaitable[object]:
        return self.future

    def wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


class Waiter:
    """What aiologic's primitives create."""

    def __init__(self) -> None:
        self.waiter = create_waiter()

    def wait(self) -> Awaitable[object]:
        return self.waiter.park(None)

    def wake(self) -> None:
        self.waiter.wake()


@pytest.mark.parametrize("kind", [Future, Waiter])
@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([], False),
        (["wake"], False),
        (["cancel"], True),
        (["wake", "cancel"], False),
        (["cancel", "wake"], True),
        (["cancel", "cancel"], True),
    ],
)
def test_it_says_whether_it_was_cancelled_as_a_future_does(
    loop: Loop, kind: type[Future | Waiter], acts: list[str], said: bool
) -> None:
    """From the call that ends its sleep to the task's next step."""
    made: list[Future | Waiter] = []

    async def wait() -> str:
        made.append(kind())
        try:
            await made[0].wait()
        except asyncio.CancelledError:
            return "cancelled"
        return "woken"

    async def main() -> str:
        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        things: dict[str, Callable[[], object]] = {
            "wake": made[0].wake,
            "cancel": task.cancel,
        }
        for act in acts:
            things[act]()
        assert waits_for(task).cancelled() is said
        if not acts:
            made[0].wake()
        return await task

    assert finish(loop, main()) == ("cancelled" if "cancel" in acts else "woken")


def test_it_is_cancelled_no_more_when_it_sleeps_again(loop: Loop) -> None:
    """In a shield, where it sleeps again until it is woken."""
    waiters: list[AsyncioWaiter] = []

    async def wait() -> None:
        waiters.append(create_waiter())
        assert not waiters[0].cancelled()
        await shield(waiters[0].park(None))

    task = start(loop, wait())
    slice_of(loop)
    assert waits_for(task) is waiters[0]
    for _ in range(2):
        assert not waiters[0].cancelled()
        task.cancel()
        assert waiters[0].cancelled()
        slice_of(loop)
    assert not waiters[0].cancelled()
    waiters[0].wake()
    assert not waiters[0].cancelled()

    with pytest.raises(asyncio.CancelledError):
        finish(loop, task)


def test_a_time_out_is_no_cancellation(loop: Loop) -> None:
    waiters: list[AsyncioWaiter] = []

    async def wait() -> bool | None:
        waiters.append(create_waiter())
        return await waiters[0].park(1000)

    task = start(loop, wait())
    slice_of(loop)
    waiters[0]._time_is_up()
    assert waiters[0].done()
    assert not waiters[0].cancelled()

    assert finish(loop, task) is False


def test_time_is_up_where_it_was_cancelled(loop: Loop) -> None:
    """Both in one turn: the cancellation came first, and a future would say so, too."""
    waiters: list[AsyncioWaiter] = []

    async def wait() -> None:
        waiters.append(create_waiter())
        await waiters[0].park(1000)

    task = start(loop, wait())
    slice_of(loop)
    task.cancel()
    waiters[0]._time_is_up()
    assert waiters[0].cancelled()

    with pytest.raises(asyncio.CancelledError):
        finish(loop, task)


# -- what it holds ---------------------------------------------------------------------------------------------------


class Request:
    """Something that a task keeps in a context variable."""


request_of_task: ContextVar[Request] = ContextVar("request_of_task")


@pytest.mark.parametrize("how", ["time-out", "cancellation", "message"])
def test_who_gave_up_leaves_nothing_of_its_context(loop: Loop, how: str) -> None:
    """Its waiter stays in the event's queue until that is swept, which may be never."""
    event = aiologic.Event()
    requests: list[weakref.ref[Request]] = []
    # They came with 3.9.
    message = ["enough"] if how == "message" and sys.version_info >= (3, 9) else []

    async def serve() -> None:
        request = Request()
        requests.append(weakref.ref(request))
        request_of_task.set(request)
        del request
        await event.with_(0 if how == "time-out" else None)

    async def main() -> None:
        tasks = [asyncio.ensure_future(serve()) for _ in range(5)]
        await asyncio.sleep(0)
        if how != "time-out":
            for task in tasks:
                task.cancel(*message)
        await asyncio.wait(tasks)

    loop.run_until_complete(main())
    assert any(type(left) is AsyncioWaiter for left in event._queue or ())

    for _ in range(3):
        gc.collect()
    assert [request() for request in requests] == [None] * 5


def test_who_waits_again_has_its_context_again(loop: Loop) -> None:
    """A shield sleeps again, and its task is woken in the context in which it ran."""
    event = aiologic.Event()
    seen: list[object] = []
    variable: ContextVar[str] = ContextVar("variable")

    async def main() -> None:
        variable.set("mine")
        try:
            await shield(event.with_())
        finally:
            seen.append(variable.get(None))

    task = start(loop, main())
    until_waiting(loop, event)
    for _ in range(2):
        task.cancel()
        slice_of(loop)
    event.set()

    with pytest.raises(asyncio.CancelledError):
        finish(loop, task)
    assert seen == ["mine"]
