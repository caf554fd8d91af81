# SPDX-License-Identifier: ISC
"""A lock that knows its owner."""

# How a lock is taken, handed over and released, in either world, is in _owned.py; its blocks are in _lock_blocks.py.
# This file has the two ways to acquire it by a call.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiting import finish, give_up, green_wait
from ._layers import as_one
from ._lock_blocks import LockBlocks
from ._owned import Owned
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import async_owner, current_green_task


@as_one(Owned)
class Lock(LockBlocks):
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
