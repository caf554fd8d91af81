# SPDX-License-Identifier: ISC
"""How a greenlet sleeps and is woken."""

# A greenlet sleeps on a Waiter of gevent's: it switches to its hub, and continues when the hub switches back, in the
# hub's own thread, from one of its callbacks. The Waiter remembers a switch that comes before the sleep, drops one that
# comes after it, and tells the hub what the greenlet ends with.
#
# Which way to wake. run_callback() does not interrupt a hub that sleeps in its loop. Only while a greenlet of that very
# hub, and not the hub itself, runs in this thread is the hub certain to look at its callbacks before it sleeps again;
# other threads, signal handlers that interrupt the hub, and the hub's callbacks take the thread-safe entrance. The
# inbox makes wake-ups that arrive together share one entry.
#
# A wake-up from a greenlet of the hub stands in line with the hub's other callbacks, and so does kill(): a greenlet
# that is woken and killed sees whichever came first. A wake-up from another thread gets in line when the hub has
# noticed it.

from __future__ import annotations

from aiologic.backends import PENDING, GreenWaiter, Inboxes
from gevent.hub import Waiter

from ._clock import Timer
from ._entrance import entrance_of
from ._hub import is_awake, may_block_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gevent.hub import Hub

    from ._entrance import Entrance

WOKEN = object()
TIME_IS_UP = object()

_inboxes = Inboxes()


class GeventWaiter(GreenWaiter):
    """A wait of a greenlet, the thread's first one included."""

    library = "gevent"

    __slots__ = (
        "_entrance",  # of the hub; set at creation, as all of these are
        "_hub",  # of the thread
        "_is_called",  # whether the wake-up has reached the hub, which has only to switch to the greenlet
        "_sleep",  # what the greenlet sleeps on
        "_timer",  # while it sleeps with a time-out, else None
    )

    _entrance: Entrance
    _hub: Hub
    _is_called: bool
    _sleep: Any
    _timer: Timer | None

    def park(self, timeout: float | None) -> bool:
        if not self:  # decided before we came
            return True
        entrance, sleep = self._entrance, self._sleep
        try:
            entrance.hold(self)
            if timeout is not None:
                self._timer = Timer(entrance.loop, timeout, sleep.switch, TIME_IS_UP)
            outcome = sleep.get()
            while outcome is not WOKEN and outcome is not TIME_IS_UP:
                outcome = sleep.get()  # it was somebody's stray switch()
            return outcome is WOKEN
        finally:
            try:
                self._leave()
            except BaseException:
                # A signal handler raised at the beginning of a function, which then did nothing. A timer that was left
                # would keep the hub from ending, and so would a sleeper that nobody wakes any more.
                self._leave()
                raise

    def _leave(self) -> None:
        """Leave nothing in the hub; without effect if nothing is there."""
        self._drop_timer()
        self._entrance.leave(self)

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def unpark(self) -> None:
        entrance = self._entrance
        if is_awake(self._hub) and entrance.is_open:
            self.resume()
        else:
            _inboxes.of(entrance).post(self, entrance.schedule)

    def resume(self) -> None:
        """In the hub's thread, with the hub awake: resume the greenlet, if it still sleeps."""
        self._is_called = True
        self._entrance.loop.run_callback(self._sleep.switch, WOKEN)

    def miss(self) -> None:
        """The hub ends before the greenlet was resumed. The inbox returns a wake-up that has not reached the hub."""
        self._drop_timer()
        if self._is_called:
            self.lost()


def create_waiter() -> GeventWaiter:
    """A waiter for the current greenlet."""
    hub = may_block_here()
    waiter = GeventWaiter(PENDING)
    waiter._hub = hub
    waiter._entrance = entrance_of(hub)
    waiter._is_called = False
    waiter._sleep = Waiter(hub)
    waiter._timer = None
    return waiter
