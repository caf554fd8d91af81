# SPDX-License-Identifier: ISC
"""Getting an item out of a queue."""

# The fast path, for a store that is a plain row and was not shut down, is written out; everything else is in
# _ending.py.

from __future__ import annotations

from ._calling import called_as, checked_options
from ._engine.waiting import finish, give_up
from ._engine.waitqueue import queue_for
from ._handing import HANDED
from ._items import Items
from ._peeking import Peeking
from ._permits import ANY
from ._runtime.checkpoints import green_checkpoint, green_switch
from ._runtime.detect import worlds
from ._runtime.unpatched import let_others_run
from ._storing import GONE
from .exceptions import QueueEmpty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


class Getting(Peeking["T"]):
    """The half of a queue that consumers use."""

    __slots__ = ()

    @called_as(Items["T"].async_get)
    async def async_get(
        self,
        /,
        _by_position: object = None,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> T:
        """Take the next item, waiting until there is one.

        Args:
            blocking: Whether to wait. If false, ``timeout`` is ignored,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Raises:
            QueueEmpty: No item was available in time. (Items that have been
                promised to tasks that were waiting belong to them.)
            QueueShutDown: The queue was shut down, and nothing is left in it.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Safe: a cancelled call takes no item, and loses its place among
            those who wait; an item that was promised to it goes to the next.

        Checkpoints:
            One, even if there is an item, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not _by_position:  # as a rule, both are None
            timeout = checked_options(_by_position, blocking, timeout)
        item: T
        while True:  # repeats only if there was no item for a permit
            if self._queue is None or (self._free and not self._queue):
                try:
                    del self._free[ANY]
                except IndexError:  # there is none
                    pass
                else:
                    if worlds.must_ask and blocking:
                        try:
                            due = worlds.checkpoint_due()
                            if due is not None:
                                await due.checkpoint()
                        except BaseException:
                            self._put_back()
                            raise
                    break
            if not blocking:
                self._refuse_get()
            until = None if timeout is None else worlds.async_time() + timeout
            # _join() and async_wait(), written out: saves two calls and a coroutine for each wait.
            try:
                waiter = worlds.quick_waiter()
            except RuntimeError:  # another library may run here, or none
                waiter = worlds.create_async_waiter()
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
                if self._is_shut:  # those who came before may have been told already
                    self._look_for_the_end()
                if await waiter.park(timeout) is False and not finish(waiter, False):
                    raise QueueEmpty
            except BaseException:
                try:
                    give_up(waiter)
                except BaseException:
                    give_up(waiter)
                    raise
                raise
            waiter.source = None  # there is nothing to record
            if self._is_open:
                break
            # A task that was released by the end has no permit, and must not use the row, which may still be there for
            # a moment: see _make_store().
            item = self._remove()
            if item is not GONE:
                return item
            if until is not None:
                timeout = max(0.0, until - worlds.async_time())
        # _remove(), written out for a plain row.
        if (row := self._row) is None:
            item = self._remove()
            if item is not GONE:
                return item
            return await self._async_get_anew(blocking, timeout)
        try:
            item = row.popleft()
        except BaseException:  # a handler's: the item is gone, its place is not
            if self._places is not None:
                self._places._put_back()
            raise
        if (places := self._places) is not None:
            try:
                places._free.append(None)
                if places._queue:
                    places._settle()
            except BaseException:
                places._look_again()
                raise
        if not self._is_open:
            self._wind_up()
        return item

    @called_as(Items["T"].green_get)
    def green_get(
        self,
        /,
        _by_position: object = None,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> T:
        """Like :meth:`async_get`, for green callers."""
        if timeout is not _by_position:  # as a rule, both are None
            timeout = checked_options(_by_position, blocking, timeout)
        item: T
        while True:  # repeats only if there was no item for a permit
            if self._queue is None or (self._free and not self._queue):
                try:
                    del self._free[ANY]
                except IndexError:  # there is none
                    pass
                else:
                    if green_switch.maybe and blocking:
                        try:
                            green_checkpoint()
                        except BaseException:
                            self._put_back()
                            raise
                    break
            if not blocking:
                self._refuse_get()
            until = (
                None if timeout is None else worlds.green_backend().clock() + timeout
            )
            if self._queue and worlds.has_only_threads():
                let_others_run()  # see green_put()
                if self._free and not self._queue:
                    continue
            # _join() and green_wait(), written out: saves five calls.
            waiter = worlds.create_green_waiter()
            request: Any = None
            hands: list[T] = []
            if timeout is None and self._is_open:
                handed = HANDED.get(type(waiter))
                if handed is not None:
                    waiter.__class__ = handed
                    request = (self, [None], hands, [])
            waiter.source = self
            waiter.request = request
            try:
                queue = self._queue
                if queue is None:
                    queue = queue_for(self)
                queue.append(waiter)
                queue.turn.reverse()
                if self._free or queue.grants:
                    self._settle()
                if self._is_shut:  # those who came before may have been told already
                    self._look_for_the_end()
                if waiter.park(timeout) is False and not finish(waiter, False):
                    raise QueueEmpty
            except BaseException:
                try:
                    give_up(waiter)
                except BaseException:
                    give_up(waiter)
                    raise
                raise
            waiter.source = None  # there is nothing to record
            if hands:  # it was handed over
                return hands[0]
            if self._is_open:
                break
            item = self._remove()
            if item is not GONE:
                return item
            if until is not None:
                timeout = max(0.0, until - worlds.green_backend().clock())
        # _remove(), written out for a plain row.
        if (row := self._row) is None:
            item = self._remove()
            if item is not GONE:
                return item
            return self._green_get_anew(blocking, timeout)
        try:
            item = row.popleft()
        except BaseException:  # a handler's: the item is gone, its place is not
            if self._places is not None:
                self._places._put_back()
            raise
        if (places := self._places) is not None:
            try:
                places._free.append(None)
                if places._queue:
                    places._settle()
            except BaseException:
                places._look_again()
                raise
        if not self._is_open:
            self._wind_up()
        return item

    # Get as if the call came now, but not through a subclass's method, which is already running. (These are separate
    # methods, because the lines need one more local variable, which would make the coroutine as large as that of a put:
    # see benchmarks/queues.md.)

    async def _async_get_anew(self, blocking: bool, timeout: float | None) -> T:
        get: Any = Getting.async_get  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return await get(self, blocking=blocking, timeout=timeout)  # type: ignore[no-any-return]

    def _green_get_anew(self, blocking: bool, timeout: float | None) -> T:
        get: Any = Getting.green_get  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return get(self, blocking=blocking, timeout=timeout)  # type: ignore[no-any-return]

    def get_nowait(self) -> T:
        """Take the next item; the same as ``green_get(blocking=False)``, in any world.

        Raises:
            QueueEmpty: There is none.
            QueueShutDown: The queue was shut down, and nothing is left in it.
            RuntimeError: It is called by a signal handler or a finalizer that
                has interrupted its own thread in the middle of a call on this
                queue, which is a :class:`LifoQueue`, a :class:`PriorityQueue`,
                or of a subclass with its own ``_put`` or ``_get``.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        return self.green_get(blocking=False)
