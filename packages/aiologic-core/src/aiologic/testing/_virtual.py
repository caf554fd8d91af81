# SPDX-License-Identifier: ISC
"""The virtual backends: a green and an async world, whose tasks a scheduler runs one at a time."""

# The code of the primitives runs unchanged here; only tasks, their waiters and their time are virtual. A virtual task
# has a thread of its own that runs nothing else meanwhile, so a green wait simply stops that thread. An async wait
# yields to the driver of the coroutine (_workers.py), which stops the same thread, and then resumes the coroutine, or
# throws into it: so exceptions take the real way through ``async_wait``.
#
# A green task is identified by its thread's identity, since a lock's context manager reads that directly.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.threads import ThreadTask, this_thread
from ..backends import PENDING, AsyncBackend, AsyncWaiter, GreenBackend, GreenWaiter
from ._tasks import VirtualTask, here

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import FrameType
    from typing import TypeVar, Union

    from ..backends import Waiter

    T = TypeVar("T")

    VirtualWaiter = Union["VirtualGreenWaiter", "VirtualAsyncWaiter"]

#: The name of the green world.
GREEN = "virtual"

#: The name of the async world.
ASYNC = "virtual_async"


class VirtualGreenWaiter(GreenWaiter):
    """A wait of a virtual task, in a green call."""

    library = GREEN
    stirs_alone = True

    __slots__ = ("_task", "is_woken")  # both are set at creation

    _task: VirtualTask
    is_woken: bool

    def park(self, timeout: float | None) -> bool:
        return self._task.scheduler.park(self._task, self, timeout)

    def park_again(self, timeout: float | None) -> bool:
        self.is_woken = False
        if not self:
            self.is_woken = True
        return self.park(timeout)

    @classmethod
    def stir_all(cls, waiters: list[Waiter]) -> None:
        # As early as any loop could.
        for waiter in waiters:
            if isinstance(waiter, cls):
                waiter.unpark()

    def unpark(self) -> None:
        self.is_woken = True
        self._task.scheduler.woken(self)


class VirtualAsyncWaiter(AsyncWaiter):
    """A wait of a virtual task, in an async call."""

    library = ASYNC
    stirs_alone = True

    __slots__ = ("_seconds", "_task", "is_woken")  # the first is set by park()

    _seconds: float | None
    _task: VirtualTask
    is_woken: bool

    def park(self, timeout: float | None) -> VirtualAsyncWaiter:
        self._seconds = timeout
        return self

    def park_again(self, timeout: float | None) -> VirtualAsyncWaiter:
        self.is_woken = False
        if not self:
            self.is_woken = True
        return self.park(timeout)

    def __await__(self) -> Generator[VirtualAsyncWaiter, bool, bool]:
        return (yield self)

    @classmethod
    def stir_all(cls, waiters: list[Waiter]) -> None:
        # As early as any loop could.
        for waiter in waiters:
            if isinstance(waiter, cls):
                waiter.unpark()

    def block(self) -> bool:
        """Called by the driver for a waiter that was yielded to it."""
        return self._task.scheduler.park(self._task, self, self._seconds)

    def unpark(self) -> None:
        self.is_woken = True
        self._task.scheduler.woken(self)


class _Switch:
    """An awaitable switch point."""

    def __init__(self, task: VirtualTask) -> None:
        self._task = task

    def __await__(self) -> Generator[_Switch, bool, bool]:
        return (yield self)

    def block(self) -> bool:
        self._task.scheduler.switch(self._task)
        return True


class _Shield:
    """A block in which a task is not cancelled; the scheduler may choose to cancel it afterwards."""

    def __init__(self, task: VirtualTask) -> None:
        self._task = task
        self._before = task.cancellable

    def __enter__(self) -> None:
        self._task.cancellable = False

    def __exit__(self, *_: object) -> None:
        self._task.cancellable = self._before


def switch() -> None:
    """In a scenario: let others run here.

    Everything else that a scenario's own lines do is one step, so this is what
    makes a critical section take time. It does not count as a preemption. Has no
    effect outside of a scenario's tasks.
    """
    task = virtual_task()
    if task is not None:
        task.scheduler.switch(task)


def virtual_task() -> VirtualTask | None:
    """The virtual task that makes this call, if it is made by one."""
    task: VirtualTask | None = getattr(here, "task", None)
    return task


def _required_task() -> VirtualTask:
    task = virtual_task()
    if task is None:
        raise RuntimeError("no virtual task runs here")
    return task


class VirtualGreenBackend(GreenBackend):
    """The green world of scenarios."""

    library = GREEN
    api_version = 1

    def current_task(self) -> object | None:
        return None if virtual_task() is None else this_thread()

    def is_running(self) -> bool:
        return virtual_task() is not None

    def knows(self, task: object) -> bool:
        # Core checks for its own threads first; this answers for them where only this backend is asked.
        return isinstance(task, ThreadTask)

    def runs_here(self, task: object) -> bool:
        return task is this_thread()

    def create_waiter(self) -> GreenWaiter:
        waiter = VirtualGreenWaiter(PENDING)
        waiter._task = _required_task()
        waiter.is_woken = False
        return waiter

    def checkpoint(self) -> None:
        switch()

    def current_token(self) -> object:
        return _required_task().scheduler

    def shield(self, function: Callable[[], T]) -> T:
        with _Shield(_required_task()):
            return function()


class VirtualAsyncBackend(AsyncBackend):
    """The async world of scenarios."""

    library = ASYNC
    api_version = 1

    def current_task(self) -> object | None:
        task = virtual_task()
        return None if task is None or task.coroutine is None else task

    def is_running(self) -> bool:
        return self.current_task() is not None

    def knows(self, task: object) -> bool:
        return isinstance(task, VirtualTask)

    def runs_here(self, task: object) -> bool:
        return task is virtual_task()

    def root_frame(self, task: object) -> FrameType | None:
        assert isinstance(task, VirtualTask)
        frame: FrameType | None = getattr(task.coroutine, "cr_frame", None)
        return frame

    def create_waiter(self) -> AsyncWaiter:
        waiter = VirtualAsyncWaiter(PENDING)
        waiter._task = _required_task()
        waiter.is_woken = False
        return waiter

    async def checkpoint(self) -> None:
        await _Switch(_required_task())

    async def checkpoint_if_cancelled(self) -> None:
        """Do nothing: a virtual cancellation is an edge, and delivered to waits only."""

    def current_token(self) -> object:
        return _required_task().scheduler

    async def shield(self, awaitable: Awaitable[T]) -> T:
        with _Shield(_required_task()):
            return await awaitable
