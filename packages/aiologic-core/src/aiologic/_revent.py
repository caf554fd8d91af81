# SPDX-License-Identifier: ISC
"""An event that can happen again."""

# Who is released by a set()
# ==========================
# A set() releases those who had queued before it, even if clear() comes before they run, and nobody who comes after the
# clear(). With one queue and one flag, a set() that was interrupted would not know later on who is there for what:
#
#     A sets it.   B clears it.   C joins the queue.   A wakes all who are in the queue: also C, for whom it is unset.
#
# So each period from one clear() to the next is an event of its own, which happens once, and has its own queue; an
# REvent is a chain of them:
#
#     the last of the chain  | the REvent is | left by
#     -----------------------+---------------+------------------------------------------
#     has not happened       | unset         | set(): that event happens
#     has happened           | set           | clear(): a new event is appended to it
#
# The successor of an event is the first item of its list ``next``: whoever appends first decides, in one step; of two
# clear() at once the second has nothing to do. An REvent refers to some event of its chain, and follows it to the end;
# so a thread that stores an older one late does no harm.
#
# A task that begins to wait takes the last event of the chain, and has nothing to do with any other from then on. Even
# if the set() comes before the task is in that event's queue, the task came first, however late it joins: the event
# itself looks whether it has happened.

from __future__ import annotations

from ._event import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from typing_extensions import Self

    from ._statistics import Statistics


class Period(Event):
    """The event of one period between two clear()."""

    __slots__ = ("next",)  # its first item is the period that comes after this one

    next: list[Period]

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self.next = []
        return self


class REvent(Event):
    """An :class:`Event` that can be cleared, and then happen again.

    Each :meth:`set` releases all tasks that wait at that moment, even if it is
    cleared before they run::

        changed = aiologic.REvent()
        await changed  # in tasks; changed.wait() in threads
        changed.set()  # by anybody
        changed.clear()

    True in a boolean context while it is set. Copies and pickles are new, unset
    events.
    """

    __slots__ = ("_period",)  # an event of the chain; the current one is at the end

    __module__ = "aiologic"

    _period: Period

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self._period = Period()
        return self

    def _current(self) -> Period:
        period = self._period
        while period.next:
            period = period.next[0]
        return period

    def __repr__(self) -> str:
        cls = type(self)
        period = self._current()
        state = "set" if period._is_set else f"unset, waiting={period.waiting}"
        return f"<{cls.__module__}.{cls.__qualname__}() at {id(self):#x} [{state}]>"

    def __bool__(self) -> bool:
        return self._current()._is_set

    def is_set(self) -> bool:
        """Whether it has happened, and has not been cleared since."""
        return self._current()._is_set

    @property
    def waiting(self) -> int:
        """Number of tasks that wait now; for display and tests, as it may already be outdated."""
        return self._current().waiting

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is 0 while it is set."""
        return self._current().statistics()

    def set(self) -> None:
        """Make it happen; wake all waiting tasks. Has no effect while it is set.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        self._current().set()

    def clear(self) -> None:
        """Unset it, so that those who come from now on wait. Has no effect while it is unset.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        period = self._current()
        if period._is_set:
            period.next.append(Period())
            self._period = period.next[0]

    def __await__(self) -> Generator[Any, Any, bool]:
        return self._current().__await__()

    async def with_(self, /, timeout: float | None = None) -> bool:
        """Wait until it is set; ``await event`` is the same without a time-out.

        Like :meth:`Event.with_`. ``True`` even if it was set meanwhile and has
        been cleared again.
        """
        return await self._current().with_(timeout)

    def wait(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`with_`, for green callers; ``green_wait`` is the same.

        In an async function, write ``await event``: this call blocks the whole loop;
        see ``AIOLOGIC_BLOCKING``.
        """
        return self._current().wait(timeout)

    # The names that all other primitives have: next to `async_wait`, nobody takes the blocking `wait` by mistake.
    green_wait = wait
    async_wait = with_
