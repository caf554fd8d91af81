# SPDX-License-Identifier: ISC
"""Time, in portions that every asyncio loop can count."""

# Loops differ in the longest delay that they support: asyncio's own takes any float, uvloop about a hundred years,
# loops on top of browsers or graphical toolkits 2**31 - 1 milliseconds. A longer delay overflows there, and fires at
# once. So a timer that fires with time left sets itself again; nobody needs to know the loop.

from __future__ import annotations

import sys
from asyncio import get_running_loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, TimerHandle
    from collections.abc import Callable

LONGEST_DELAY_SECONDS = 2_000_000.0

# The longest delay of the loops of known packages, and, for all others, the shortest limit that any loop has.
UNKNOWN_LOOPS_DELAY_SECONDS = (2**31 - 1) / 1000
KNOWN_DELAYS_SECONDS = {
    "asyncio": sys.float_info.max,
    "uvloop": 36_500 * 86_400.0,
    "winloop": 36_500 * 86_400.0,
}


def clock() -> float:
    """The time of the running loop, in seconds."""
    return get_running_loop().time()


def longest_delay() -> float:
    """The most seconds that the running loop can be told to wait at once."""
    package = type(get_running_loop()).__module__.partition(".")[0]
    return KNOWN_DELAYS_SECONDS.get(package, UNKNOWN_LOOPS_DELAY_SECONDS)


class Timer:
    """Calls a function of one loop once, after some seconds, unless cancelled."""

    __slots__ = ("_action", "_handle", "_left", "_loop")

    def __init__(
        self, loop: AbstractEventLoop, seconds: float, action: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._action = action
        self._left = seconds
        self._handle: TimerHandle
        self._go_on()

    def _go_on(self) -> None:
        portion = min(self._left, LONGEST_DELAY_SECONDS)
        self._left -= portion
        self._handle = self._loop.call_later(
            portion, self._go_on if self._left > 0 else self._action
        )

    def cancel(self) -> None:
        """Never call the function; without effect if it was called."""
        self._handle.cancel()
