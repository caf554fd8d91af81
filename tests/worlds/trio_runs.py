# SPDX-License-Identifier: ISC
"""trio, and AnyIO on trio."""

from __future__ import annotations

import math

from aiologic.testing.harness import Call, LoopStage, World, attempt_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    import trio


class TrioMailbox:
    def __init__(self) -> None:
        import trio

        self._send, self._receive = trio.open_memory_channel["Call | None"](math.inf)

    def put(self, call: Call | None) -> None:
        self._send.send_nowait(call)

    async def get(self) -> Call | None:
        return await self._receive.receive()


class TrioStage(LoopStage):
    """A run of trio."""

    _token: trio.lowlevel.TrioToken
    _nursery: trio.Nursery

    def run(self) -> None:
        import trio

        trio.run(self._live)

    async def _live(self) -> None:
        import trio

        self._token = trio.lowlevel.current_trio_token()
        async with trio.open_nursery() as self._nursery:
            self.began()
            await trio.sleep_forever()

    def call_soon(self, function: Callable[[], object]) -> None:
        self._token.run_sync_soon(function)

    def stop(self) -> None:
        self._nursery.cancel_scope.cancel()

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._nursery.start_soon(function)

    def mailbox(self) -> TrioMailbox:
        return TrioMailbox()

    async def attempt(self, call: Call) -> None:
        import trio

        scope = trio.CancelScope()
        await attempt_in(scope, scope.cancel, call, trio.Cancelled)


class AnyioOnTrioStage(TrioStage):
    """A run of trio, started by AnyIO; tasks are cancelled by AnyIO's scopes."""

    def run(self) -> None:
        import anyio

        anyio.run(self._live, backend="trio")

    async def attempt(self, call: Call) -> None:
        import anyio
        import trio

        scope = anyio.CancelScope()
        await attempt_in(scope, scope.cancel, call, trio.Cancelled)


# If a handler runs in the middle of a task's step, a waker can't tell it from that step.
IN_TRIO = (
    "trio looks twice whether a task can be cancelled, and fails if a handler's wake-up came"
    " between; its reschedule() is for task steps"
)
TRIO = World(
    name="trio",
    library="trio",
    open=TrioStage,
    is_async=True,
    cancels=True,
    wakes_first=True,
    level_cancellation=True,
    callbacks_are_tasks=True,
    checkpoints=True,
    deviations={
        "test_a_wake_up_at_any_moment_of_a_cancellation_is_passed_on_or_heard"
        f"[handler-{how_long}-library]": IN_TRIO
        for how_long in ("ever", "long")
    },
)
ANYIO = TRIO._replace(name="anyio-trio", open=AnyioOnTrioStage)
