# SPDX-License-Identifier: ISC
"""Plain threads: each actor is one."""

from __future__ import annotations

import queue
import threading

from ._stage import LONG, Actor, Call, Operation, Stage, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class ThreadActor(Actor):
    """A thread that carries out orders."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def starts(self, operation: Operation) -> Call:
        call = Call(operation)
        self._calls.put(call)
        return call

    def ends(self) -> None:
        self._calls.put(None)
        self._thread.join(LONG)
        assert not self._thread.is_alive(), "a thread is stuck"

    def _live(self) -> None:
        call = self._calls.get()
        while call is not None:
            try:
                call.ends(call.operation.green())
            except BaseException as error:  # the test gets it
                call.fails(error)
            call = self._calls.get()


class ThreadStage(Stage):
    """Any number of threads. There is no loop to freeze, so any thread counts as inside."""

    def __init__(self) -> None:
        self._actors: list[ThreadActor] = []

    def actor(self) -> Actor:
        actor = ThreadActor()
        self._actors.append(actor)
        return actor

    def enter(self, function: Callable[[], object], *, as_callback: bool) -> None:
        actor = ThreadActor()
        self._actors.append(actor)

        async def aio() -> None:
            raise AssertionError("threads don't await")

        actor.starts(Operation("enter", function, aio))

    def close(self) -> None:
        while self._actors:
            self._actors.pop().ends()


#: The world that is always there.
THREADS = World(
    name="thread",
    library="threading",
    open=ThreadStage,
    is_async=False,
    cancels=False,
    wakes_first=True,
    is_one_runtime=False,
)
