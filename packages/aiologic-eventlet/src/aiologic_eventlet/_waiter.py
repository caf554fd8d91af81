# SPDX-License-Identifier: ISC
"""How a greenlet sleeps and is woken."""

# A greenlet sleeps by switching to its hub, and is woken when the hub switches back: in the hub's own thread, from one
# of its timers. ``_greenlet`` is cleared by whoever ends the sleep first, so a wake-up that comes late, and anybody
# else's stray switch(), has no effect.
#
# Which way to wake. A timer of the hub does not end the hub's sleep in its selector. Only while a greenlet of that very
# hub, and not the hub itself, runs in this thread is the hub certain to look at its timers before it sleeps again;
# other threads, signal handlers that interrupt the hub, and its callbacks take the thread-safe entrance. The inbox
# makes wake-ups that arrive together share one entry.
#
# A wake-up from a greenlet of the hub stands in line with eventlet's timers, and so do Timeouts: a greenlet that is
# both woken and timed out sees whichever came first. kill() does not stand in line, it throws at once, and so wins even
# against a wake-up that came before. A wake-up from another thread comes after all timers that are due.

from __future__ import annotations

from aiologic.backends import PENDING, GreenWaiter, Inboxes
from greenlet import getcurrent

from ._clock import Timer
from ._entrance import entrance_of
from ._hub import is_awake, may_block_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greenlet import greenlet

    from ._entrance import Entrance
    from ._hub import Hub


_inboxes = Inboxes()


class EventletWaiter(GreenWaiter):
    """A wait of a greenlet, the thread's first one included."""

    library = "eventlet"

    __slots__ = (
        "_entrance",  # of the hub
        "_greenlet",  # the greenlet while it sleeps, else None
        "_hub",  # of the thread; set at creation, as the entrance is
        "_woken",  # whether it is a wake-up that ended the sleep
    )

    _entrance: Entrance
    _greenlet: greenlet | None
    _hub: Hub
    _woken: bool

    def park(self, timeout: float | None) -> bool:
        # A wake-up arrives through the hub, so it can't come between these lines; not even one from a signal handler
        # can.
        if not self:  # decided before we came
            return True
        hub = self._hub
        self._woken = False
        timer = None
        try:
            self._greenlet = getcurrent()
            if timeout is not None:
                timer = Timer(hub, timeout, self._time_is_up)
            hub.switch()
            while self.sleeps():
                # It was somebody's stray switch(). Or the hub was aborted, its timers are gone, and this is the
                # greenlet to which it returned: switching to the hub runs it again.
                if timer is not None:
                    timer.start()
                hub.switch()
        finally:
            self._greenlet = None
            if timer is not None:
                timer.cancel()
        return self._woken

    def sleeps(self) -> bool:
        """Whether nobody has ended its sleep."""
        return self._greenlet is not None

    def _time_is_up(self) -> None:
        sleeper = self._greenlet
        if sleeper is not None:
            self._greenlet = None
            sleeper.switch()

    def go_on(self) -> None:
        """Called by the hub: resume the greenlet, if it still sleeps."""
        sleeper = self._greenlet
        if sleeper is not None:
            self._greenlet = None
            self._woken = True
            sleeper.switch()

    def miss(self) -> None:
        """The hub was aborted before the greenlet was resumed."""
        sleeper = self._greenlet
        if sleeper is not None and sleeper.parent is None:
            # The thread's first greenlet: the hub returns to it as it ends. Nobody resumes any other greenlet any more.
            self._greenlet = None
            self._woken = True
        else:
            self.lost()

    def unpark(self) -> None:
        if is_awake(self._hub):
            self._entrance.admit(self)
        else:
            _inboxes.of(self._hub).post(self, self._entrance.schedule)

    def resume(self) -> None:
        """Called in the hub: have the greenlet resumed in the next round."""
        self._entrance.admit(self)


def create_waiter() -> EventletWaiter:
    """A waiter for the current greenlet."""
    hub = may_block_here()
    waiter = EventletWaiter(PENDING)
    waiter._hub = hub
    waiter._entrance = entrance_of(hub)
    waiter._greenlet = None
    return waiter
