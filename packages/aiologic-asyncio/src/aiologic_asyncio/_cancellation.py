# SPDX-License-Identifier: ISC
"""asyncio's cancellation: an exception that is thrown into the wait, once for each ``cancel()``."""

# A wait needs nothing of its own here. Task.cancel() cancels the future that the task waits for, or, if that is done
# already, throws at the task's next step: in both cases the exception comes out of park(), decided or not, and core
# passes on what had been granted. AnyIO's scopes are level-triggered: they call Task.cancel() again at each turn of the
# loop while the task waits inside, so a wait that starts in a cancelled scope ends one turn later.
#
# A shielded call can't run in the task that shields it. Time limits inside it (asyncio.timeout(), AnyIO's scopes) work
# by cancelling the task that they are in, so swallowing the cancellations of that task would swallow theirs. It runs in
# a helper task, which counts as its *principal*, the task that shields, wherever locks ask who owns them. A plain
# future, or the bare wait of a primitive, needs no helper: no user code runs in it.
#
#   - The helper registers its principal in its own first step: if a loop starts tasks eagerly, that step is over before
#     create_task() has returned.
#   - It is not among asyncio.all_tasks(), because all of these are cancelled when asyncio.run() ends, one by one. Its
#     principal is, and is waited for.
#   - It runs in the very context of its principal, so that variables are as they would be without the shield, and
#     tokens can be reset on either side. Before 3.12 that context is not accessible, and with a task factory it may be
#     entered already (eager tasks): then the helper has a copy, and its changes are taken over at the end.
#   - The loop keeps weak references to tasks only, so the principal's frame keeps the helper.
#
# Nothing is called that not every asyncio has (Task.uncancel, Task.cancelling: some loops bring tasks without them).

from __future__ import annotations

import sys
from asyncio import (
    CancelledError,
    _unregister_task,
    current_task,
    get_running_loop,
    isfuture,
)
from contextvars import copy_context
from weakref import ref

from ._identity import principal_of, principals
from ._waiter import AsyncioWaiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future, Task
    from collections.abc import Awaitable
    from contextvars import Context
    from typing import Any, TypeVar

    T = TypeVar("T")

modules = sys.modules


async def checkpoint_if_cancelled() -> None:
    """Raise if an AnyIO scope around the task is cancelled.

    asyncio itself has no state to look at: its exception has been thrown already,
    or will be.
    """
    if _may_be_in_a_scope():
        from ._anyio import checkpoint_if_cancelled as look, takes_us_for_asyncio

        if takes_us_for_asyncio():
            await look()


async def shield(awaitable: Awaitable[T]) -> T:
    """Await to the end, in a helper task if need be; raise the last cancellation afterwards."""
    if _may_be_in_a_scope():
        from ._anyio import shielded_scope, takes_us_for_asyncio

        if takes_us_for_asyncio():
            # Otherwise a cancelled scope would cancel us again at each turn of the loop.
            with shielded_scope():
                return await _to_the_end(awaitable)
    return await _to_the_end(awaitable)


def _may_be_in_a_scope() -> bool:
    """Whether there is an AnyIO, and a task that it can have in its scopes."""
    # None in there means that the program forbids the import.
    return modules.get("anyio") is not None and current_task() is not None


async def _to_the_end(awaitable: Awaitable[T]) -> T:
    any_kind: Any = awaitable
    if type(any_kind) is AsyncioWaiter:
        await _asleep_to_the_end(any_kind)
        return None  # type: ignore[return-value]  # as the waiter itself returns
    changed: list[Context] = []
    future = awaitable if isfuture(awaitable) else _helper(awaitable, changed)
    cancelled: CancelledError | None = None
    try:
        while not future.done():
            try:
                await _until_done(future)
            except CancelledError as error:
                cancelled = error
        if changed:
            _take_over(changed[0])
        result = future.result()
        if cancelled is not None:
            raise cancelled
        return result
    finally:
        # Either would form a cycle with the traceback of what is raised here.
        del future, cancelled


async def _until_done(future: Future[T]) -> None:
    # Not asyncio.wait(): since Python 3.14 its frame keeps the task that waits, in a cycle with what cancels that task.
    done = get_running_loop().create_future()

    def wake(_: object) -> None:
        if not done.done():  # else it was cancelled just now
            done.set_result(None)

    future.add_done_callback(wake)
    try:
        await done
    finally:
        future.remove_done_callback(wake)


async def _asleep_to_the_end(waiter: AsyncioWaiter) -> None:
    cancelled: CancelledError | None = None
    try:
        while True:
            try:
                await waiter  # sleeps again, unless it was woken meanwhile
            except CancelledError as error:
                cancelled = error
                # B wakes A, and cancels it before it goes on. The wake-up has ended the sleep, and does not come again.
                if not waiter:
                    break
            else:
                break
        if cancelled is not None:
            raise cancelled
    finally:
        del cancelled


def _helper(awaitable: Awaitable[T], changed: list[Context]) -> Task[T]:
    loop = get_running_loop()
    task = current_task()
    principal = None if task is None else ref(principal_of(task))
    context = None if task is None else _shareable_context(loop, task)
    helper: Task[T] | None = None
    if context is not None:
        create_task: Any = loop.create_task
        coroutine = _awaiting(awaitable, principal)
        try:
            helper = create_task(coroutine, context=context)
        except TypeError:
            # A third-party loop that was written before 3.11, when the argument was added. asyncio's own functions do
            # without it there, too.
            coroutine.close()
    if helper is None:
        helper = loop.create_task(_awaiting_in_a_copy(awaitable, principal, changed))
    _unregister_task(helper)
    return helper


def _shareable_context(loop: AbstractEventLoop, task: Task[Any]) -> Context | None:
    """The context of the task, if another task can be created in it."""
    try:
        if loop.get_task_factory() is None:
            return task.get_context()  # type: ignore[attr-defined,no-any-return,unused-ignore]  # 3.12
    # An older asyncio; a third-party loop.
    except (AttributeError, NotImplementedError):
        pass
    return None


async def _awaiting(awaitable: Awaitable[T], principal: ref[object] | None) -> T:
    if principal is None:  # a callback drives a coroutine here
        return await awaitable
    helper: ref[object] = ref(current_task())
    number = id(helper())
    principals[number] = helper, principal
    try:
        return await awaitable
    finally:
        # This runs also when the tasks of a forgotten loop are collected, and before another task can have the number.
        principals.pop(number, None)


async def _awaiting_in_a_copy(
    awaitable: Awaitable[T], principal: ref[object] | None, changed: list[Context]
) -> T:
    try:
        return await _awaiting(awaitable, principal)
    finally:
        changed.append(copy_context())


def _take_over(changed: Context) -> None:
    """Set the variables of the current context to what they are in another."""
    mine = copy_context()
    for variable, value in changed.items():
        if variable not in mine or mine[variable] is not value:
            variable.set(value)
