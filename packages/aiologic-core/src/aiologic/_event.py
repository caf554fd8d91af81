# SPDX-License-Identifier: ISC
"""An event that happens once."""

# An event goes from unset to set and never back, so nothing has to be kept for a waiter that was woken, and one that
# gave up has nothing to give back. What remains is that nobody may be forgotten:
#
#     A finds the event unset.   B sets it, and finds an empty queue.   A joins the queue and sleeps for ever.
#
# So a task that has joined looks again, after a memory barrier (``turn.reverse()``), and wakes itself. Waking is done
# by one task at a time, in the order of arrival. If it is interrupted half-way (KeyboardInterrupt in ``set()``), it
# wakes the rest before it raises; and each task that was woken helps to wake the others before it returns.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiting import async_wait, give_up, green_wait
from ._engine.waitqueue import queue_for
from ._fresh import Fresh
from ._runtime.checkpoints import (
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import worlds
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, TypeVar

    from typing_extensions import Self

    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue

    W = TypeVar("W", bound=Waiter)


class Event(Fresh):
    """Something that happens once, and that any number of tasks can wait for.

    Anybody may set it: a thread, a task, a signal handler, a finalizer::

        stop = aiologic.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        await stop  # in tasks
        stop.wait()  # in threads

    It can't be cleared. True in a boolean context once it is set. Copies and
    pickles are new, unset events.
    """

    __slots__ = (
        "__weakref__",
        "_is_set",  # goes from False to True once
        "_queue",  # made for the first task that has to wait
    )

    __module__ = "aiologic"

    _is_set: bool
    _queue: WaitQueue | None

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self._is_set = False
        self._queue = None
        return self

    def __repr__(self) -> str:
        cls = type(self)
        state = "set" if self._is_set else f"unset, waiting={self.waiting}"
        return f"<{cls.__module__}.{cls.__qualname__}() at {id(self):#x} [{state}]>"

    def __bool__(self) -> bool:
        return self._is_set

    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._is_set

    @property
    def waiting(self) -> int:
        """Number of tasks that wait now; for display and tests, as it may already be outdated."""
        queue = self._queue
        return queue.waiting() if queue else 0

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is 0 once it has happened."""
        return Statistics(self._queue, value=int(not self._is_set))

    def set(self) -> None:
        """Make it happen; wake all waiting tasks. Has no effect from the second time on.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        self._is_set = True
        if self._queue:
            try:
                self._wake_all()
            except BaseException:  # a signal handler's, maybe as the call began
                self._wake_all()
                raise

    def __await__(self) -> Generator[Any, Any, bool]:
        if not self._is_set:
            return self._until_set()
        if worlds.checkpoint_due() is None:
            return _true()
        return self.with_().__await__()

    def _until_set(self) -> Generator[Any, Any, bool]:
        # async_wait(), written out: saves two coroutines and two calls for each of the many that one set() may wake.
        waiter = worlds.create_async_waiter()
        try:
            yield from self._join(waiter).park(None).__await__()
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None
        if self._queue:
            self._wake_all()
        return True

    async def with_(self, /, timeout: float | None = None) -> bool:
        """Wait until it happens; ``await event`` is the same without a time-out.

        Args:
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once it is set, ``False`` if time ran out first.

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Safe: a cancelled call leaves no trace.

        Checkpoints:
            One, even if it is set already, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        if self._is_set:
            due = worlds.checkpoint_due()
            if due is not None:
                await due.checkpoint()
            return True
        waiter = worlds.create_async_waiter()
        return await async_wait(waiter, timeout, self._join)

    def wait(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`with_`, for green callers; ``green_wait`` is the same.

        In an async function, write ``await event``: this call blocks the whole loop;
        see ``AIOLOGIC_BLOCKING``.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        if self._is_set:
            if green_switch.maybe:
                green_checkpoint()
            return True
        return green_wait(worlds.create_green_waiter(), timeout, self._join)

    # The names that all other primitives have: next to `async_wait`, nobody takes the blocking `wait` by mistake.
    green_wait = wait
    async_wait = with_

    def _join(self, waiter: W, _request: object = None) -> W:
        """Queue a waiter; it may have been woken when this returns."""
        waiter.source = self
        queue = queue_for(self)
        queue.append(waiter)
        queue.turn.reverse()  # the memory barrier between announcing and looking
        if self._is_set:
            self._wake_all()
        return waiter

    def _wake_all(self) -> None:
        try:
            self._wake_those_who_wait()
        except BaseException:
            # Others may have left their work for us while we had the turn.
            self._wake_those_who_wait()
            raise

    def _wake_those_who_wait(self) -> None:
        queue = queue_for(self)
        while queue and self._is_set:
            if not queue.take_turn():
                return  # the task that has it looks again
            try:
                queue.wake_all()
            finally:
                queue.turn.append(None)

    def _accept(self, waiter: Waiter) -> None:
        """``waiter`` was woken; its task helps to wake the others."""
        if self._queue:
            self._wake_all()

    def _take_back(self, waiter: Waiter) -> None:
        """Nothing was given to ``waiter`` that another could use."""

    def _leave(self, waiter: Waiter) -> None:
        """``waiter`` gave up; see whether the queue needs sweeping."""
        queue = queue_for(self)
        queue.leave()
        if self._is_set:
            self._wake_all()


def _true() -> Generator[Any, Any, bool]:
    """The iterator of an awaitable that is done, with the result ``True``."""
    yield from ()
    return True
