# SPDX-License-Identifier: ISC
"""What waiters and events look like to their users."""

# A separate file, because it needs ``typing``, which nothing else imports: it is loaded when one of these names is
# asked for.

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any


class Waiter(Protocol):
    """One wait by one task, which anybody can end."""

    #: Whether cancellation is held back until the wait is over. Read when it begins.
    shield: bool

    def wake(self) -> None:
        """End the wait, now or before it has begun. Has no effect from the second time on.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer,
            even if the loop, run or hub of the waiter has gone.
        """
        ...


class GreenWaiter(Waiter, Protocol):
    """A wait in a plain call."""

    def wait(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`AsyncWaiter.with_`, for green callers."""
        ...


class AsyncWaiter(Waiter, Protocol):
    """A wait with ``await``."""

    def __await__(self) -> Generator[Any, Any, bool]:
        """Wait without a time-out: ``await waiter``."""
        ...

    async def with_(self, /, timeout: float | None = None) -> bool:
        """Wait until it is woken. To be called once, by one task.

        Args:
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` if it was woken, even if before the call; ``False`` if time
            ran out first.

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            RuntimeError: It was waited for before.

        Cancellation:
            If the call raises, you can't tell whether the waiter was woken at
            the same moment; so store what a wake-up stands for elsewhere. With
            :attr:`shield`, raised when the wait is over, by the library's own
            rules for shielded calls.

        Checkpoints:
            One, like every call that has to wait.

        Threads:
            In the loop that it was created for.
        """
        ...


class Event(Protocol):
    """Something that happens once, for one waiting task: first unset, then set or cancelled for good.

    What :class:`GreenEvent` and :class:`AsyncEvent` have in common. Only one task
    at a time may wait for it, until it is set or cancelled.
    """

    #: Whether cancellation is held back until the wait is over. Read when it begins.
    shield: bool

    #: Whether waiting for an event that is already set or cancelled is always a checkpoint.
    force: bool

    def __bool__(self) -> bool:
        """The same as :meth:`is_set`."""
        ...

    def set(self) -> bool:
        """Make it happen, and wake the waiting task.

        Returns:
            ``True`` for the one call that did; ``False`` if it was set before, or
            its wait has ended in another way.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer,
            even if the loop, run or hub of the waiting task has gone.
        """
        ...

    def is_set(self) -> bool:
        """Whether it has happened."""
        ...

    def cancelled(self) -> bool:
        """Whether its wait ended before it was set: by a time-out, or by raising."""
        ...


for _protocol in Waiter, GreenWaiter, AsyncWaiter, Event:
    _protocol.__module__ = "aiologic.lowlevel"
