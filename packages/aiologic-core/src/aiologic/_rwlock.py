# SPDX-License-Identifier: ISC
"""A lock that readers share and writers have alone."""

# The states, the queue and the rules are in _holders.py. This file has what users call, and what is refused: a reader
# that wants to write (it would wait for itself), a task that enters twice (a reader that did would wait for the writer
# in between, which waits for it), and a thread that would wait for a task of its own loop.

from __future__ import annotations

from ._deadlocks import owning_here, refuse, waiting_here
from ._engine.deadline import checked_timeout
from ._engine.waiter import Waiter
from ._engine.waiting import async_wait, green_wait
from ._holder_states import EXCLUSIVE
from ._holders import Holders
from ._layers import as_one
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import (
    async_owner,
    current_async_task,
    current_green_task,
    worlds,
)
from ._runtime.threads import ThreadWaiter
from ._rwlock_sides import Side, side_for
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


@as_one(Holders)
class RWLock(Holders):
    """A lock that many tasks can share for reading, or one can hold alone for writing.

    Tasks are threads, tasks of event loops and greenlets, in any mixture::

        lock = aiologic.RWLock()


        def look():  # in threads
            with lock.reading:
                ...  # with other readers


        async def change():  # in tasks
            async with lock.writing:
                ...  # alone

    Fair, in order of arrival: a reader that comes while a writer waits, waits
    behind it, even if others are reading. So neither readers nor writers are
    held up by those who come after them. If a writer gives up (it is cancelled,
    or its time runs out), the readers behind it go on at once.

    It is owned by tasks: only a task that holds it can release it, and none can
    acquire it twice. A reader can't become a writer; a writer can become a
    reader (:meth:`async_downgrade`), and no other writer comes in between.

    True in a boolean context while any task holds it. Copies and pickles are
    new, unlocked locks.
    """

    __slots__ = ()

    __module__ = "aiologic"

    _side: ClassVar[type[Side]] = Side

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls._side = side_for(cls)

    def __repr__(self) -> str:
        cls = type(self)
        holders = self._newest().holders
        if holders:
            held = "writing" if holders == EXCLUSIVE else f"reading={holders}"
            state = f"{held}, waiting={self.waiting}"
        else:
            state = "unlocked"
        return f"<{cls.__module__}.{cls.__qualname__}() at {id(self):#x} [{state}]>"

    def __bool__(self) -> bool:
        return self._newest().holders != 0

    def locked(self) -> bool:
        """Whether any task holds the lock now, for reading or for writing."""
        return self._newest().holders != 0

    @property
    def reading(self) -> Side:
        """The lock as readers see it, for ``with`` and ``async with``.

        It has the methods of a :class:`Lock`, so it can be used wherever one can.
        It is locked while a task writes: readers don't keep each other out.
        """
        return self._side(self, False)

    @property
    def writing(self) -> Side:
        """Like :attr:`reading`, for writers; locked while any other task has the lock, in either way."""
        return self._side(self, True)

    @property
    def writer(self) -> tuple[str, int] | None:
        """The library and the number of the task that writes, for display; ``None`` if none does."""
        task = _shown(self._writer)
        return None if task is None else worlds.describe(task)

    @property
    def readers(self) -> list[tuple[str, int]]:
        """The library and the number of each task that reads, for display; empty if none does."""
        readers = self._readers.copy().values()  # one step
        return [worlds.describe(_shown(reader)) for reader in readers]

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is 1 while it is free, and holders are readers or a writer."""
        return self._statistics(self.locked())

    def _statistics(self, is_locked: bool) -> Statistics:
        holders = self.readers
        writer = self.writer
        if writer is not None:
            holders.append(writer)
        value = 0 if is_locked else 1
        return Statistics(self._queue, value=value, holders=dict.fromkeys(holders, 1))

    # -- acquiring --------------------------------------------------------------------------------------------------

    async def async_acquire_shared(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Take the lock for reading, waiting while another task writes, or waits to.

        Args:
            blocking: Whether to wait. If false, ``timeout`` is ignored,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once the caller holds the lock, ``False`` if it was
            not available in time.

        Raises:
            RuntimeError: The caller holds the lock already, in either way.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call holds nothing, and loses its place in the
            queue; what it was just granted goes to the next.

        Checkpoints:
            One, even if the lock is available, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        return await self._async_acquire(False, blocking, timeout)

    def green_acquire_shared(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire_shared`, for green callers.

        Raises:
            RuntimeError: Also if the wait could never end: the caller is a
                plain thread without a time-out, and has to wait for an async
                task that runs in this very thread and holds the lock, or is
                ahead of it in line.
        """
        return self._green_acquire(False, blocking, timeout)

    async def async_acquire_exclusive(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Take the lock for writing, waiting while any other task holds it.

        Everything else is as for :meth:`async_acquire_shared`.

        Raises:
            RuntimeError: The caller holds the lock already. A reader can't
                become a writer: two that tried would wait for each other.
        """
        return await self._async_acquire(True, blocking, timeout)

    def green_acquire_exclusive(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire_exclusive`, for green callers."""
        return self._green_acquire(True, blocking, timeout)

    # -- releasing --------------------------------------------------------------------------------------------------

    def async_release(self) -> None:
        """Release the lock, whether the caller holds it for reading or for writing.

        Raises:
            RuntimeError: The lock is free, or the caller does not hold it.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        self._release(current_async_task())

    def green_release(self) -> None:
        """Like :meth:`async_release`, for green callers."""
        self._release(current_green_task())

    def async_downgrade(self) -> None:
        """Turn the caller, which holds the lock for writing, into a reader.

        Readers that are next in line come in; no writer does. A block that was
        entered for writing is left as usual.

        Raises:
            RuntimeError: The caller does not hold the lock for writing.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        self._downgrade(current_async_task())

    def green_downgrade(self) -> None:
        """Like :meth:`async_downgrade`, for green callers."""
        self._downgrade(current_green_task())

    # -- what the twins share ---------------------------------------------------------------------------------------

    async def _async_acquire(
        self, exclusive: bool, blocking: bool, timeout: float | None
    ) -> bool:
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        backend, me = async_owner()
        if self._take(me, exclusive):
            if blocking and async_switch.maybe:
                try:
                    if async_switch.is_on(backend):
                        await backend.checkpoint()
                except BaseException:
                    self._release(me)
                    raise
            return True
        if not blocking:
            return False
        waiter = backend.create_waiter()
        return await async_wait(waiter, timeout, self._join, (me, exclusive))

    def _green_acquire(
        self, exclusive: bool, blocking: bool, timeout: float | None
    ) -> bool:
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        if self._take(me, exclusive):
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._release(me)
                    raise
            return True
        if not blocking:
            return False
        waiter = worlds.create_green_waiter()
        if timeout is None and type(waiter) is ThreadWaiter:
            self._refuse_deadlock(exclusive)
        return green_wait(waiter, timeout, self._join, (me, exclusive))

    def _refuse_deadlock(self, exclusive: bool) -> None:
        """Raise if the calling thread would wait for ever for a task of its own."""
        # The queue first: a waiter that is served meanwhile is a holder afterwards. A reader never waits for other
        # readers.
        before = _task_of if exclusive else _task_of_writer
        for task in waiting_here(self._queue, before):
            refuse("is already waiting for this lock", task, "comes before it")
        readers = self._readers.copy().values() if exclusive else ()
        for holder in (self._writer, *readers):
            task = owning_here(holder, _task_of)
            if task is not None:
                refuse("is already holding this lock", task, "has the lock")


def _shown(holder: object) -> object:
    """A holder's identity, even if its task has not run since the hand-over."""
    return _task_of(holder) if isinstance(holder, Waiter) else holder


def _task_of(waiter: Waiter) -> object:
    """The task whose wait it is."""
    task: object = waiter.request[0]
    return task


def _task_of_writer(waiter: Waiter) -> object | None:
    """The same, if it is to write."""
    return _task_of(waiter) if waiter.request[1] else None
