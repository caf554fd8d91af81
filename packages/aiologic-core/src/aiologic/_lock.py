# SPDX-License-Identifier: ISC
"""A lock that knows its owner."""

# The permit and its queue are in _permits.py. What is added here is the owner: the identity of a task, as its backend
# gives it; an object that lives as long as the task and is never used again.
#
#   state        | permit                | _owner
#   -------------+-----------------------+----------------------------------------------------------------
#   unlocked     | free                  | NOBODY
#   locked       | out                   | the task; written by itself
#   handed over  | out                   | the waiter of the next task, until that task runs
#   in between   | in somebody's hands   | NOBODY, or a waiter that may yet turn out to have given up
#
# A task finds itself in ``_owner`` only if it is the owner, for nobody else writes it there. A waiter is written there
# for display, so that a lock which is handed over has its next owner at once: before its wait is decided, not after
# (it may be over, and the lock free again, before the one who decided it takes another step).
#
# The context managers write acquire and release out (which is the reason for this file's length), for a call would cost
# as much as a free lock itself: first the path of a free lock in a world that is certain, then all else (checkpoints, greenlets, callbacks, contention).
# A release frees the permit first, also where others wait, and then has it handed over: that is safe where only the owner
# releases, for newcomers don't take a free permit while anybody queues. So a lock's queue holds no grants to look for.
#
# A hand-over is written out too (_settle), without what only others of its kind need: 5 % of it among two tasks.
#
# The context managers take the permit of a lock that was never contended unlooked, for to look costs 2 % of a free lock. Where there has
# been contention, they look first: of two tasks in turns, each finds the lock taken and the queue empty, and the
# exception would be 6 % of each hand-over.

from __future__ import annotations

from sys import modules

from ._deadlocks import owning_here, refuse, waiting_here
from ._engine.deadline import checked_timeout
from ._engine.waiter import Waiter
from ._engine.waiting import DONE, finish, give_up, green_wait
from ._engine.waitqueue import queue_for
from ._permits import FREE_THREADED, NOBODY, PERMIT, Permits
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import (
    async_owner,
    current_async_task,
    current_green_task,
    worlds,
)
from ._runtime.threads import ThreadTask, ThreadWaiter, here
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


class Lock(Permits):
    """A mutual exclusion lock between tasks of any kind, owned by one task.

    Tasks are threads, tasks of event loops and greenlets; the same lock can be
    held by one of them and awaited by all others, wherever they run::

        lock = aiologic.Lock()


        def work():  # in threads
            with lock: ...


        async def awork():  # in tasks
            async with lock: ...

    The owner is the task, not its thread: two tasks of one event loop exclude
    each other, and only the task that acquired the lock can release it. A task
    that acquires it twice gets an error (see :class:`RLock`).

    Fair: the lock is handed over in the order of arrival, directly, so that no
    newcomer can overtake. True in a boolean context while it is locked.

    Copies and pickles are new, unlocked locks.
    """

    __slots__ = ("_owner",)  # see the table above

    __module__ = "aiologic"

    _shows_owner = True

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
        """How it is now, in numbers: ``value`` is 1 while it is free."""
        owner = self._owner_to_be()
        holders = {} if owner is NOBODY else {worlds.describe(owner): self._times()}
        return Statistics(self._queue, value=len(self._free), holders=holders)

    def _times(self) -> int:
        """How many times the owner has it."""
        return 1

    def async_owned(self) -> bool:
        """Whether the current async task has the lock."""
        task = worlds.async_world()[1]  # None in a callback, which owns nothing
        return task is not None and self._owner is task

    def green_owned(self) -> bool:
        """Whether the current green task has the lock."""
        return self._owner is current_green_task()

    async def async_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Take the lock, waiting while another task has it.

        Args:
            blocking: Whether to wait. If false, ``timeout`` is not looked at,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once the caller owns the lock, ``False`` if it was not to
            be had in time.

        Raises:
            RuntimeError: The caller owns the lock already.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call owns nothing, and loses its place in the
            queue; a lock that it has just been given goes to the next.

        Checkpoints:
            One, also when the lock is free, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        backend, me = async_owner()
        if self._take(me):
            if blocking and async_switch.maybe:
                try:
                    if async_switch.is_on(backend):
                        await backend.checkpoint()
                except BaseException:
                    self._put_back()
                    raise
            return True
        if not blocking:
            return False
        waiter = backend.create_waiter()
        # async_wait(), written out: a coroutine less for each task that waits.
        try:
            self._join(waiter, me)
            woken = await waiter.park(timeout)
            return finish(waiter, woken)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise

    def green_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire`, for green callers.

        Raises:
            RuntimeError: Also where the wait could never end: the caller is a
                plain thread, would wait for ever, and an async task that runs
                in this very thread owns the lock, or comes before it in line.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        if self._take(me):
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._put_back()
                    raise
            return True
        if not blocking:
            return False
        return green_wait(self._green_waiter(timeout), timeout, self._join, me)

    def async_release(self) -> None:
        """Give the lock to the task that waits longest, or free it.

        Raises:
            RuntimeError: The lock is free, or another task owns it.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        self._release(current_async_task())

    def green_release(self) -> None:
        """Like :meth:`async_release`, for green callers."""
        self._release(current_green_task())

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
            backend, me = async_owner()
            if self._take(me):
                if async_switch.maybe:
                    try:
                        if async_switch.is_on(backend):
                            await backend.checkpoint()
                    except BaseException:
                        self._put_back()
                        raise
                return self
        else:  # it is another's, or others wait
            try:
                backend = worlds.backends[type(me)]
            except KeyError:  # the first task of its kind
                backend, me = async_owner()
        waiter = backend.create_waiter()
        # _join(), without the call, without the look for grants, and with a step less where there is a GIL
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

    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        try:
            if self._owner is not worlds.outer_task():
                self._check_owner(current_async_task())
        except RuntimeError:
            # No task of that library runs here. Or it is an error indeed: then it is found once more.
            self._check_leaver()
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
        # A greenlet has an identity of its own, and is not found here. Only the main greenlet has its thread's, and for
        # a block that it entered, and another greenlet of the thread leaves (a generator's, closed there), it counts.
        try:
            if self._owner is not here.task:
                self._check_owner(current_green_task())
        except AttributeError:  # a new thread
            self._check_owner(current_green_task())
        self._owner = False  # NOBODY
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    # -- what the twins share ---------------------------------------------------------------------------------------

    def _take(self, me: object) -> bool:
        """Own the lock, if it is free and nobody queues for it."""
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

        What is asked there, is known here: there is one permit at most, it lies
        in no queue, and it has an owner.
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
                    pass  # a newcomer took it, who had looked before the first waiter came; or it was handed over
                else:
                    # Now the permit is in our hands, and an exception (KeyboardInterrupt) must not take it along.
                    try:
                        while True:
                            oldest = queue[0]
                            del queue[0]
                            if oldest:  # it has not given up, and is no fence
                                self._owner = oldest
                                try:
                                    del oldest[0]
                                except IndexError:  # it gave up just now
                                    continue
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

    def _release(self, me: object) -> None:
        self._check_owner(me)
        self._put_back()

    def _put_back(self, receipt: list[None] | None = None) -> None:
        """The task that has the lock, or was given it, has it no more."""
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
        """The owner's identity, also of one that does not know yet."""
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
            raise error from None  # it has nothing to do with the one that led here

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
        # The queue first: who is served meanwhile is the owner afterwards.
        for task in waiting_here(self._queue, self._task_of):
            refuse("is already waiting for this lock", task, "comes before it")
        owner = owning_here(self._owner, self._task_of)
        if owner is not None:
            refuse("is already holding this lock", owner, "owns the lock")

    def _task_of(self, waiter: Waiter) -> object:
        """Whose wait it is."""
        return waiter.request

    def _accept(self, waiter: Waiter) -> None:
        self._owner = waiter.request
