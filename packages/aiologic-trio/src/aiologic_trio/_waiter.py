# SPDX-License-Identifier: ISC
"""How a trio task sleeps and is woken."""

# A task sleeps in wait_task_rescheduled() and is woken by reschedule(), which trio allows once for each sleep, in its
# own thread, and never after an abort. trio shows whether that has been done: it then clears the task's
# custom_sleep_data, which is its waiter until then. ``_task`` says that the wait is not over.
#
# Which way to wake. reschedule() does not interrupt a run that sleeps in its I/O manager. Only while a task step of
# that very run executes here is it certain to look at its run queue before it sleeps again; signal handlers,
# finalizers, the host of a guest run and other threads go through the run's token, whose entry queue interrupts the
# sleep. The inbox makes wake-ups that arrive together share one entry.
#
# A step of the task *itself* is no help, however, because a signal handler may interrupt it on its way to sleep:
#       A looks: not decided yet.   A handler in A's step wakes A: A does not sleep yet, there is nothing to reschedule.
#       A sleeps, for ever.
# So that wake-up takes the token, too, and arrives when A sleeps. And A says that it will sleep *before* it looks.
#
# A handler may also run while B, in a step of its own, cancels A:
#       trio asks A's waiter to let go of A.   A handler in B's step wakes A, and trio reschedules it.   The waiter says
#       yes, and trio reschedules A a second time: its run crashes.
# So the waiter first ends the wait for all that come later, and then looks whether somebody was first.
#
# A run can't end before its tasks have, so no grant is lost with it, except those of waiters whose coroutine was never
# resumed because the run crashed: the token then refuses, and the inbox reports them as lost. A guest run whose host
# was closed is never ended by trio: it is collected, with its descriptors, and its token breaks instead of refusing
# (see _enter()).

from __future__ import annotations

from functools import partial

from aiologic.backends import PENDING, AsyncWaiter, Crowd, Inboxes, unpark_by_loop
from trio.lowlevel import (
    Abort,
    TrioToken,
    checkpoint,
    current_task,
    current_trio_token,
    reschedule,
    wait_task_rescheduled,
)

from ._clock import scope_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Awaitable, Callable

    from aiologic.backends import Waiter
    from trio.lowlevel import RaiseCancelT, Task


_inboxes = Inboxes()


class TrioWaiter(AsyncWaiter):
    """A wait of a trio task."""

    library = "trio"

    __slots__ = (
        "_task",  # the task from just before it sleeps until its wait is over, else None
        "loop",  # of the run; set at creation
    )

    _task: Task | None
    loop: TrioToken

    def park(self, timeout: float | None) -> Awaitable[bool]:
        return self._park() if timeout is None else self._park_until(timeout)

    async def _park(self) -> bool:
        task = current_task()
        task.custom_sleep_data = self
        self._task = task
        try:
            if self:
                await wait_task_rescheduled(self._abort)
                return True
        finally:
            self._task = None
        # Decided before it parked; still a checkpoint, as every sleep in trio is.
        await checkpoint()
        return True

    async def _park_until(self, timeout: float) -> bool:
        with scope_for(timeout):
            return await self._park()
        return False

    def _abort(self, _raise_cancel: RaiseCancelT) -> Abort:
        task = self._task
        self._task = None
        if task is not None and task.custom_sleep_data is self:
            return Abort.SUCCEEDED
        return Abort.FAILED  # woken, and to be woken once only

    def unpark(self) -> None:
        token = self.loop
        task = _task_at_work(token)
        if task is not None and task is not self._task:
            self.resume()
        else:
            _inboxes.of(token).post(self, partial(_enter, token))

    @classmethod
    def unpark_all(cls, waiters: deque[Waiter]) -> None:
        unpark_by_loop(waiters, cls, _deliver)

    def resume(self) -> None:
        """In the run's thread: let the task go on, if it still sleeps."""
        task = self._task
        if task is not None and task.custom_sleep_data is self:
            reschedule(task)


def _enter(token: TrioToken, function: Callable[[], None]) -> None:
    """Have a function called by the run; RuntimeError says that it has ended."""
    try:
        token.run_sync_soon(function)
    except OSError as error:
        # The run was collected unfinished. Its entry queue does not know that, and wakes it through a closed socket.
        raise RuntimeError("the run was abandoned") from error


def _task_at_work(token: TrioToken) -> Task | None:
    """The task of that very run of which a step executes in this thread."""
    try:
        task = current_task()
        return task if current_trio_token() is token else None
    except RuntimeError:  # no task step of any run executes here
        return None


def _deliver(loop: TrioToken, crowd: Crowd) -> None:
    task = _task_at_work(loop)
    if task is not None and all(waiter._task is not task for waiter in crowd):
        crowd.resume()
    else:
        _inboxes.of(loop).post(crowd, partial(_enter, loop))


def create_waiter() -> TrioWaiter:
    """A waiter for the current task."""
    waiter = TrioWaiter(PENDING)
    waiter.loop = current_trio_token()
    waiter._task = None
    return waiter
