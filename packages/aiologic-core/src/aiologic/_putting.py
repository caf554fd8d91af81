# SPDX-License-Identifier: ISC
"""Putting items into a queue."""

# The fast path, for a store that is a plain row and was not shut down, is written out; everything else is in
# _bringing.py.
#
#     announce the item (_tally.py)  ->  into the store  ->  look whether it was shut  ->  free its permit  ->  serve

from __future__ import annotations

from ._calling import called_as, checked_options
from ._carrying import CARRYING
from ._ending import serve_all
from ._engine.waiting import finish, give_up
from ._engine.waitqueue import queue_for
from ._items import Items
from ._putting_now import PuttingNow
from ._runtime.checkpoints import green_checkpoint, green_switch
from ._runtime.detect import worlds
from ._runtime.unpatched import let_others_run
from .exceptions import QueueFull

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


class Putting(PuttingNow["T"]):
    """The half of a queue that producers use."""

    __slots__ = ()

    @called_as(Items["T"].async_put)
    async def async_put(
        self,
        item: T,
        _by_position: object = None,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> None:
        """Put an item, waiting until there is a free place for it.

        Args:
            item: What to put.
            blocking: Whether to wait. If false, ``timeout`` is ignored,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Raises:
            QueueFull: No place was free in time.
            QueueShutDown: The queue was shut down before or during the call.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Safe: a cancelled call has put nothing, and loses its place among
            those who wait; what it was just granted goes to the next.

        Checkpoints:
            One, before the item is put, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not _by_position:  # as a rule, both are None
            timeout = checked_options(_by_position, blocking, timeout)
        if (places := self._places) is None:
            if worlds.must_ask and blocking:
                due = worlds.checkpoint_due()
                if due is not None:
                    await due.checkpoint()
        else:
            free = places._free
            while True:
                # take() without the call. (-1 also without the GIL, where it may miss a place that is there: then
                # it looks again.)
                if free and not places._queue:
                    try:
                        del free[-1]
                    except IndexError:  # another was faster
                        continue
                elif (rest := places.rest) is not None:
                    try:
                        del rest[0]
                    except IndexError:  # another was faster
                        if not rest:
                            places.rest = None  # for good; but one may have been given back to ``free`` meanwhile
                        continue
                else:
                    if not blocking:
                        self._refuse_put()
                    # places._join() and async_wait(), written out: saves a call and a coroutine.
                    try:
                        waiter = worlds.quick_waiter()
                    except RuntimeError:  # another library may run here, or none
                        waiter = worlds.create_async_waiter()
                    waiter.source = places
                    waiter.request = None
                    try:
                        queue = places._queue
                        if queue is None:
                            queue = queue_for(places)
                        queue.append(waiter)
                        queue.turn.reverse()
                        if free or queue.grants:
                            places._settle()
                        if (
                            self._is_shut
                        ):  # those who came before may have been told already
                            serve_all(places)
                        woken = await waiter.park(timeout)
                        if woken is False and not finish(waiter, woken):
                            raise QueueFull
                    except BaseException:
                        try:
                            give_up(waiter)
                        except BaseException:
                            give_up(waiter)
                            raise
                        raise
                    waiter.source = None  # there is nothing to record
                    break
                if worlds.must_ask and blocking:
                    try:
                        due = worlds.checkpoint_due()
                        if due is not None:
                            await due.checkpoint()
                    except BaseException:
                        places._put_back()
                        raise
                break
        if (row := self._row) is None:
            for _ in self._announce:
                break
            receipt: list[None] = []
            try:
                self._bring(item, receipt)
            except BaseException:
                if not receipt:
                    self._withdraw()
                raise
            return
        for _ in self._announce:  # the next number, without a call
            break
        try:
            try:
                row.append(item)
            finally:
                # Whatever exception comes in between, the item is there.
                if not self._is_open:
                    self._come_late(item)
                else:
                    self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        if not self._is_open:
            self._wind_up()

    @called_as(Items["T"].green_put)
    def green_put(
        self,
        item: T,
        _by_position: object = None,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> None:
        """Like :meth:`async_put`, for green callers.

        If a plain thread waits without a time-out, its item may be put by the
        task that frees the place, before the thread goes on. If the thread is
        interrupted (Ctrl-C) after that, the item has been put; if before, not.
        """
        if timeout is not _by_position:  # as a rule, both are None
            timeout = checked_options(_by_position, blocking, timeout)
        if (places := self._places) is None:
            if green_switch.maybe and blocking:
                green_checkpoint()
        else:
            free = places._free
            while True:
                # take(), without the call.
                if free and not places._queue:
                    try:
                        del free[-1]
                    except IndexError:  # another was faster
                        continue
                elif (rest := places.rest) is not None:
                    try:
                        del rest[0]
                    except IndexError:
                        if not rest:
                            places.rest = None
                        continue
                else:
                    if not blocking:
                        self._refuse_put()
                    if places._queue and worlds.has_only_threads():
                        # Of threads that were woken together, the first fills the queue. The others would only see that,
                        # and sleep again, and each costs two switches. So they first let those run who make room, and
                        # look again: docs/decisions/0051. (Not greenlets: their hub would stand still.)
                        let_others_run()
                        if free and not places._queue:
                            continue
                    # places._join() and green_wait(), written out: saves five calls.
                    waiter = worlds.create_green_waiter()
                    request = None
                    if timeout is None and self._row is not None:
                        carrying = CARRYING.get(type(waiter))
                        if carrying is not None:
                            waiter.__class__ = carrying
                            request = (self, [item])
                    waiter.source = places
                    waiter.request = request
                    try:
                        queue = places._queue
                        if queue is None:
                            queue = queue_for(places)
                        queue.append(waiter)
                        queue.turn.reverse()
                        if free or queue.grants:
                            places._settle()
                        if (
                            self._is_shut
                        ):  # those who came before may have been told already
                            serve_all(places)
                        woken = waiter.park(timeout)
                        if woken is False and not finish(waiter, woken):
                            raise QueueFull
                    except BaseException:
                        try:
                            give_up(waiter)
                        except BaseException:
                            give_up(waiter)
                            raise
                        raise
                    waiter.source = None  # there is nothing to record
                    if request is not None and not request[1]:  # another task put it
                        return
                    break
                if green_switch.maybe and blocking:
                    try:
                        green_checkpoint()
                    except BaseException:
                        places._put_back()
                        raise
                break
        if (row := self._row) is None:
            for _ in self._announce:
                break
            receipt: list[None] = []
            try:
                self._bring(item, receipt)
            except BaseException:
                if not receipt:
                    self._withdraw()
                raise
            return
        for _ in self._announce:  # the next number, without a call
            break
        try:
            try:
                row.append(item)
            finally:
                # Whatever exception comes in between, the item is there.
                if not self._is_open:
                    self._come_late(item)
                else:
                    self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        if not self._is_open:
            self._wind_up()
