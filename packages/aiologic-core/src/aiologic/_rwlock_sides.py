# SPDX-License-Identifier: ISC
"""A lock for readers and writers as one of the two sees it: a lock like any other."""

# ``with`` needs an object for each of the two ways to hold the lock. As that object has the methods of a lock, a side
# can be passed to whatever takes a lock (``synchronized``, for one). It is made when it is asked for, and has no state
# of its own: an idle lock owns none.

from __future__ import annotations

from ._engine.waiting import DONE, aexit
from ._holder_states import EXCLUSIVE
from ._interrupted_blocks import leave_again
from ._overridden_blocks import CallingBlocks, is_overridden
from ._runtime.detect import current_green_task, worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._rwlock import RWLock
    from ._statistics import Statistics


class Side:
    """A lock as its readers or its writers see it: :attr:`RWLock.reading`, :attr:`RWLock.writing`."""

    __slots__ = ("__weakref__", "_exclusive", "_lock")

    def __init__(self, lock: RWLock, exclusive: bool) -> None:
        self._lock = lock
        self._exclusive = exclusive

    def __repr__(self) -> str:
        return f"{self._lock!r}.{'writing' if self._exclusive else 'reading'}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._lock, self._exclusive)

    @property
    def _called_as(self) -> str:  # for _runtime/advice.py
        return f"rwlock.{'writing' if self._exclusive else 'reading'}"

    def __bool__(self) -> bool:
        return self.locked()

    def locked(self) -> bool:
        """Whether the lock is held by a task that keeps this side out."""
        holders = self._lock._newest().holders
        return holders != 0 if self._exclusive else holders == EXCLUSIVE

    @property
    def waiting(self) -> int:
        """Number of tasks that wait for the lock, on either side."""
        return self._lock.waiting

    @property
    def owner(self) -> tuple[str, int] | None:
        """A task that keeps this side out, as :attr:`Lock.owner` shows it; ``None`` if there is none.

        That is the writer; for writers, it may also be one of the readers.
        """
        lock = self._lock
        writer = lock.writer
        if writer is None and self._exclusive:
            return next(iter(lock.readers), None)
        return writer

    def statistics(self) -> Statistics:
        """The current state of the lock, in numbers: ``value`` is 1 while this side can have it."""
        return self._lock._statistics(self.locked())

    def async_owned(self) -> bool:
        """Whether the current async task holds the lock on this side.

        Raises:
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        task = worlds.async_world()[1]  # None in a callback, which holds nothing
        return task is not None and self._lock._holds(task, self._exclusive)

    def green_owned(self) -> bool:
        """Whether the current green task holds the lock on this side."""
        return self._lock._holds(current_green_task(), self._exclusive)

    async def async_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """:meth:`RWLock.async_acquire_shared`, or ``..._exclusive``."""
        return await self._lock._async_acquire(self._exclusive, blocking, timeout)

    def green_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """:meth:`RWLock.green_acquire_shared`, or ``..._exclusive``."""
        return self._lock._green_acquire(self._exclusive, blocking, timeout)

    def async_release(self) -> None:
        """:meth:`RWLock.async_release`."""
        self._lock.async_release()

    def green_release(self) -> None:
        """:meth:`RWLock.green_release`."""
        self._lock.green_release()

    async def __aenter__(self) -> Self:
        await self._lock._async_acquire(self._exclusive, True, None)
        return self

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        try:
            self._lock.async_release()
        except BaseException:
            leave_again(Side.async_release, self)
            raise
        return DONE

    def __enter__(self) -> Self:
        self._lock._green_acquire(self._exclusive, True, None)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        try:
            self._lock.green_release()
        except BaseException:
            leave_again(Side.green_release, self)
            raise


class CallingSide(CallingBlocks, Side):
    """The same for a subclass that has an acquire or a release of its own; see _overridden_blocks.py."""

    __slots__ = ()

    async def async_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        lock = self._lock
        acquire = (
            lock.async_acquire_exclusive
            if self._exclusive
            else lock.async_acquire_shared
        )
        return await acquire(blocking=blocking, timeout=timeout)

    def green_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        lock = self._lock
        acquire = (
            lock.green_acquire_exclusive
            if self._exclusive
            else lock.green_acquire_shared
        )
        return acquire(blocking=blocking, timeout=timeout)

    def async_release(self) -> Any:
        return self._lock.async_release()


def side_for(cls: type[RWLock]) -> type[Side]:
    """The class of sides for a class of locks: whether it has to call overridden methods."""
    overridden = is_overridden(
        cls,
        "async_acquire_shared",
        "green_acquire_shared",
        "async_acquire_exclusive",
        "green_acquire_exclusive",
        "async_release",
        "green_release",
    )
    return CallingSide if overridden else Side
