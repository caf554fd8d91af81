# SPDX-License-Identifier: ISC
"""Queues without a limit and without an end: as little as can be between a put and a get."""

# This is _items.py, and nothing else. How items are put is in _simple_putting.py.

from __future__ import annotations

from ._calling import called_as, checked_options
from ._engine.free_threading import copy_of
from ._engine.waiting import finish, give_up, green_wait
from ._engine.waitqueue import queue_for
from ._filled import Filled
from ._items import Items, Stack
from ._layers import as_one, with_copies_of
from ._permits import ANY
from ._runtime.checkpoints import (
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import worlds
from ._simple_putting import SimplePutting
from .exceptions import QueueEmpty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar, TypeVar, overload

    from typing_extensions import Self

    T = TypeVar("T")


@as_one(SimplePutting)
@with_copies_of(Items, Filled)
class SimpleQueue(SimplePutting["T"]):
    """A first-in, first-out queue of any length, between tasks of any kind.

    ::

        queue = aiologic.SimpleQueue()
        queue.put(item)  # anywhere: threads, tasks, callbacks, signal handlers
        item = await queue.async_get()  # in tasks
        item = queue.green_get()  # in threads

    Fair: the longest-waiting task gets the next item. It has no size limit and
    can't be shut down; for these, use :class:`Queue`. True in a boolean context
    while there are items.

    Args:
        items: The initial items.
    """

    __slots__ = ()

    __module__ = "aiologic"

    if TYPE_CHECKING:
        # As for Queue.
        @overload
        def __new__(cls, /) -> Self: ...
        @overload
        def __new__(cls, items: Iterable[T], /) -> Self: ...

    def __new__(cls, items: Iterable[T] = (), /) -> Self:
        cls._check(items)
        self = object.__new__(cls)
        self._queue = None
        self._fill(items)
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        items = copy_of(self._data or ())
        return (items,) if items else ()

    def __repr__(self) -> str:
        cls = type(self)
        items = copy_of(self._data or ())
        state = f"length={len(items)}" if items else f"length=0, getting={self.getting}"
        return (
            f"<{cls.__module__}.{cls.__qualname__}({items!r})"
            f" at {id(self):#x} [{state}]>"
        )

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
                return self._data.popleft()  # type: ignore[no-any-return]
        if not blocking:
            raise QueueEmpty
        # _join() and async_wait(), written out: saves a call and a coroutine for each wait.
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
            woken = await waiter.park(timeout)
            if woken is False and not finish(waiter, woken):
                raise QueueEmpty
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None  # there is nothing to record
        return self._data.popleft()  # type: ignore[no-any-return]

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
                return self._data.popleft()  # type: ignore[no-any-return]
        if not blocking:
            raise QueueEmpty
        if not green_wait(worlds.create_green_waiter(), timeout, self._join):
            raise QueueEmpty
        return self._data.popleft()  # type: ignore[no-any-return]

    def get_nowait(self) -> T:
        """Take the next item; the same as ``green_get(blocking=False)``, in any world.

        Raises:
            QueueEmpty: There is none.
        """
        return self.green_get(blocking=False)


class SimpleLifoQueue(SimpleQueue["T"]):
    """A :class:`SimpleQueue` in which the last item comes first.

    A task that had to wait gets the item that is the last one when it runs.
    """

    __slots__ = ()

    __module__ = "aiologic"

    _store: ClassVar[Any] = Stack
