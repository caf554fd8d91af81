# SPDX-License-Identifier: ISC
"""An async world without a loop: its tasks move when the test says so."""

from __future__ import annotations

import threading
from contextvars import copy_context
from types import coroutine

from aiologic.backends import API_VERSION, PENDING, AsyncBackend, AsyncWaiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator
    from types import FrameType
    from typing import Any, TypeVar

    T = TypeVar("T")


class Cancelled(BaseException):
    """The exception that this library throws into its tasks."""


class HandWaiter(AsyncWaiter):
    """A wait that ends when the test says so."""

    library = "handdriven"

    __slots__ = ("timeout", "unparked")

    timeout: float | None
    unparked: bool

    def park(self, timeout: float | None) -> HandWaiter:
        self.timeout = timeout
        return self

    def __await__(self) -> Generator[object, object, bool]:
        return bool((yield self))

    def unpark(self) -> None:
        assert not self.unparked, "unparked twice"
        self.unparked = True
        self.when_unparked()

    def when_unparked(self) -> None:
        """A hook for tests."""


CHECKPOINT = object()


class HandTask:
    """A coroutine that the test moves on, one step at a time."""

    def __init__(self, world: HandWorld, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.coroutine = coroutine
        self.checkpoints = 0
        self.result: Any = None
        self.is_done = False
        self._world = world
        # A context of its own, since checkpoints are switched for each context.
        self._context = copy_context()
        self._at: object = None  # a waiter, CHECKPOINT, or None

    @property
    def is_woken(self) -> bool:
        """Whether a step() would end its wait."""
        return isinstance(self._at, HandWaiter) and self._at.unparked

    @property
    def timeout(self) -> float | None:
        assert isinstance(self._at, HandWaiter)
        return self._at.timeout

    def step(self) -> HandTask:
        """Start it, or let it go on after a wake-up or a checkpoint."""
        if isinstance(self._at, HandWaiter):
            assert self._at.unparked, "nobody woke it"
            return self._move(lambda: self.coroutine.send(True))
        return self._move(lambda: self.coroutine.send(None))

    def stir(self) -> HandTask:
        """Let it go on before its wait is decided."""
        assert isinstance(self._at, HandWaiter)
        assert self._at
        return self._move(lambda: self.coroutine.send(True))

    def time_out(self) -> HandTask:
        """Let its wait time out; a wake-up may have come at the same moment."""
        assert isinstance(self._at, HandWaiter)
        return self._move(lambda: self.coroutine.send(False))

    def cancel(self, error: BaseException) -> HandTask:
        """Throw into its wait, woken or not, as a library does to cancel it."""
        return self._move(lambda: self.coroutine.throw(error))

    def cancel_quietly(self, error: BaseException) -> HandTask:
        """The same, for a task that lets the exception pass, and so ends."""
        try:
            self.cancel(error)
        except type(error):
            pass
        assert self.is_done
        return self

    def _move(self, move: Callable[[], object]) -> HandTask:
        with self._world.runs(self):
            try:
                self._at = self._context.run(move)
            except StopIteration as stop:
                self._at, self.is_done, self.result = None, True, stop.value
            except BaseException:
                self._at, self.is_done = None, True
                raise
        if self._at is CHECKPOINT:
            self.checkpoints += 1
        return self


class _Here(threading.local):
    stack: list[HandTask | None]

    def __init__(self) -> None:
        self.stack = []


class HandWorld(AsyncBackend):
    """An async world without a loop: the test is its scheduler."""

    api_version = API_VERSION

    def __init__(self, library: str = "handdriven") -> None:
        self.library = library
        self._here = _Here()
        # As with real libraries, no two worlds share a type of tasks.
        self._task_type: type[HandTask] = type("HandTask", (HandTask,), {})
        self.home = threading.get_ident()

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> HandTask:
        """A new task, which the test must start with step()."""
        return self._task_type(self, coroutine)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine that need not wait, and return its result."""
        task = self.spawn(coroutine).step()
        if not task.is_done:
            coroutine.close()
            raise AssertionError("it waits")
        return task.result

    def runs(self, task: HandTask | None) -> _Running:
        """A block in which ``task`` is current; ``None`` for a callback."""
        return _Running(self._here.stack, task)

    def current_task(self) -> object | None:
        stack = self._here.stack
        return stack[-1] if stack else None

    def is_running(self) -> bool:
        return bool(self._here.stack)

    def knows(self, task: object) -> bool:
        return isinstance(task, HandTask) and task._world is self

    def runs_here(self, task: object) -> bool:
        return threading.get_ident() == self.home

    def create_waiter(self) -> HandWaiter:
        if not self.is_running():
            raise RuntimeError("no task runs here")
        waiter = HandWaiter(PENDING)
        waiter.unparked = False
        waiter.timeout = None
        return waiter

    async def checkpoint(self) -> None:
        await _yield(CHECKPOINT)

    async def checkpoint_if_cancelled(self) -> None:
        """Do nothing: there is no state to check, since cancel() throws."""

    def current_token(self) -> object:
        return self

    async def shield(self, awaitable: Awaitable[T]) -> T:
        return await awaitable

    def root_frame(self, task: object) -> FrameType | None:
        assert isinstance(task, HandTask)
        return getattr(task.coroutine, "cr_frame", None)


class _Running:
    def __init__(self, stack: list[HandTask | None], task: HandTask | None) -> None:
        self._stack = stack
        self._task = task

    def __enter__(self) -> None:
        self._stack.append(self._task)

    def __exit__(self, *_: object) -> None:
        self._stack.pop()


@coroutine
def _yield(value: object) -> Generator[object, None, None]:
    yield value


async def nothing() -> None:
    """The coroutine of a task that does nothing by itself, but is made current."""
