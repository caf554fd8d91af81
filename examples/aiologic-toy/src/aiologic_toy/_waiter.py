# SPDX-License-Identifier: ISC
"""How a toyloop task sleeps and is woken."""

# Task.resume() makes *a task* go on, whatever it waits for. A wake-up that comes too late (time was up, or the task was
# cancelled, and now it waits for something else) must not do that, so each wait has an outcome of its own: the first
# news of it counts, and only that resumes the task, and only while it still sleeps here.
#
# Which way to wake. Loop.call_soon() does not interrupt a loop that sleeps. Only while a task step of that very loop runs
# in this thread is it sure to look at its ready queue before it sleeps again. In all other cases (threads, signal
# handlers, finalizers, callbacks) the wake-up goes through call_soon_threadsafe(). The inbox sees to it that those that
# arrive together share one such call, and that none is lost in a loop that closes.

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

    # All three are set at creation, and touched in the loop's own thread only.
    __slots__ = (
        "_loop",
        "_sleeper",  # the task, while it sleeps here
        "_woken",  # None until the outcome is known: True when unparked, False when time is up
    )

    _loop: Loop
    _sleeper: Task | None
    _woken: bool | None

    async def park(self, timeout: float | None) -> bool:
        timer = (
            None if timeout is None else Timer(self._loop, timeout, self._time_is_up)
        )
        try:
            # In this order: a handler may come between, and wake us.
            self._sleeper = current_task()
            if self._woken is None:  # else unparked before we came
                await suspend()
            return bool(self._woken)
        finally:
            # Whatever ended the wait: from now on it is nobody's.
            self._sleeper = None
            if timer is not None:
                timer.cancel()

    def unpark(self) -> None:
        loop = self._loop
        task = current_task() if current_loop() is loop else None
        # A step of the waiter's own task is one that a handler has interrupted on its way to sleep: there is nobody to resume.
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
        # Also the second time, for the first may have been interrupted; who does not sleep is left alone.
        if self._sleeper is not None:
            self._sleeper.resume()


def create_waiter() -> ToyWaiter:
    """A waiter for a task of the running loop."""
    waiter = ToyWaiter(PENDING)
    loop = current_loop()
    assert loop is not None
    waiter._loop = loop
    waiter._sleeper = None
    waiter._woken = None
    return waiter
