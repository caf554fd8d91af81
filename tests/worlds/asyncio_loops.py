# SPDX-License-Identifier: ISC
"""asyncio's own loop, uvloop's, and AnyIO on asyncio."""

from __future__ import annotations

import asyncio
from functools import partial

from aiologic.testing.harness import CANCELLED, Call, LoopStage, World, attempt_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Set

    Tasks = Set["asyncio.Task[None]"]


class AsyncioMailbox:
    def __init__(self) -> None:
        self._queue: asyncio.Queue[Call | None] = asyncio.Queue()

    def put(self, call: Call | None) -> None:
        self._queue.put_nowait(call)

    async def get(self) -> Call | None:
        return await self._queue.get()


class AsyncioStage(LoopStage):
    """A loop; a cancellation is one exception, thrown once."""

    loop: asyncio.AbstractEventLoop
    _end: asyncio.Future[None]

    def __init__(
        self,
        new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop,
    ) -> None:
        self._new_loop = new_loop
        self._tasks: Tasks = set()
        super().__init__()

    def run(self) -> None:
        loop = self._new_loop()
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._live())
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    async def _live(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._end = self.loop.create_future()
        self.began()
        await self._end
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def call_soon(self, function: Callable[[], object]) -> None:
        self.loop.call_soon_threadsafe(function)

    def stop(self) -> None:
        self._end.set_result(None)

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tasks.add(asyncio.ensure_future(function()))

    def mailbox(self) -> AsyncioMailbox:
        return AsyncioMailbox()

    async def attempt(self, call: Call) -> None:
        task = asyncio.current_task()
        assert task is not None
        call.cancel = partial(self._cancel, call, task)
        try:
            call.ends(await call.operation.aio())
        except asyncio.CancelledError:
            call.ends(CANCELLED)
            if self._end.done():
                raise
            if hasattr(task, "uncancel"):
                task.uncancel()
        except BaseException as error:  # the test gets it
            call.fails(error)

    def _cancel(self, call: Call, task: asyncio.Task[None]) -> None:
        if not call.is_done:
            task.cancel()


class AnyioStage(AsyncioStage):
    """A loop run by AnyIO; tasks are cancelled by scopes, and a cancellation is a level."""

    # Only a task that is in the group can start another, so callbacks pass it functions to start.
    _births: asyncio.Queue[Callable[[], Coroutine[Any, Any, None]] | None]

    def run(self) -> None:
        import anyio

        anyio.run(self._live, backend="asyncio")

    async def _live(self) -> None:
        import anyio

        self.loop = asyncio.get_running_loop()
        self._births = asyncio.Queue()
        async with anyio.create_task_group() as group:
            self.began()
            function = await self._births.get()
            while function is not None:
                group.start_soon(function)
                function = await self._births.get()
            group.cancel_scope.cancel()

    def stop(self) -> None:
        self._births.put_nowait(None)

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._births.put_nowait(function)

    async def attempt(self, call: Call) -> None:
        import anyio

        scope = anyio.CancelScope()
        await attempt_in(scope, scope.cancel, call, asyncio.CancelledError)


def uvloop_stage() -> AsyncioStage:
    import uvloop

    return AsyncioStage(uvloop.new_event_loop)


ASYNCIO = World(
    name="asyncio",
    library="asyncio",
    open=AsyncioStage,
    is_async=True,
    cancels=True,
    wakes_first=False,
)
UVLOOP = ASYNCIO._replace(name="uvloop", open=uvloop_stage)
ANYIO = ASYNCIO._replace(
    name="anyio-asyncio", open=AnyioStage, wakes_first=True, level_cancellation=True
)
