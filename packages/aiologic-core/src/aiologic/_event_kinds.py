# SPDX-License-Identifier: ISC
"""The two kinds of events for one waiting task, as classes to derive from."""

# Their protocol, ``Event``, is in _waiter_protocols.py, because it needs ``typing``. They do not derive from it, but to
# type checkers they are events all the same.

from __future__ import annotations

import abc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any


class _SingleEvent(abc.ABC):
    """What both kinds promise; see :class:`aiologic.lowlevel.Event`."""

    if not TYPE_CHECKING:
        # Type checkers would conclude that there are no attributes; but subclasses have some.
        __slots__ = ()
    __module__ = "aiologic.lowlevel"

    shield: bool
    force: bool

    @abc.abstractmethod
    def __bool__(self) -> bool:
        """The same as :meth:`is_set`."""

    @abc.abstractmethod
    def set(self) -> bool:
        """See :meth:`aiologic.lowlevel.Event.set`."""

    @abc.abstractmethod
    def is_set(self) -> bool:
        """See :meth:`aiologic.lowlevel.Event.is_set`."""

    @abc.abstractmethod
    def cancelled(self) -> bool:
        """See :meth:`aiologic.lowlevel.Event.cancelled`."""


class GreenEvent(_SingleEvent):
    """An event for one green task, which waits with a plain call.

    Created by :func:`create_green_event`. The constants, such as
    :data:`SET_EVENT`, are instances of it, too.
    """

    __slots__ = ()
    __module__ = "aiologic.lowlevel"

    @abc.abstractmethod
    def wait(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`AsyncEvent.with_`, for green callers."""


class AsyncEvent(_SingleEvent):
    """An event for one async task, which waits with ``await``.

    Created by :func:`create_async_event`. The constants, such as
    :data:`SET_EVENT`, are instances of it, too.
    """

    __slots__ = ()
    __module__ = "aiologic.lowlevel"

    @abc.abstractmethod
    def __await__(self) -> Generator[Any, Any, bool]:
        """Wait without a time-out: ``await event``."""

    @abc.abstractmethod
    async def with_(self, /, timeout: float | None = None) -> bool:
        """Wait until it is set. One task may do so at a time.

        Args:
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once it is set; ``False`` if time ran out first, or an earlier
            wait ended in another way: then it is cancelled.

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            RuntimeError: Another task is waiting for it.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Whatever ends the wait by raising, even a wrong ``timeout``, cancels
            the event, unless it was set before: :meth:`Event.cancelled` tells
            which came first. With ``shield``, raised when the wait is over.

        Checkpoints:
            One, if it has to wait; if the event is already set or cancelled, one
            where checkpoints are on, or with ``force``.

        Threads:
            Callable from any thread and any supported library.
        """
