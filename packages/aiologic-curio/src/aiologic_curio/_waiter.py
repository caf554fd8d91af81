# SPDX-License-Identifier: ISC
"""How a curio task sleeps and is woken."""

# A task sleeps in one of curio's own traps: in ``sleep`` if there is a time-out, otherwise in a wait that only its
# waiter ends. A wake-up makes the task ready as a cancellation would, but without an exception. curio allows that once
# for each suspension, and shows by ``cancel_func`` whether it has been done; ``_task`` says that the suspension is
# ours.
#
# Which way to wake. Appending to the kernel's ready queue does not interrupt its selector. Only while a task step of
# that very kernel runs in this thread is it certain to look there before it sleeps again. All others (threads, signal
# handlers that interrupted the kernel itself, finalizers) go through the queue that curio's futures use, which is
# served by the kernel's own task. So a wake-up always takes effect in a step of the kernel, and never in the middle of
# a trap.
#
# A step of the task *itself* is no help, however, because a signal handler may interrupt it on its way to sleep:
#       A looks: not decided yet.   A handler in A's step wakes A: A does not sleep yet, there is nothing to make ready.
#       A sleeps, for ever.
# So that wake-up takes the queue, too, and arrives when A sleeps. And A says that it will sleep *before* it looks.
#
# Rejected: concurrent.futures.Future, which curio offers for this (and UniversalEvent stands on): it takes a lock,
# which the thread that a handler interrupts may hold, and each wake-up is a write to the socket.

from __future__ import annotations

from functools import partial
from typing import Any

from aiologic.backends import PENDING, AsyncWaiter, Crowd, Inboxes, unpark_by_loop

from ._clock import LONGEST_PORTION_SECONDS
from ._curio import sleep
from ._identity import current_token
from ._kernel import (
    call_soon,
    current_task,
    drop_errands,
    has_ended,
    let_go_on,
    rest,
    task_at_work,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque

    from aiologic.backends import Waiter

_inboxes = Inboxes()


class CurioWaiter(AsyncWaiter):
    """A wait of a curio task."""

    library = "curio"

    __slots__ = (
        "_task",  # the task from just before it sleeps until it goes on, else None
        "loop",  # the kernel; set at creation
    )

    _task: Any
    loop: Any

    async def park(self, timeout: float | None) -> bool:
        self._task = current_task()
        try:
            # Decided before it parked; still a switch, which raises what is pending, as all of curio's waits do.
            if not self:
                await sleep(0)
                return True
            if timeout is None:
                await rest.suspend("AIOLOGIC_WAIT")
                return True
            # sleep() returns the time when it is over, and None if let_go_on() has ended it.
            while timeout > LONGEST_PORTION_SECONDS:
                # A's portion is over, so A is ready.   B wakes A, which does not sleep: no effect.
                # A must see here that it was woken.
                if await sleep(LONGEST_PORTION_SECONDS) is None or not self:
                    return True
                timeout -= LONGEST_PORTION_SECONDS
            return await sleep(timeout) is None
        finally:
            self._task = None

    def unpark(self) -> None:
        kernel = self.loop
        task = task_at_work(kernel)
        if task is not None and task is not self._task:
            self.resume()
        else:
            _post(kernel, self)

    @classmethod
    def unpark_all(cls, waiters: deque[Waiter]) -> None:
        unpark_by_loop(waiters, cls, _deliver)

    def resume(self) -> None:
        """In a step of the kernel: let the task go on, if it still sleeps."""
        task = self._task
        if task is not None:
            let_go_on(self.loop, task)


def _deliver(kernel: Any, crowd: Crowd) -> None:
    task = task_at_work(kernel)
    if task is not None and all(waiter._task is not task for waiter in crowd):
        crowd.resume()
    else:
        _post(kernel, crowd)


def _post(kernel: Any, sleepers: CurioWaiter | Crowd) -> None:
    if has_ended(kernel):
        # A task can't outlive a kernel that is shut down. But a kernel may crash, and leave tasks asleep whose wake-ups
        # are on their way, and which nobody will resume.
        drop_errands(kernel)
        sleepers.lost()
    else:
        _inboxes.of(kernel).post(sleepers, partial(call_soon, kernel))


def create_waiter() -> CurioWaiter:
    """A waiter for the current task; RuntimeError where no kernel runs."""
    waiter = CurioWaiter(PENDING)
    waiter.loop = current_token()
    waiter._task = None
    return waiter
