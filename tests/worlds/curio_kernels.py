# SPDX-License-Identifier: ISC
"""curio's kernel."""

from __future__ import annotations

from collections import deque
from functools import partial

from aiologic.testing.harness import CANCELLED, Call, LoopStage, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    curio: Any  # it has no types
else:
    import curio
    import curio.task
    import curio.traps


class CurioMailbox:
    def __init__(self, soon: Callable[[Callable[[], Any]], None]) -> None:
        self._queue = curio.Queue()
        self._soon = soon

    def put(self, call: Call | None) -> None:
        self._soon(partial(self._queue.put, call))

    async def get(self) -> Call | None:
        call: Call | None = await self._queue.get()
        return call


class CurioStage(LoopStage):
    """A kernel; its callbacks are steps of its first task, and a cancellation is thrown once."""

    # What can't be done without ``await`` is done after the callback has returned.
    _put_off: deque[Callable[[], Any]]
    _is_ending = False
    _kernel: Any

    def __init__(self) -> None:
        self._calls = curio.UniversalQueue()
        self._put_off = deque()
        super().__init__()

    def run(self) -> None:
        curio.run(self._live)

    async def _live(self) -> None:
        self._kernel = await curio.traps._get_kernel()
        self.began()
        while not self._is_ending:
            function = await self._calls.get()
            function()
            while self._put_off:
                await self._put_off.popleft()()

    def call_soon(self, function: Callable[[], object]) -> None:
        self._calls.put(function)

    def stop(self) -> None:
        self._is_ending = True

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        # A daemon, since curio warns about other tasks that are never joined.
        self._put_off.append(partial(curio.spawn, function, daemon=True))

    def mailbox(self) -> CurioMailbox:
        return CurioMailbox(self._put_off.append)

    async def attempt(self, call: Call) -> None:
        task = await curio.current_task()
        call.cancel = partial(self._cancel, call, task)
        try:
            value = await call.operation.aio()
        except curio.CancelledError:
            await self._forgive(task)
            call.ends(CANCELLED)
            if self._is_ending:
                raise
        except BaseException as error:  # the test gets it
            await self._forgive(task)
            call.fails(error)
        else:
            await self._forgive(task)
            call.ends(value)

    async def _forgive(self, task: Any) -> None:
        """Undo a cancellation, since curio cancels a task only once, and for good."""
        if not self._is_ending:
            task.cancelled = False
            await curio.task.set_cancellation(None)

    def _cancel(self, call: Call, task: Any) -> None:
        # PRIVATE-API curio 1.6: Task.cancel() without ``await``; guarded by every test that cancels.
        if not call.is_done:
            self._kernel._traps["trap_cancel_task"](task)


CURIO = World(
    name="curio",
    library="curio",
    open=CurioStage,
    is_async=True,
    cancels=True,
    wakes_first=True,
    callbacks_are_tasks=True,
    traps_are_switches=False,
    deviations={
        "test_a_wake_up_at_any_moment_of_a_cancellation_is_passed_on_or_heard"
        f"[handler-{case}]": (
            "this stage cancels by the kernel's trap in a task's step; in a kernel, no task's step is under way then"
        )
        for case in ("ever-backend", "ever-library", "long-library")
    },
)
