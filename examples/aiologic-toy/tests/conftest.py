# SPDX-License-Identifier: ISC
"""How the suites run toyloop: a loop in a thread of its own, and tasks that carry out orders."""

from __future__ import annotations

from collections import deque
from functools import partial

import pytest
import toyloop
from aiologic.testing.harness import CANCELLED, Call, LoopStage, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

pytest_plugins = ["aiologic.testing.plugin"]


class ToyMailbox:
    """A queue for one task that reads."""

    def __init__(self) -> None:
        self._calls: deque[Call | None] = deque()
        self._reader: toyloop.Task | None = None

    def put(self, call: Call | None) -> None:
        self._calls.append(call)
        if self._reader is not None:
            self._reader.resume()

    async def get(self) -> Call | None:
        self._reader = toyloop.current_task()
        try:
            while not self._calls:
                await toyloop.suspend()
            return self._calls.popleft()
        finally:
            self._reader = None


class ToyStage(LoopStage):
    """A loop; a cancellation is one exception, thrown once."""

    _is_ending = False

    def run(self) -> None:
        toyloop.run(self._live())

    async def _live(self) -> None:
        main = toyloop.current_task()
        assert main is not None
        self._main, self._loop = main, main.loop
        self.began()
        while not self._is_ending:
            await toyloop.suspend()

    def call_soon(self, function: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(function)

    def stop(self) -> None:
        self._is_ending = True
        self._main.resume()

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._loop.spawn(function())

    def mailbox(self) -> ToyMailbox:
        return ToyMailbox()

    async def attempt(self, call: Call) -> None:
        task = toyloop.current_task()
        assert task is not None
        call.cancel = partial(self._cancel, call, task)
        try:
            call.ends(await call.operation.aio())
        except toyloop.Cancelled:
            call.ends(CANCELLED)
            if self._is_ending:
                raise
        except BaseException as error:  # the test gets it
            call.fails(error)

    def _cancel(self, call: Call, task: toyloop.Task) -> None:
        if not call.is_done:
            task.cancel()


TOY = World(
    name="toy",
    library="toyloop",
    open=ToyStage,
    is_async=True,
    cancels=True,
    wakes_first=False,
)


@pytest.fixture
def world() -> World:
    """The world that the suites test."""
    return TOY
