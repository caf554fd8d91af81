# SPDX-License-Identifier: ISC
"""The blocks of a lock: ``with`` and ``async with``, written out."""

# The blocks write acquire and release out, because a call would cost as much as a free lock itself: first the path for
# a free lock where the current task is certain, then everything else (checkpoints, greenlets, callbacks, contention).
#
# A lock that was never contended is taken without looking first, because a look costs 2 % of a free lock. One that has
# been contended is looked at, because the exception would cost 6 % of each hand-over between two tasks.

from __future__ import annotations

from sys import modules

from ._engine.free_threading import FREE_THREADED
from ._engine.waiting import DONE, aexit, give_up
from ._engine.waitqueue import queue_for
from ._interrupted_blocks import leave_again
from ._owned import Owned
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import async_owner, current_async_task, current_green_task, worlds
from ._runtime.threads import here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


class LockBlocks(Owned):
    """The part of a lock that is entered and left."""

    __slots__ = ()

    async def __aenter__(self) -> Self:
        try:
            me = worlds.quick_task()
            if me is not None and (
                self._queue is None or (self._free and not self._queue)
            ):
                del self._free[0]
                self._owner = me
                return self
        except (RuntimeError, IndexError):  # no task runs here; it is locked
            me = None
        if me is None or self._owner is me:
            try:  # async_owner(), without the call
                me = worlds.certain_task()
                backend = worlds.backends[type(me)]
            except (RuntimeError, KeyError):
                backend, me = async_owner()
            if self._take(me):
                if async_switch.maybe:
                    try:
                        if (
                            backend.library in async_switch.surely_on
                            or async_switch.is_on(backend)
                        ):
                            await backend.checkpoint()
                    except BaseException:
                        self._put_back()
                        raise
                return self
        else:  # another task has it, or others wait
            try:
                backend = worlds.backends[type(me)]
            except KeyError:  # the first task of its kind
                backend, me = async_owner()
        waiter = backend.create_waiter()
        # _join() without the call and the look for grants, and without the memory barrier where there is a GIL
        waiter.source = self
        waiter.request = me
        try:
            queue = self._queue
            if queue is None:
                queue = queue_for(self)
            queue.append(waiter)
            if FREE_THREADED:
                queue.turn.reverse()
            if self._free:
                self._settle()
            await waiter.park(None)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise
        waiter.source = None
        self._owner = me
        return self

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        try:
            try:
                if self._owner is not worlds.outer_task():
                    self._check_owner(current_async_task())
            except RuntimeError:
                # No task of that library runs here. Or it is a real error: then this check raises it again.
                self._check_leaver()
        except BaseException:
            leave_again(Owned.async_release, self)
            raise
        self._owner = False  # NOBODY
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        return DONE

    def __enter__(self) -> Self:
        if (
            "greenlet" not in modules
            and (self._queue is None or (self._free and not self._queue))
            and not green_switch.maybe
        ):
            try:
                me = here.task
                del self._free[0]
                self._owner = me
                return self
            except (IndexError, AttributeError):  # it is locked; a new thread
                pass
        me = current_green_task()
        if (self._queue and self._owner is not me) or not self._take(me):
            waiter = self._green_waiter(None)
            try:
                self._join(waiter, me)
                waiter.park(None)
            except BaseException:
                try:
                    give_up(waiter)
                except BaseException:
                    give_up(waiter)
                    raise
                raise
            waiter.source = None
            self._owner = me
        elif green_switch.maybe:
            try:
                green_checkpoint()
            except BaseException:
                self._put_back()
                raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        # A greenlet has an identity of its own, and is not found here. Only the main greenlet of a thread has the
        # thread's; if it entered the block, and another greenlet of the thread leaves it (by closing a generator), the
        # other one counts as the owner.
        try:
            try:
                if self._owner is not here.task:
                    self._check_owner(current_green_task())
            except AttributeError:  # a new thread
                self._check_owner(current_green_task())
        except BaseException:
            leave_again(Owned.green_release, self)
            raise
        self._owner = False  # NOBODY
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
