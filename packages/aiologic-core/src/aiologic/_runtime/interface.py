# SPDX-License-Identifier: ISC
"""What a backend is: the services that core asks of it, as abstract classes."""

# The duties are numbered in ``aiologic/backends.py``, and each service below names those that it stands for.

from __future__ import annotations

import abc
import sys

from .unpatched import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType
    from typing import TypeVar

    T = TypeVar("T")

    from .._engine.waiter import AsyncWaiter, GreenWaiter

# Incremented whenever a backend written for the older interface could fail with the newer core.
API_VERSION = 1


class Backend(abc.ABC):
    """What green and async backends have in common.

    A backend sets ``library`` and ``api_version``, implements the abstract
    methods, and provides these functions, ideally the library's own::

        current_task() -> object | None   the task that this thread runs now
        is_running() -> bool              whether the library runs in this thread
        current_token() -> object         what the current task runs in
        create_waiter() -> Waiter         a new wait of the current task
        checkpoint()                      let others run once; async if tasks are

    Everything else has a default.
    """

    #: The import name of the library that is served; also the entry point's name.
    library: str

    #: The :data:`API_VERSION` that the backend was written for, as a literal.
    api_version: int

    #: Whether blocking calls are checkpoints unless a user says otherwise.
    checkpoints_by_default: bool = False

    #: Whether the library writes its name into sniffio's thread-local whenever
    #: it runs. Such a library is asked for its task only if its name is found
    #: there, so that merely importing it costs the others nothing.
    announced: bool = False

    # What operations call is declared as functions, not as methods, so that a backend can hand over the library's own:
    # ``current_task = staticmethod(library.current_task)``. Plain methods will do, and cost one more call.

    #: Returns the task that this thread runs now (duties 1, 9). ``None`` or
    #: :exc:`RuntimeError` means that no task of this library is running here. While
    #: the library's own code runs on behalf of a task, the task is not running.
    #: Every operation on a lock calls it. A green library that runs here returns
    #: ``None`` for the greenlet that the thread began with: that has the identity
    #: of the thread, which existed before the library ran there.
    current_task: Callable[[], object | None]

    #: Whether the library runs in this thread now, even without a task (in a
    #: callback). Never raises.
    is_running: Callable[[], bool]

    #: Returns what the current task runs in (the loop, the run, the hub), as an
    #: object that stands for nothing else in its lifetime (duty 12).
    current_token: Callable[[], object]

    @abc.abstractmethod
    def knows(self, task: object) -> bool:
        """Whether ``task`` is one of this library's tasks."""

    @abc.abstractmethod
    def runs_here(self, task: object) -> bool:
        """Whether ``task``, known to this backend, needs this very thread to go on.

        Called before a plain thread blocks for ever on what ``task`` holds. Return
        ``True`` only if it is certain.
        """

    def clock(self) -> float:
        """The library's clock, in seconds; never goes back (duty 13)."""
        return monotonic()

    def longest_sleep(self) -> float:
        """The most seconds that the library itself can sleep at once here (duty 7)."""
        return sys.float_info.max

    def longest_timeout(self) -> float:
        """The longest time-out, in seconds, that one of its waits can have (duty 7)."""
        return self.longest_sleep()


class GreenBackend(Backend):
    """A library that suspends without ``await``."""

    #: Makes a new pending waiter for the current task (duties 2 to 7, 11).
    create_waiter: Callable[[], GreenWaiter]

    #: Lets others run once (duty 8).
    checkpoint: Callable[[], object]

    # Most green worlds throw cancellation by themselves.
    def checkpoint_if_cancelled(self) -> None:
        """Raise the library's cancellation if it is due; never yield (duty 8)."""

    def sleep(self, seconds: float) -> None:
        """Suspend the current task for any finite number of seconds; 0 lets others run once (duty 13)."""
        if seconds:
            self.create_waiter().park(seconds)
        else:
            self.checkpoint()

    def shield(self, function: Callable[[], T]) -> T:
        """Call ``function`` in the current task, and run it to its end (duty 14).

        What would have interrupted it is raised afterwards, unless the function
        itself raises. The function sees the identity and the context of its
        caller. The default is right if nothing can interrupt.
        """
        return function()


class AsyncBackend(Backend):
    """A library that suspends with ``await``."""

    #: Makes a new pending waiter for the current task (duties 2 to 7, 11), or raises
    #: :exc:`RuntimeError` where the library does not run (duty 10).
    create_waiter: Callable[[], AsyncWaiter]

    #: Lets others run once, and raises if cancelled (duty 8). Yields to the loop
    #: exactly once; its result is ignored.
    checkpoint: Callable[[], Awaitable[object]]

    @abc.abstractmethod
    async def checkpoint_if_cancelled(self) -> None:
        """Raise if cancelled; yield only if the library has to in order to raise (duty 8).

        If nothing is due, it must not yield at all, not even to ask the loop.
        """

    @abc.abstractmethod
    def root_frame(self, task: object) -> FrameType | None:
        """The frame of the task's own coroutine, if it has one (duty 10).

        A runtime may be started inside a task of another. Then both have a current
        task, and the inner one is the one whose frame is nearer on the stack. While
        a helper runs a shielded call of ``task``, it is the helper's frame.
        """

    async def sleep(self, seconds: float) -> None:
        """Suspend the current task for any finite number of seconds; 0 lets others run once (duty 13)."""
        if seconds:
            await self.create_waiter().park(seconds)
        else:
            await self.checkpoint()

    @abc.abstractmethod
    async def shield(self, awaitable: Awaitable[T]) -> T:
        """Await ``awaitable`` in the current task, to its end (duty 14).

        A cancellation that comes meanwhile is raised afterwards, or by the next
        checkpoint if that is the library's way; an exception of the awaitable takes
        precedence. The awaitable sees the identity and the context of its caller.
        """
