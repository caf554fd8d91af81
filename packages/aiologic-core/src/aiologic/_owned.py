# SPDX-License-Identifier: ISC
"""A permit that knows who has it: what locks are made of."""

# The permit and its queue are in _permits.py. This file adds the owner: the identity of a task, as its backend gives
# it; an object that lives as long as the task and is never reused for another.
#
#   state        | permit                | _owner
#   -------------+-----------------------+----------------------------------------------------------------
#   unlocked     | free                  | NOBODY
#   locked       | taken                 | the task; written by itself
#   handed over  | taken                 | the waiter of the next task, until that task runs
#   in between   | in somebody's hands   | NOBODY, or a waiter that may turn out to have given up
#
# A task finds itself in ``_owner`` only if it is the owner, because nobody else writes it there. A waiter is written
# there for display, so that a lock that is handed over shows its next owner at once. It is written before the wait is
# decided: afterwards, the wait may be over, and the lock free again, before the task that decided it takes another
# step.
#
# A release frees the permit first even if tasks wait, and then has it handed over. That is safe where only the owner
# releases, because newcomers don't take a free permit while anybody is queued. So there are no grants in a lock's queue
# to look for, and _settle() writes the hand-over out, without what only other permits need: that saves 5 % of a
# hand-over between two tasks.

from __future__ import annotations

from ._deadlocks import owning_here, refuse, waiting_here
from ._engine.waiter import Waiter
from ._permits import NOBODY, PERMIT, Permits
from ._runtime.detect import current_async_task, current_green_task, worlds
from ._runtime.threads import ThreadTask, ThreadWaiter
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class Owned(Permits):
    """One permit, and the task that has it."""

    __slots__ = ("_owner",)  # see the table above

    _owner: object

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self._free = list(PERMIT)
        self._queue = None
        self._owner = NOBODY
        return self

    def __repr__(self) -> str:
        cls = type(self)
        state = f"locked, waiting={self.waiting}" if self else "unlocked"
        return f"<{cls.__module__}.{cls.__qualname__}() at {id(self):#x} [{state}]>"

    def __bool__(self) -> bool:
        return not self._free

    def locked(self) -> bool:
        """Whether any task has the lock now."""
        return not self._free

    @property
    def owner(self) -> tuple[str, int] | None:
        """The library and the number of the task that has the lock, for display; ``None`` if free."""
        owner = self._owner_to_be()
        return None if owner is NOBODY else worlds.describe(owner)

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is 1 while it is free."""
        owner = self._owner_to_be()
        holders = {} if owner is NOBODY else {worlds.describe(owner): self._times()}
        return Statistics(self._queue, value=len(self._free), holders=holders)

    def _times(self) -> int:
        """How many times the owner has it."""
        return 1

    def async_owned(self) -> bool:
        """Whether the current async task has the lock.

        Raises:
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        task = worlds.async_world()[1]  # None in a callback, which owns nothing
        return self._owner is task

    def green_owned(self) -> bool:
        """Whether the current green task has the lock."""
        return self._owner is current_green_task()

    # -- taking it, handing it over, releasing it ---------------------------------------------------------------------

    def _take(self, me: object) -> bool:
        """Take the lock, if it is free and nobody queues for it."""
        if self._free and not self._queue:
            try:
                del self._free[0]
            except IndexError:  # another was faster
                pass
            else:
                self._owner = me
                return True
        if self._owner is me:
            raise RuntimeError("the current task is already holding this lock")
        return False

    def _settle(self) -> None:
        """As in :class:`Permits`, for the one permit of a lock; needs a queue.

        The differences: there is one permit at most, the queue has no grants,
        and whoever gets the permit is shown as the owner.
        """
        queue: Any = self._queue
        free = self._free
        turn = queue.turn
        while True:
            try:
                del turn[0]
            except IndexError:  # whoever has the turn looks again
                return
            try:
                try:
                    del free[0]
                except IndexError:
                    pass  # handed over; or taken by a newcomer that had looked before the first waiter came
                else:
                    # Now the permit is in our hands, and an exception (KeyboardInterrupt) must not take it along.
                    try:
                        while True:
                            oldest = queue[0]
                            del queue[0]
                            if oldest:  # it has not given up, and is not a fence
                                self._owner = oldest
                                try:
                                    del oldest[0]
                                except IndexError:  # it gave up just now
                                    pass
                                else:
                                    break  # and its task may be running already
                    except BaseException as error:
                        self._owner = NOBODY
                        free.append(None)
                        if not isinstance(error, IndexError):  # all gave up
                            raise
                    else:
                        try:
                            oldest.unpark()
                        except BaseException:
                            oldest.unpark()
                            raise
            finally:
                turn.append(None)
            if not (free and queue):
                return

    def async_release(self) -> None:
        """Give the lock to the longest-waiting task, or free it.

        Raises:
            RuntimeError: The lock is free, or another task owns it.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        self._release(current_async_task())

    def green_release(self) -> None:
        """Like :meth:`async_release`, for green callers."""
        self._release(current_green_task())

    def _release(self, me: object) -> None:
        self._check_owner(me)
        self._put_back()

    def _put_back(self, receipt: list[None] | None = None) -> None:
        """Release the lock, for the task that has it or was just given it."""
        if receipt is not None:
            receipt[:] = PERMIT
        self._owner = NOBODY
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    def _owner_to_be(self) -> object:
        """The owner's identity, even if its task has not run since the hand-over."""
        owner = self._owner
        return self._task_of(owner) if isinstance(owner, Waiter) else owner

    def _check_owner(self, me: object) -> None:
        if self._owner is not me:
            if self._free:
                raise RuntimeError("release unlocked lock")
            raise RuntimeError("the current task is not holding this lock")

    def _check_leaver(self) -> None:
        """Like :meth:`_check_owner`, for a task of a library that announces itself."""
        try:
            if self._owner is not worlds.announced_task():
                self._check_owner(current_async_task())
        except RuntimeError as error:
            raise error from None  # the error that led here has nothing to do with it

    def _green_waiter(self, timeout: float | None) -> Any:
        """A waiter for the current green task, unless it would wait for itself."""
        waiter = worlds.create_green_waiter()
        if timeout is None and type(waiter) is ThreadWaiter:
            owner = self._owner
            is_threads = type(owner) is ThreadTask or type(owner) is ThreadWaiter
            if not is_threads or (self._queue and worlds.runs_a_library_here()):
                self._refuse_deadlock()
        return waiter

    def _refuse_deadlock(self) -> None:
        """Raise if the calling thread would wait for ever for a task of its own."""
        # The queue first: a waiter that is served meanwhile is the owner afterwards.
        for task in waiting_here(self._queue, self._task_of):
            refuse("is already waiting for this lock", task, "comes before it")
        owner = owning_here(self._owner, self._task_of)
        if owner is not None:
            refuse("is already holding this lock", owner, "owns the lock")

    def _task_of(self, waiter: Waiter) -> object:
        """The task whose wait it is."""
        return waiter.request

    def _accept(self, waiter: Waiter) -> None:
        self._owner = waiter.request
