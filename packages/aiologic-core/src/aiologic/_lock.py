# SPDX-License-Identifier: ISC
"""A lock that knows its owner."""

# How a lock is taken, handed over and released, in either world, is in _owned.py. This file has the two ways to call
# for that.
#
# The context managers write acquire and release out, because a call would cost as much as a free lock itself: first the
# path for a free lock where the current task is certain, then all else (checkpoints, greenlets, callbacks, contention).
# A lock that was never contended is taken without looking first, for a look costs 2 % of a free lock. One that has been
# contended is looked at, for the exception would cost 6 % of each hand-over between two tasks.

from __future__ import annotations

from sys import modules

from ._engine.deadline import checked_timeout
from ._engine.free_threading import FREE_THREADED
from ._engine.waiting import DONE, aexit, finish, give_up, green_wait
from ._engine.waitqueue import queue_for
from ._interrupted_blocks import leave_again
from ._layers import as_one
from ._owned import Owned
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import async_owner, current_async_task, current_green_task, worlds
from ._runtime.threads import here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


@as_one(Owned)
class Lock(Owned):
    """A mutual exclusion lock between tasks of any kind, owned by one task.

    Tasks are threads, tasks of event loops and greenlets; the same lock can be
    held by one of them and awaited by all others, wherever they run::

        lock = aiologic.Lock()


        def work():  # in threads
            with lock: ...


        async def awork():  # in tasks
            async with lock: ...

    The owner is the task, not its thread: two tasks of one event loop exclude
    each other, and only the task that acquired the lock can release it. A task
    that acquires it twice gets an error (see :class:`RLock`).

    If an async generator that holds it across ``yield`` is abandoned (by
    ``break`` out of ``async for``), the loop closes it in another task. That
    is not the owner, so the lock stays locked: use ``contextlib.aclosing()``,
    or hold a :class:`BinarySemaphore` across ``yield``.

    Fair: the lock is handed over in the order of arrival, directly, so that no
    newcomer can overtake. True in a boolean context while it is locked.

    Copies and pickles are new, unlocked locks.
    """

    __slots__ = ()

    __module__ = "aiologic"

    async def async_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Take the lock, waiting while another task has it.

        Args:
            blocking: Whether to wait. If false, ``timeout`` is ignored,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once the caller owns the lock, ``False`` if it was
            not available in time.

        Raises:
            RuntimeError: The caller owns the lock already.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call owns nothing, and loses its place in the
            queue; a lock that it was just granted goes to the next.

        Checkpoints:
            One, even if the lock is free, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        backend, me = async_owner()
        if self._take(me):
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
        # async_wait(), written out: saves each waiting task a coroutine.
        try:
            self._join(waiter, me)
            woken = await waiter.park(timeout)
            return finish(waiter, woken)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise

    def green_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire`, for green callers.

        Raises:
            RuntimeError: Also if the wait could never end: the caller is a
                plain thread without a time-out, and an async task that runs
                in this very thread owns the lock, or is ahead of it in line.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        if self._take(me):
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._put_back()
                    raise
            return True
        if not blocking:
            return False
        return green_wait(self._green_waiter(timeout), timeout, self._join, me)

    async def __aenter__(self) -> Self:
        try:
            me = worlds.quick_task()
            if me is not None and (
                self._queue is None or (self._free and not self._queue)
            ):
                del self._free[0]
                self._owner = me
                return self
        except (RuntimeError, IndexError):  # no task runs here; it is locked
            me = None
        if me is None or self._owner is me:
            try:  # async_owner(), without the call
                me = worlds.certain_task()
                backend = worlds.backends[type(me)]
            except (RuntimeError, KeyError):
                backend, me = async_owner()
            if self._take(me):
                if async_switch.maybe:
                    try:
                        if (
                            backend.library in async_switch.surely_on
                            or async_switch.is_on(backend)
                        ):
                            await backend.checkpoint()
                    except BaseException:
                        self._put_back()
                        raise
                return self
        else:  # another task has it, or others wait
            try:
                backend = worlds.backends[type(me)]
            except KeyError:  # the first task of its kind
                backend, me = async_owner()
        waiter = backend.create_waiter()
        # _join() without the call and the look for grants, and without the memory barrier where there is a GIL
        waiter.source = self
        waiter.request = me
        try:
            queue = self._queue
            if queue is None:
                queue = queue_for(self)
            queue.append(waiter)
            if FREE_THREADED:
                queue.turn.reverse()
            if self._free:
                self._settle()
            await waiter.park(None)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None
        self._owner = me
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
            try:
                if self._owner is not worlds.outer_task():
                    self._check_owner(current_async_task())
            except RuntimeError:
                # No task of that library runs here. Or it is a real error: then it is found once more.
                self._check_leaver()
        except BaseException:
            leave_again(Lock.async_release, self)
            raise
        self._owner = False  # NOBODY
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        return DONE

    def __enter__(self) -> Self:
        if (
            "greenlet" not in modules
            and (self._queue is None or (self._free and not self._queue))
            and not green_switch.maybe
        ):
            try:
                me = here.task
                del self._free[0]
                self._owner = me
                return self
            except (IndexError, AttributeError):  # it is locked; a new thread
                pass
        me = current_green_task()
        if (self._queue and self._owner is not me) or not self._take(me):
            waiter = self._green_waiter(None)
            try:
                self._join(waiter, me)
                waiter.park(None)
            except BaseException:
                try:
                    give_up(waiter)
                except BaseException:
                    give_up(waiter)
                    raise
                raise
            waiter.source = None
            self._owner = me
        elif green_switch.maybe:
            try:
                green_checkpoint()
            except BaseException:
                self._put_back()
                raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        # A greenlet has an identity of its own, and is not found here. Only the main greenlet of a thread has the
        # thread's; where it entered the block, and another greenlet of the thread leaves it (by closing a generator),
        # that one counts as the owner.
        try:
            try:
                if self._owner is not here.task:
                    self._check_owner(current_green_task())
            except AttributeError:  # a new thread
                self._check_owner(current_green_task())
        except BaseException:
            leave_again(Lock.green_release, self)
            raise
        self._owner = False  # NOBODY
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
