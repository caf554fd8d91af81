# SPDX-License-Identifier: ISC
"""The block in which a condition is used: its lock, acquired and released."""

# A block may have lost its lock by the time it is left. A coroutine that is closed where it waits (GeneratorExit) can't
# wait any more, so it leaves its wait without the lock; so does a thread that KeyboardInterrupt finds in the wait for
# it. Hence the end of a block looks before it releases.
#
# For the lock and the timer that most conditions have (PLAIN), the blocks write out what RLock does, because the calls
# would cost more than the lock itself.

from __future__ import annotations

from sys import modules

from ._condition_kinds import PLAIN
from ._condition_notifies import ConditionNotifies
from ._engine.waiting import DONE, aexit
from ._interrupted_blocks import leave_again
from ._rlock import RLock
from ._runtime.checkpoints import green_switch
from ._runtime.detect import worlds
from ._runtime.threads import here, this_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


class ConditionBlocks(ConditionNotifies):
    """The part of a condition that is entered and left."""

    __slots__ = ()

    async def __aenter__(self) -> Self:
        if self._kind is PLAIN:
            # RLock.__aenter__(), without the call.
            lock = self._lock
            try:
                me = worlds.quick_task()
            except RuntimeError:  # no task runs here
                me = None
            if me is None:
                await lock.async_acquire()
            elif lock._owner is me:
                lock._count += 1
            elif not (lock._free and lock._take_times(me, 1)):
                await lock._wait_in_line(me)
            return self
        await self._kind.async_enter(self._lock)
        return self

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        if self._kind is PLAIN:
            lock = self._lock
            try:
                is_last = lock._owner is worlds.outer_task() and lock._count == 1
            except RuntimeError:  # no task runs here
                is_last = False
            except BaseException:
                leave_again(RLock.async_release, lock)
                raise
            if is_last:
                lock._owner = False  # NOBODY
                try:
                    lock._free.append(None)
                    if lock._queue:
                        lock._settle()
                except BaseException:
                    lock._look_again()
                    raise
                return DONE
        lock = self._lock
        count = None
        try:
            count = getattr(lock, "_count", None)
            self._kind.async_leave(lock)
        except BaseException as error:
            # If it is a lock of ours, and was not released.
            if self._kind.hands_over and (count is None or count == lock._count):
                leave_again(self._kind.async_leave, lock)
            # A coroutine that is closed may run nowhere, and has left its wait without the lock.
            if exc_type is not GeneratorExit or not isinstance(error, RuntimeError):
                raise
        return DONE

    def __enter__(self) -> Self:
        if self._kind is PLAIN and not green_switch.maybe and "greenlet" not in modules:
            # RLock.green_acquire(), without the calls.
            lock = self._lock
            try:
                me = here.task
            except AttributeError:  # a new thread
                me = this_thread()
            if lock._free and not lock._queue:
                try:
                    del lock._free[0]
                    lock._count = 1
                    lock._owner = me
                    return self
                except IndexError:  # another was faster
                    pass
            if lock._owner is me:
                lock._count += 1
            else:
                lock._green_wait_in_line(me)
            return self
        self._kind.enter(self._lock)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        if self._kind is PLAIN:
            lock = self._lock
            try:
                is_last = lock._owner is here.task and lock._count == 1
            except AttributeError:  # a new thread
                is_last = False
            if is_last:
                lock._owner = False  # NOBODY
                try:
                    lock._free.append(None)
                    if lock._queue:
                        lock._settle()
                except BaseException:
                    lock._look_again()
                    raise
                return
        lock = self._lock
        count = None
        try:
            count = getattr(lock, "_count", None)
            self._kind.leave(lock)
        except BaseException:
            # If it is a lock of ours, and was not released.
            if self._kind.hands_over and (count is None or count == lock._count):
                leave_again(self._kind.leave, lock)
            raise
