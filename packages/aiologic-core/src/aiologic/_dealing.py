# SPDX-License-Identifier: ISC
"""Items that are reported as done, and tasks that wait until all are."""

# What is counted, and how waiters are woken, is in _tally.py. A put counts its item before the item can be had; whoever
# discards an item, or takes it back, reports it as done.

from __future__ import annotations

from ._bringing import Bringing
from ._engine.deadline import checked_timeout
from ._engine.waiting import async_wait, green_wait
from ._runtime.checkpoints import (
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


class Dealing(Bringing["T"]):
    """Items, each of which is to be reported as done."""

    __slots__ = ()

    @property
    def unfinished_tasks(self) -> int:
        """How many items were put but not reported as done; see :meth:`task_done`."""
        return self._tally.unfinished()

    def task_done(self) -> None:
        """Report that an item, after it was got, is done. If it was the last, those in :meth:`async_join` go on.

        Raises:
            ValueError: This was reported for all items already.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        if not self._tally.say_done():
            raise ValueError("task_done() called too many times")

    async def async_join(self, /, timeout: float | None = None) -> bool:
        """Wait until every item that was put has been reported as done.

        Args:
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once that is so, ``False`` if time ran out first.

        Raises:
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Safe: a cancelled call leaves no trace.

        Checkpoints:
            One, even if nothing is left to do, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        if self._tally.unfinished():
            waiter = worlds.create_async_waiter()
            return await async_wait(waiter, timeout, self._tally.join)
        due = worlds.checkpoint_due()
        if due is not None:
            await due.checkpoint()
        return True

    def green_join(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`async_join`, for green callers."""
        if timeout is not None:
            timeout = checked_timeout(timeout)
        if self._tally.unfinished():
            waiter = worlds.create_green_waiter()
            return green_wait(waiter, timeout, self._tally.join)
        if green_switch.maybe:
            green_checkpoint()
        return True
