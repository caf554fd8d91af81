# SPDX-License-Identifier: ISC
"""A shielded call runs in a helper task, and nobody notices: identities, context variables, what is left behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import weakref
from contextvars import ContextVar

import aiologic
import pytest
from aiologic.lowlevel import (
    async_checkpoint_enabled,
    current_async_task,
    current_async_task_ident,
    enable_checkpoints,
    shield,
)

from .steps import finish, slice_of, start, until_waiting
from .test_tasks import drive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any

Loop = asyncio.AbstractEventLoop

since_3_12 = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="a task tells its context since 3.12"
)


class OwnError(Exception):
    """What a call itself raises."""


# -- identity --------------------------------------------------------------------------------------------------------


def test_who_is_who_in_nested_shields(loop: Loop) -> None:
    async def who() -> list[object]:
        return [
            current_async_task(),
            current_async_task_ident(),
            asyncio.current_task(),
        ]

    async def main() -> None:
        task = asyncio.current_task()
        ident = ("asyncio", id(task))
        assert await who() == [task, ident, task]
        for found in await shield(who)(), await shield(shield(who))():
            assert found[:2] == [task, ident]
            assert found[2] is not task
        # A task that the call starts is another one.
        (child,) = await shield(start_child)()
        assert (await child)[0] is child

    async def start_child() -> list[Any]:
        return [asyncio.ensure_future(who())]

    finish(loop, main())


def test_callbacks_are_still_no_tasks(loop: Loop) -> None:
    """Once somebody has shielded, asyncio's own answer is looked up; a callback's is None."""
    seen: list[object] = []
    lock = aiologic.Lock()

    def callback() -> None:
        for ask in current_async_task, lock.async_release:
            try:
                seen.append(ask())
            except RuntimeError as error:
                seen.append(str(error)[:15])

    async def main() -> None:
        await shield(asyncio.sleep(0))
        loop.call_soon(callback)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    finish(loop, main())
    assert seen[0] == "no current task"
    assert len(seen) == 2


def test_a_coroutine_without_a_task_shields_a_call(loop: Loop) -> None:
    event = aiologic.Event()
    outcome: list[object] = []

    async def main() -> bool:
        return await shield(event.with_())

    loop.call_soon(drive, main(), outcome)
    until_waiting(loop, event)
    event.set()
    for _ in range(5):
        slice_of(loop)
    assert outcome == [True]


@since_3_12
@pytest.mark.parametrize("waits", [False, True])
def test_a_helper_that_is_started_eagerly_is_not_taken_for_another(
    loop: Loop, waits: bool
) -> None:
    if "uvloop" in type(loop).__module__ and sys.version_info >= (3, 13):
        pytest.skip("uvloop hands this factory an argument that 3.13.0 does not know")
    lock = aiologic.Lock()
    loop.set_task_factory(asyncio.eager_task_factory)  # type: ignore[attr-defined,unused-ignore]

    async def main() -> None:
        if waits:
            lock.green_acquire()
            loop.call_later(0.001, lock.green_release)
        await shield(lock.async_acquire)()
        assert lock.async_owned()
        await shield(lock.async_acquire)()

    with pytest.raises(RuntimeError, match="already holding"):
        finish(loop, main())


# -- context variables -----------------------------------------------------------------------------------------------


variable: ContextVar[str] = ContextVar("variable", default="unset")


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_set_in_a_shield_is_set_for_the_caller(loop: Loop, fails: bool) -> None:
    async def work() -> None:
        assert variable.get() == "outside"
        variable.set("inside")
        await asyncio.sleep(0)
        assert variable.get() == "inside"
        if fails:
            raise OwnError

    async def main() -> list[str]:
        variable.set("outside")
        child = asyncio.ensure_future(asyncio.sleep(0, variable.get()))
        try:
            await shield(shield(work))()
        except OwnError:
            assert fails
        return [variable.get(), await child]

    assert finish(loop, main()) == ["inside", "outside"]
    assert variable.get() == "unset"


def test_checkpoints_are_in_a_shield_what_they_are_around_it(loop: Loop) -> None:
    async def enabled() -> bool:
        return async_checkpoint_enabled()

    async def main() -> list[bool]:
        seen = [await shield(enabled)()]
        async with enable_checkpoints():
            seen.append(await shield(enabled)())
        seen.append(await shield(enable_checkpoints(enabled))())
        return [*seen, async_checkpoint_enabled()]

    assert finish(loop, main()) == [False, True, True, False]


@since_3_12
def test_a_token_can_be_reset_on_either_side(loop: Loop) -> None:
    async def main() -> None:
        manager = enable_checkpoints()
        await manager.__aenter__()
        await shield(manager.__aexit__)(None, None, None)
        assert not async_checkpoint_enabled()
        await shield(manager.__aenter__)()
        assert async_checkpoint_enabled()
        await manager.__aexit__(None, None, None)
        assert not async_checkpoint_enabled()

    finish(loop, main())


# -- what is left behind ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="elsewhere nothing goes at once"
)
@pytest.mark.usefixtures("no_garbage_collection")
@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("form", ["awaitable", "function", "nested"])
def test_no_reference_cycle_is_left(
    loop: Loop, cancelled: bool, fails: bool, form: str
) -> None:
    """What a call raised is freed when the code that caught it drops it, and so are the task and its helper."""
    event = aiologic.Event()

    class Thing:
        pass

    class ThingError(Exception):
        pass

    left: list[weakref.ref[Any]] = []

    async def work() -> Thing:
        helper = asyncio.current_task()
        assert helper is not None
        left.append(weakref.ref(helper))
        await event
        thing = Thing()
        left.append(weakref.ref(thing))
        if fails:
            error = ThingError(thing)
            left.append(weakref.ref(error))
            try:
                raise error
            finally:
                del error, helper
        return thing

    forms: dict[str, Any] = {
        "awaitable": lambda: shield(work()),
        "function": shield(work),
        "nested": shield(shield(work)),
    }

    async def main() -> None:
        call: Awaitable[object] = forms[form]()
        await call

    task = start(loop, main())
    left.append(weakref.ref(task))
    until_waiting(loop, event)
    if cancelled:
        task.cancel()
        slice_of(loop)
    event.set()
    for _ in range(8):
        slice_of(loop)
    assert task.done()
    if fails:
        with pytest.raises(ThingError):
            task.result()
    elif cancelled:
        assert task.cancelled()
    del task
    slice_of(loop)
    # pytest's own reference to what was raised ends with its block; anything left is held by a cycle.
    assert [what() for what in left] == [None] * len(left)


LEAVE_A_TASK_IN_A_SHIELD = """
import asyncio, gc, sys, weakref
import aiologic
from aiologic.lowlevel import shield

loop = asyncio.new_event_loop()
loop.set_exception_handler(lambda *_: None)  # it would tell of destroyed tasks
event = aiologic.Event()
task = loop.create_task(shield(event.with_)())
while not event.waiting:
    loop.call_soon(loop.stop)
    loop.run_forever()
left = [weakref.ref(task), weakref.ref(event)]
del task, event
gc.collect()
assert "anyio" not in sys.modules
assert [what() for what in left] == [None, None]
"""


def test_tasks_that_were_left_in_a_shield_can_be_collected() -> None:
    """The helper's principal holds it, and nobody else holds the principal.

    AnyIO's scopes hold the task that is in them, so it needs a process without AnyIO.
    """
    command = [sys.executable, "-c", LEAVE_A_TASK_IN_A_SHIELD]
    done = subprocess.run(command, timeout=30, check=False)
    assert done.returncode == 0
