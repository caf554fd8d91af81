# SPDX-License-Identifier: ISC
"""A queue with the interfaces of the standard library's queues, for programs that move to ours."""

# The same names, arguments and exceptions as queue.Queue and asyncio.Queue, over the same queue; so one side of a
# program can move before the other, and ``except queue.Empty`` goes on working. What is raised is one of our exceptions
# as well: see _queue_errors.py.

from __future__ import annotations

from ._layers import with_copies_of
from ._queue_errors import as_peers
from .exceptions import QueueEmpty, QueueFull

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    from ._queue import Queue

    T = TypeVar("T")

    class _OfItems(Generic[T]):
        __slots__ = ()
else:
    from ._subscripted import Subscripted as _OfItems


class View(_OfItems["T"]):
    """What both views have in common."""

    __slots__ = ("_queue",)

    def __init__(self, queue: Queue[T]) -> None:
        self._queue = queue

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._queue!r}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._queue is other._queue

    def __hash__(self) -> int:
        return hash((type(self), self._queue))

    @property
    def maxsize(self) -> int:
        """How many items can be in it; 0 if there is no limit."""
        return self._queue.maxsize

    @property
    def unfinished_tasks(self) -> int:
        """How many items were put but not reported as done."""
        return self._queue.unfinished_tasks

    @property
    def is_shutdown(self) -> bool:
        """Whether it was shut down."""
        return self._queue.is_shutdown

    def qsize(self) -> int:
        """How many items are in it."""
        return len(self._queue)

    def empty(self) -> bool:
        """Whether there are no items in it."""
        return not self._queue

    def full(self) -> bool:
        """Whether it has a limit, and at least that many items are in it."""
        return 0 < self._queue.maxsize <= len(self._queue)

    def put_nowait(self, item: T) -> None:
        """See :meth:`aiologic.Queue.put_nowait`."""
        try:
            self._queue.put_nowait(item)
        except QueueFull:
            raise as_peers(QueueFull) from None

    def get_nowait(self) -> T:
        """See :meth:`aiologic.Queue.get_nowait`."""
        try:
            return self._queue.get_nowait()
        except QueueEmpty:
            raise as_peers(QueueEmpty) from None

    def task_done(self) -> None:
        """See :meth:`aiologic.Queue.task_done`."""
        self._queue.task_done()

    def shutdown(self, immediate: bool = False) -> None:
        """See :meth:`aiologic.Queue.shutdown`."""
        self._queue.shutdown(immediate)


@with_copies_of(View)
class SyncView(View["T"]):
    """A queue with the methods of :class:`queue.Queue`: what :attr:`Queue.sync_q` returns.

    Its errors can be caught by either name: as :exc:`queue.Empty` or as
    :exc:`QueueEmpty`, as :exc:`queue.Full` or as :exc:`QueueFull`.
    """

    __slots__ = ()

    __module__ = "aiologic"

    _called_as = "queue.sync_q"  # for _runtime/advice.py
    _advice = "Write 'await queue.async_q.{0}(...)' instead"

    def put(self, item: T, block: bool = True, timeout: float | None = None) -> None:
        """See :meth:`aiologic.Queue.green_put`."""
        try:
            self._queue.green_put(item, blocking=block, timeout=timeout)
        except QueueFull:
            raise as_peers(QueueFull) from None

    def get(self, block: bool = True, timeout: float | None = None) -> T:
        """See :meth:`aiologic.Queue.green_get`."""
        try:
            return self._queue.green_get(blocking=block, timeout=timeout)
        except QueueEmpty:
            raise as_peers(QueueEmpty) from None

    def join(self) -> None:
        """See :meth:`aiologic.Queue.green_join`."""
        self._queue.green_join()


@with_copies_of(View)
class AsyncView(View["T"]):
    """A queue with the methods of :class:`asyncio.Queue`: what :attr:`Queue.async_q` returns.

    Its errors can be caught by either name: as :exc:`asyncio.QueueEmpty` or as
    :exc:`QueueEmpty`, as :exc:`asyncio.QueueFull` or as :exc:`QueueFull`.
    """

    __slots__ = ()

    __module__ = "aiologic"

    async def put(self, item: T) -> None:
        """See :meth:`aiologic.Queue.async_put`."""
        await self._queue.async_put(item)

    async def get(self) -> T:
        """See :meth:`aiologic.Queue.async_get`."""
        return await self._queue.async_get()

    async def join(self) -> None:
        """See :meth:`aiologic.Queue.async_join`."""
        await self._queue.async_join()
