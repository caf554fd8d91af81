# SPDX-License-Identifier: ISC
"""A capacity limiter whose borrowers can borrow their token again."""

# A CapacityLimiter that counts. Only the borrower changes its level, so the only race is with a signal handler in the
# borrower's own thread, which leaves everything as it found it. A task has one token, however often it borrows.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiting import async_wait, green_wait
from ._limiter import CapacityLimiter
from ._numbers import checked_count
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import (
    async_owner,
    current_async_task,
    current_green_task,
    worlds,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

    from ._engine.waiter import Waiter


class RCapacityLimiter(CapacityLimiter):
    """A :class:`CapacityLimiter` whose borrowers can borrow their token again.

    A token is given back once it has been released as many times as it was
    acquired. Both take a ``count``, to do so several times at once.
    """

    __slots__ = ()

    __module__ = "aiologic"

    def async_count(self) -> int:
        """How many times the current async task has borrowed its token.

        Raises:
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        task = worlds.async_world()[1]  # None in a callback, which has nothing
        return self._holders.get(task, 0)

    def green_count(self) -> int:
        """How many times the current green task has borrowed its token."""
        return self._holders.get(current_green_task(), 0)

    async def async_acquire(
        self, /, count: int = 1, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Borrow a token, once more if the caller has one already.

        Args:
            count: How many times to borrow it, at least once.
            blocking: As in :meth:`CapacityLimiter.async_acquire`.
            timeout: As in :meth:`CapacityLimiter.async_acquire`.

        Returns:
            ``True`` once the caller has borrowed its token that many more times,
            ``False`` if none was available in time.

        Raises:
            ValueError: ``count`` is less than 1, or ``timeout`` is negative or
                NaN.
            TypeError: ``count`` is not an integer, or ``timeout`` not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call has borrowed nothing, and loses its place in
            the queue; a token that it was just granted goes to the next.

        Checkpoints:
            One, even if the caller has a token already, and then before the
            count is raised: a cancelled call leaves it as it was.

        Threads:
            Callable from any thread and any supported library.
        """
        count = checked_count(count)
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        backend, me = async_owner()
        if me in self._holders:
            if blocking and async_switch.maybe and async_switch.is_on(backend):
                await backend.checkpoint()
            self._holders[me] += count
            return True
        if self._take(me, count):
            if blocking and async_switch.maybe:
                try:
                    if async_switch.is_on(backend):
                        await backend.checkpoint()
                except BaseException:
                    self._give_up(me)
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
        if me in self._holders:
            if blocking and green_switch.maybe:
                green_checkpoint()
            self._holders[me] += count
            return True
        if self._take(me, count):
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._give_up(me)
                    raise
            return True
        if not blocking:
            return False
        waiter = self._green_waiter(timeout)
        return green_wait(waiter, timeout, self._join, (me, count))

    def async_release(self, /, count: int = 1) -> None:
        """Release it ``count`` times; the last one gives the token back.

        Raises:
            RuntimeError: The caller has no token, or has not borrowed it that
                many times.
            ValueError: ``count`` is less than 1.
            TypeError: ``count`` is not an integer.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        count = checked_count(count)
        self._release(current_async_task(), count)

    def green_release(self, /, count: int = 1) -> None:
        """Like :meth:`async_release`, for green callers."""
        count = checked_count(count)
        self._release(current_green_task(), count)

    async def __aenter__(self) -> Self:
        await self.async_acquire()
        return self

    def _release(self, me: object, count: int = 1) -> None:
        level = self._holders.get(me, 0)
        if count > level > 0:
            raise RuntimeError("capacity limiter released too many times")
        if count < level:
            self._holders[me] = level - count
        else:
            super()._release(me)

    def _task_of(self, waiter: Waiter) -> object:
        return waiter.request[0]

    def _accept(self, waiter: Waiter) -> None:
        holders = self._holders
        me, holders[me] = waiter.request
        try:  # noqa: SIM105  # suppress() would be a call
            del holders[waiter]
        except KeyError:  # it was removed already
            pass
