# SPDX-License-Identifier: ISC
"""Runtimes that are started inside a task of another, in the same thread, and how to write a "task" in each."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    Body = Callable[[], Coroutine[Any, Any, None]]

#: So far away that only a test that fails gets there.
FAR = 20.0


class Language(NamedTuple):
    """What tests need to say, in the terms of one library."""

    library: str
    #: Runs one task to its end in a new loop, in the calling thread.
    run: Callable[[Body], None]
    #: Runs several tasks, and waits for all of them.
    together: Callable[..., Awaitable[None]]
    #: Lets other tasks run.
    checkpoint: Callable[[], Awaitable[object]]
    #: Starts a task, runs another function meanwhile, and cancels the task.
    cancelled_after: Callable[[Body, Body], Awaitable[None]]


async def _gather(*bodies: Body) -> None:
    await asyncio.gather(*(body() for body in bodies))


async def _asyncio_cancelled(victim: Body, meanwhile: Body) -> None:
    task = asyncio.ensure_future(victim())
    await meanwhile()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def _run_asyncio(new_loop: Callable[[], asyncio.AbstractEventLoop], body: Body) -> None:
    # asyncio refuses a loop inside another one of its own in the same thread, unless the outer one hides; and since
    # Python 3.14 a task inside another, too.
    outer: Any = asyncio._get_running_loop()
    task: Any = None
    if outer is not None and sys.version_info >= (3, 14):
        task = asyncio.current_task(outer)
    if task is not None:
        asyncio.tasks._leave_task(outer, task)
    asyncio._set_running_loop(None)
    loop = new_loop()
    try:
        loop.run_until_complete(asyncio.wait_for(body(), FAR))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
        asyncio._set_running_loop(outer)
        if task is not None:
            asyncio.tasks._enter_task(outer, task)


ASYNCIO = Language(
    library="asyncio",
    run=lambda body: _run_asyncio(asyncio.new_event_loop, body),
    together=_gather,
    checkpoint=lambda: asyncio.sleep(0),
    cancelled_after=_asyncio_cancelled,
)


def _uvloop() -> Language:
    uvloop = pytest.importorskip("uvloop", reason="loops of uvloop need uvloop")
    return ASYNCIO._replace(run=lambda body: _run_asyncio(uvloop.new_event_loop, body))


def _trio() -> Language:
    trio = pytest.importorskip("trio", reason="runs of trio need trio")
    pytest.importorskip("aiologic_trio", reason="runs of trio need the backend")

    def run(body: Body) -> None:
        async def in_time() -> None:
            with trio.fail_after(FAR):
                await body()

        trio.run(in_time)

    async def together(*bodies: Body) -> None:
        async with trio.open_nursery() as nursery:
            for body in bodies:
                nursery.start_soon(body)

    async def cancelled_after(victim: Body, meanwhile: Body) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(victim)
            await meanwhile()
            nursery.cancel_scope.cancel()

    return Language(
        library="trio",
        run=run,
        together=together,
        checkpoint=trio.lowlevel.checkpoint,
        cancelled_after=cancelled_after,
    )


def _curio() -> Language:
    curio: Any = pytest.importorskip(
        "curio", reason="curio can't be imported on Python 3.12 and newer"
    )
    pytest.importorskip("aiologic_curio", reason="kernels of curio need the backend")

    async def together(*bodies: Body) -> None:
        tasks = [await curio.spawn(body) for body in bodies]
        for task in tasks:
            await task.join()

    async def cancelled_after(victim: Body, meanwhile: Body) -> None:
        task = await curio.spawn(victim)
        await meanwhile()
        await task.cancel()
        assert isinstance(task.exception, curio.CancelledError)

    return Language(
        library="curio",
        run=lambda body: curio.run(curio.timeout_after, FAR, body),
        together=together,
        checkpoint=lambda: curio.sleep(0),
        cancelled_after=cancelled_after,
    )


LANGUAGES: dict[str, Callable[[], Language]] = {
    "asyncio": lambda: ASYNCIO,
    "uvloop": _uvloop,
    "trio": _trio,
    "curio": _curio,
}


class Nest(NamedTuple):
    """A runtime, and a runtime inside one of its tasks."""

    outer: Language
    inner: Language
    is_of_uvloop: bool

    def run(self, body: Body) -> None:
        """Run one task of the outer runtime to its end, in a thread of its own.

        In the main thread uvloop and trio quarrel about signals.
        """
        with ThreadPoolExecutor(1) as pool:
            pool.submit(self.outer.run, body).result(2 * FAR)


def nest_of(name: str) -> Nest:
    """The nest of a name like "trio in asyncio"."""
    pytest.importorskip("aiologic_asyncio", reason="loops of asyncio need the backend")
    inner, outer = name.split(" in ")
    return Nest(LANGUAGES[outer](), LANGUAGES[inner](), "uvloop" in name)


NESTS = [
    "asyncio in trio",
    "uvloop in trio",
    "trio in asyncio",
    "trio in uvloop",
    # Neither of these two announces itself.
    "curio in asyncio",
    "asyncio in curio",
    "curio in trio",
    "trio in curio",
    # Loops of asyncio that hide from asyncio, as those of async-kernel and nest_asyncio do.
    "asyncio in asyncio",
    "uvloop in asyncio",
    "asyncio in uvloop",
]
