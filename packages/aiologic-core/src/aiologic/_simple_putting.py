# SPDX-License-Identifier: ISC
"""Putting items into a queue that has neither a limit nor an end."""

# A put never waits, so anybody may put, also finalizers and signal handlers. ``put`` is written out in the others, which
# saves a call.

from __future__ import annotations

from ._calling import called_as, refuse
from ._items import Items
from ._runtime.checkpoints import green_checkpoint, green_switch
from ._runtime.detect import worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    T = TypeVar("T")


class SimplePutting(Items["T"]):
    """The half of a simple queue that producers use."""

    __slots__ = ()

    def put(self, item: T) -> None:
        """Put an item; never waits.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        if (data := self._data) is None:
            data = self._make_store()
        try:
            try:
                data.append(item)
            finally:
                self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    put_nowait = put

    def put_many(self, items: Iterable[T], /) -> None:
        """Put several items at once; tasks that wait for them are woken together."""
        several = list(self._check(items))
        permits = [None] * len(several)
        if (data := self._data) is None:
            data = self._make_store()
        try:
            try:
                data.extend(several)
            finally:
                self._free.extend(permits)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    @called_as(Items["T"].async_put)
    async def async_put(
        self,
        item: T,
        _by_position: object = None,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> None:
        """Put an item. Never waits for a place, so ``timeout`` is ignored.

        Args:
            item: What to put.
            blocking: If false, the call does not let others run.
            timeout: For compatibility with queues that have a limit.

        Cancellation:
            Safe: a cancelled call has put nothing.

        Checkpoints:
            One, before the item is put, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if _by_position is not None:
            refuse(_by_position)
        if worlds.must_ask and blocking:
            due = worlds.checkpoint_due()
            if due is not None:
                await due.checkpoint()
        if (data := self._data) is None:
            data = self._make_store()
        try:
            try:
                data.append(item)
            finally:
                self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    @called_as(Items["T"].green_put)
    def green_put(
        self,
        item: T,
        _by_position: object = None,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> None:
        """Like :meth:`async_put`, for green callers."""
        if _by_position is not None:
            refuse(_by_position)
        if green_switch.maybe and blocking:
            green_checkpoint()
        if (data := self._data) is None:
            data = self._make_store()
        try:
            try:
                data.append(item)
            finally:
                self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
