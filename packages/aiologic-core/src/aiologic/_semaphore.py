# SPDX-License-Identifier: ISC
"""Semaphores with any number of permits."""

# The permits and their queue are in _permits.py; nobody owns them, so anybody may release. A permit is an item of a
# list (or of a pool, if there are many), so releasing several is one step, after which they are matched with the
# waiters.
#
# The context managers write acquire and release out for the case in which nobody has to wait.
#
# Where nobody waits, a permit is taken by pop(), which costs less than ``del``. A signal handler that raises as pop()
# returns would take the permit along: so anything raised there other than IndexError means that a permit has to be put
# back.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiting import DONE, aexit, finish, give_up, green_wait
from ._engine.waitqueue import queue_for
from ._layers import as_one
from ._runtime.checkpoints import (
    async_switch,
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import worlds
from ._semaphore_values import Valued, checked_release, checked_value, refuse_max_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any, overload

    from typing_extensions import Self

    from ._bounded_semaphore import BoundedSemaphore


@as_one(Valued)
class Semaphore(Valued):
    """A number of permits, each of which one task at a time can have.

    Nobody owns a permit: anybody may release one, including signal handlers and
    finalizers, and releasing more than was acquired makes more permits. So it
    serves both as a limit and as a count of things to do::

        jobs = aiologic.Semaphore(0)
        jobs.release(3)  # in a thread
        await jobs.async_acquire()  # in tasks

    Args:
        initial_value: How many permits there are at first; 1 by default.
        max_value: If given, the result is a :class:`BoundedSemaphore`.

    Fair: permits are handed over in the order of arrival, directly, so that no
    newcomer can overtake. Copies and pickles start anew from the initial value.
    """

    __slots__ = ()

    __module__ = "aiologic"

    if TYPE_CHECKING:

        @overload
        def __new__(
            cls, /, initial_value: int | None = ..., max_value: None = ...
        ) -> Self: ...
        @overload
        def __new__(
            cls, /, initial_value: int | None, max_value: int
        ) -> BoundedSemaphore: ...
        @overload
        def __new__(
            cls, /, initial_value: int | None = ..., *, max_value: int
        ) -> BoundedSemaphore: ...

    def __new__(
        cls,
        /,
        initial_value: int | None = None,
        max_value: int | None = None,
    ) -> Any:  # one of the classes in the overloads
        if max_value is not None:
            if cls is Semaphore:
                from ._bounded_semaphore import BoundedSemaphore

                return BoundedSemaphore(initial_value, max_value)
            refuse_max_value("BoundedSemaphore")
        if initial_value is None:
            initial_value = 1
        return cls._made(checked_value("initial_value", initial_value))

    async def async_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Take a permit, waiting until there is one.

        Args:
            blocking: Whether to wait. If false, ``timeout`` is ignored,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once the caller has a permit, ``False`` if none was
            available in time.

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Safe: a cancelled call has no permit, and loses its place in the
            queue; a permit that it was just granted goes to the next.

        Checkpoints:
            One, even if a permit is free, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        if self._free and self._take():
            if blocking:
                try:
                    due = worlds.checkpoint_due()
                    if due is not None:
                        await due.checkpoint()
                except BaseException:
                    self._release_one()
                    raise
            return True
        if not blocking:
            return False
        try:
            waiter = worlds.quick_waiter()
        except RuntimeError:  # another library may run here, or none
            waiter = worlds.create_async_waiter()
        # _join() and async_wait() without the calls: the way from one release to the next, between two loops that wake
        # each other, is measured in microseconds.
        waiter.source = self
        waiter.request = None
        try:
            queue = self._queue
            if queue is None:
                queue = queue_for(self)
            queue.append(waiter)
            queue.turn.reverse()
            if self._free or queue.grants:
                self._settle()
            woken = await waiter.park(timeout)
            if woken is False:
                return finish(waiter, False)
            self._accept(waiter)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None
        return True

    def green_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire`, for green callers."""
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        if self._take():
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._release_one()
                    raise
            return True
        if not blocking:
            return False
        waiter = worlds.create_green_waiter()
        return green_wait(waiter, timeout, self._join)

    def release(self, /, count: int = 1) -> None:
        """Give permits to the longest-waiting tasks; the rest is added to the value.

        Args:
            count: How many, all of them in one step; 0 does nothing, and
                1,000,000 is the maximum.

        Raises:
            ValueError: ``count`` is negative, or too large.
            TypeError: ``count`` is not an integer.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        count = checked_release(count)
        try:
            self._free.extend([None] * count)
            if self._queue and self._free:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    def async_release(self, /, count: int = 1) -> None:
        """The same as :meth:`release`."""
        self.release(count)

    def green_release(self, /, count: int = 1) -> None:
        """The same as :meth:`release`."""
        self.release(count)

    async def __aenter__(self) -> Self:
        if self._free and not self._queue:
            # Whether no checkpoint is due: in this process (before the first look at what was imported, that is
            # unknown), or in this task. In a ``try`` of its own, because what a signal handler raises as pop() returns
            # may be a RuntimeError, too.
            try:
                is_free_way = (
                    not (async_switch.maybe or worlds.is_stale)
                    or worlds.quick_task() is not None
                )
            except RuntimeError:  # no task runs here
                is_free_way = False
            if is_free_way:
                try:
                    self._free.pop()
                    return self
                except IndexError:  # another was faster
                    pass
                except BaseException:
                    self._put_back_what_was_popped()
                    raise
        await self.async_acquire()
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
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        return DONE

    def __enter__(self) -> Self:
        if self._free and not (self._queue or green_switch.maybe):
            try:
                self._free.pop()
                return self
            except IndexError:  # another was faster
                pass
            except BaseException:
                self._put_back_what_was_popped()
                raise
        self.green_acquire()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
