# SPDX-License-Identifier: ISC
"""Time, in portions that gevent's loops can count."""

# libev counts in floats, libuv in 64 bits of milliseconds, which can overflow. So a timer that fires with time left
# sets itself again. libuv warns of timers that are shorter than its resolution, so none is. With libev, the loop's own
# time follows the wall clock, and so may go back; the clock is the system's monotonic one, which is a backend's
# default.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LONGEST_DELAY_SECONDS = 2_000_000.0

# What both loops can be asked for, as 0.17.1 states it: 64 bits of milliseconds.
LONGEST_TIMEOUT_SECONDS = (2**64 - 1) / 1000


class Timer:
    """Calls a function in the hub once, after some seconds, unless cancelled; 0 is one trip through the hub."""

    __slots__ = ("_action", "_argument", "_handle", "_left", "_loop")

    def __init__(
        self, loop: Any, seconds: float, action: Callable[[Any], None], argument: object
    ) -> None:
        self._loop = loop
        self._action = action
        self._argument = argument
        self._left = seconds
        self._handle: Any = None
        if seconds:
            self._go_on()
        else:
            self._handle = loop.run_callback(action, argument)

    def _go_on(self) -> None:
        self.cancel()
        portion = min(self._left, LONGEST_DELAY_SECONDS)
        self._left -= portion
        portion = max(portion, self._loop.approx_timer_resolution)
        self._handle = handle = self._loop.timer(portion)
        # The loop's own time may be as old as the greenlet's last switch, so it is updated first.
        if self._left > 0:
            handle.start(self._go_on, update=True)
        else:
            handle.start(self._action, self._argument, update=True)

    def cancel(self) -> None:
        """Never call the function; without effect if it was called."""
        handle, self._handle = self._handle, None
        # A destroyed loop has dropped its timers, and raises if one is closed.
        if handle is not None and self._loop.ptr:
            handle.close()


class Overdue:
    """Replaces the timer of an expired Timeout: throws it in its turn, unless it is closed first.

    Timers of zero seconds would not do: neither libev nor libuv calls timers that
    are due at once in the order in which they were started. Callbacks are called
    in order.
    """

    __slots__ = ("_callback", "_timer")

    def __init__(
        self, loop: Any, timer: Any, action: Callable[[Any], object], argument: object
    ) -> None:
        self._timer = timer
        self._callback = loop.run_callback(action, argument)

    @property
    def pending(self) -> bool:
        return bool(self._callback.pending or self._timer.pending)

    @property
    def active(self) -> bool:
        return bool(self._timer.active)

    def start(self, *args: Any, **options: Any) -> None:
        self._timer.start(*args, **options)

    def stop(self) -> None:
        self._callback.stop()
        self._timer.stop()

    def close(self) -> None:
        self._callback.stop()
        self._timer.close()
