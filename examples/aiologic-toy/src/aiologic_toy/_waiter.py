# SPDX-License-Identifier: ISC
"""How a toyloop task sleeps and is woken."""

# Task.resume() makes *a task* go on, whatever it waits for. A wake-up that comes too late (the task has timed out or
# was cancelled, and now waits for something else) must not do that. So each wait has an outcome of its own: the first
# event decides it, and only that resumes the task, and only while it still sleeps here.
#
# How to wake: Loop.call_soon() does not interrupt a loop that sleeps. Only while a task step of that very loop runs in
# this thread is the loop certain to check its ready queue before it sleeps again. In all other cases (threads, signal
# handlers, finalizers, callbacks) the wake-up goes through call_soon_threadsafe(). The inbox lets wake-ups that arrive
# together share one such call, and makes sure that none is lost in a loop that is being closed.

from __future__ import annotations

from aiologic.backends import PENDING, AsyncWaiter, Inboxes
from toyloop import current_loop, current_task, suspend

from ._clock import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toyloop import Loop, Task


_inboxes = Inboxes()


class ToyWaiter(AsyncWaiter):
    """A wait of a toyloop task."""

    library = "toyloop"

    # All three are set at creation, and the last two are then used in the loop's own thread only.
    __slots__ = (
        "_loop",
        "_sleeper",  # the task, while it sleeps here
        "_woken",  # None until the outcome is known: True if unparked, False if timed out
    )

    _loop: Loop
    _sleeper: Task | None
    _woken: bool | None

    async def park(self, timeout: float | None) -> bool:
        timer = (
            None if timeout is None else Timer(self._loop, timeout, self._time_is_up)
        )
        try:
            # In this order, since a handler may run in between, and wake us.
            self._sleeper = current_task()
            if self._woken is None:  # otherwise we were unparked before
                await suspend()
            return bool(self._woken)
        finally:
            # However the wait ended: from now on, nothing may resume the task because of it.
            self._sleeper = None
            if timer is not None:
                timer.cancel()

    def unpark(self) -> None:
        loop = self._loop
        task = current_task() if current_loop() is loop else None
        # If this is a step of the waiter's own task, a handler has interrupted it on its way to sleep, so it can't be
        # resumed.
        if task is not None and task is not self._sleeper:
            self.resume()
        else:
            _inboxes.of(loop).post(self, loop.call_soon_threadsafe)

    def resume(self) -> None:
        """In the loop's thread: let the task go on, if it still sleeps."""
        self._end(True)

    def _time_is_up(self) -> None:
        self._end(False)

    def _end(self, woken: bool) -> None:
        if self._woken is None:
            self._woken = woken
        # Even the second time, since the first may have been interrupted; a task that does not sleep is left alone.
        if self._sleeper is not None:
            self._sleeper.resume()


def create_waiter() -> ToyWaiter:
    """A waiter for a task of the running loop; RuntimeError if there is none."""
    loop = current_loop()
    if loop is None:
        raise RuntimeError("no loop runs in this thread")
    waiter = ToyWaiter(PENDING)
    waiter._loop = loop
    waiter._sleeper = None
    waiter._woken = None
    return waiter
