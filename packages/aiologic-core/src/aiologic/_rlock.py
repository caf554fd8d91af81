# SPDX-License-Identifier: ISC
"""A lock that its owner can acquire again."""

# A Lock with a count. Only the owner changes the count, so the only race is with a signal handler in the owner's own
# thread: it may acquire and release the lock between any two steps. That decides the order of the writes. The count is
# written before the owner, and means nothing while nobody owns the lock: a handler counts from what it finds there, and
# leaves the same behind.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiter import Waiter
from ._engine.waiting import DONE, aexit, async_wait, give_up, green_wait
from ._interrupted_blocks import leave_again
from ._lock import Lock
from ._numbers import checked_count
from ._permits import NOBODY
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import (
    async_owner,
    current_async_task,
    current_green_task,
    worlds,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


class RLock(Lock):
    """A :class:`Lock` that its owner can acquire again.

    It is free once it has been released as many times as it was acquired. Both
    take a ``count``, to do so several times at once.
    """

    __slots__ = ("_count",)  # how many times the owner has acquired it; see above

    __module__ = "aiologic"

    _count: int

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self._count = 0
        return self

    @property
    def count(self) -> int:
        """How many times the owner has acquired it; 0 if it is free."""
        owner = self._owner
        if isinstance(owner, Waiter):
            count: int = owner.request[1]
            return count
        return 0 if owner is NOBODY else self._count

    def _times(self) -> int:
        return self.count or 1  # the owner may have released it meanwhile

    def async_count(self) -> int:
        """How many times the current async task has acquired it.

        Raises:
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        return self._count if self.async_owned() else 0

    def green_count(self) -> int:
        """How many times the current green task has acquired it."""
        return self._count if self.green_owned() else 0

    async def async_acquire(
        self, /, count: int = 1, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Take the lock, once more if the caller owns it already.

        Args:
            count: How many times to take it, at least once.
            blocking: As in :meth:`Lock.async_acquire`.
            timeout: As in :meth:`Lock.async_acquire`.

        Returns:
            ``True`` once the caller has acquired it that many more times,
            ``False`` if it was not available in time.

        Raises:
            ValueError: ``count`` is less than 1, or ``timeout`` is negative or
                NaN.
            TypeError: ``count`` is not an integer, or ``timeout`` not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call has taken nothing, and loses its place in the
            queue; a lock that it was just granted goes to the next.

        Checkpoints:
            One, even if the caller owns the lock already, and then before the
            count is raised: a cancelled call leaves it as it was.

        Threads:
            Callable from any thread and any supported library.
        """
        count = checked_count(count)
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        backend, me = async_owner()
        if self._owner is me:
            if blocking and async_switch.maybe and async_switch.is_on(backend):
                await backend.checkpoint()
            self._count += count
            return True
        if self._take_times(me, count):
            if blocking and async_switch.maybe:
                try:
                    if async_switch.is_on(backend):
                        await backend.checkpoint()
                except BaseException:
                    self._put_back()
                    raise
            return True
        if not blocking:
            return False
        waiter = backend.create_waiter()
        return await async_wait(waiter, timeout, self._join, (me, count))

    def green_acquire(
        self, /, count: int = 1, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire`, for green callers."""
        count = checked_count(count)
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        if self._owner is me:
            if blocking and green_switch.maybe:
                green_checkpoint()
            self._count += count
            return True
        if self._take_times(me, count):
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._put_back()
                    raise
            return True
        if not blocking:
            return False
        waiter = self._green_waiter(timeout)
        return green_wait(waiter, timeout, self._join, (me, count))

    def async_release(self, /, count: int = 1) -> None:
        """Release it ``count`` times; the last one gives it to the next, or frees it.

        Raises:
            RuntimeError: The lock is free, another task owns it, or the caller
                has not acquired it that many times.
            ValueError: ``count`` is less than 1.
            TypeError: ``count`` is not an integer.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        count = checked_count(count)
        self._release_times(current_async_task(), count)

    def green_release(self, /, count: int = 1) -> None:
        """Like :meth:`async_release`, for green callers."""
        count = checked_count(count)
        self._release_times(current_green_task(), count)

    async def __aenter__(self) -> Self:
        try:
            me = worlds.quick_task()
        except RuntimeError:  # no task runs here
            me = None
        if me is None:
            await self.async_acquire()
        elif self._owner is me:
            self._count += 1
        elif not (self._free and self._take_times(me, 1)):
            await self._wait_in_line(me)
        return self

    async def _wait_in_line(self, me: object) -> None:
        """Take the lock once, after others, where no checkpoint is due."""
        try:
            backend = worlds.backends[type(me)]
        except KeyError:  # the first task of its kind
            backend, me = async_owner()
        # async_wait(), without the call
        waiter = backend.create_waiter()
        try:
            self._join(waiter, (me, 1))
            await waiter.park(None)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None
        self._count = 1
        self._owner = me

    def _green_wait_in_line(self, me: object) -> None:
        """The same for a green task."""
        # green_wait(), without the call
        waiter = self._green_waiter(None)
        try:
            self._join(waiter, (me, 1))
            waiter.park(None)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None
        self._count = 1
        self._owner = me

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        count = self._count
        try:
            self._release_times(current_async_task(), 1)
        except BaseException:
            if count == self._count:  # else it was released
                leave_again(RLock.async_release, self)
            raise
        return DONE

    def __enter__(self) -> Self:
        self.green_acquire()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        count = self._count
        try:
            self._release_times(current_green_task(), 1)
        except BaseException:
            if count == self._count:  # else it was released
                leave_again(RLock.green_release, self)
            raise

    def _release_times(self, me: object, count: int) -> None:
        self._check_owner(me)
        if count > self._count:
            raise RuntimeError("lock released too many times")
        if count < self._count:
            self._count -= count
        else:
            self._put_back()

    def _take_times(self, me: object, count: int) -> bool:
        if self._queue or not self._free:
            return False
        try:
            del self._free[0]
        except IndexError:
            return False
        self._count = count
        self._owner = me
        return True

    def _accept(self, waiter: Waiter) -> None:
        me, self._count = waiter.request
        self._owner = me

    def _task_of(self, waiter: Waiter) -> object:
        task: object = waiter.request[0]
        return task
