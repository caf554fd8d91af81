# SPDX-License-Identifier: ISC
"""Time, in portions that eventlet's hubs can count."""

# A hub passes the time until its next timer to a selector. poll() counts 31 bits of milliseconds, and a longer time-out
# raises in the hub, which takes the whole hub down. So a timer that fires with time left sets itself again; nobody
# needs to know the hub.

from __future__ import annotations

import sys

from eventlet import hubs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._hub import Hub

LONGEST_DELAY_SECONDS = 2_000_000.0

# The longest delay of each kind of hub.
POLLING_HUBS_DELAY_SECONDS = (2**31 - 1) / 1000
OTHER_HUBS_DELAY_SECONDS = 31 * 86_400.0


def clock() -> float:
    """The time of this thread's hub, in seconds."""
    now: float = hubs.get_hub().clock()
    return now


def longest_delay() -> float:
    """The most seconds that this thread's hub can be told to wait at once."""
    hub = hubs.get_hub()
    if hasattr(hub, "poll"):
        return POLLING_HUBS_DELAY_SECONDS
    if type(getattr(hub, "loop", None)).__module__.partition(".")[0] == "asyncio":
        return sys.float_info.max
    return OTHER_HUBS_DELAY_SECONDS


class Timer:
    """Calls a function in the hub once, after some seconds, unless cancelled; 0 is one trip through the hub."""

    __slots__ = ("_action", "_deadline", "_handle", "_hub")

    _handle: Any

    def __init__(self, hub: Hub, seconds: float, action: Callable[[], None]) -> None:
        self._hub = hub
        self._action = action
        self._deadline = hub.clock() + seconds
        self._set(seconds)

    def _set(self, seconds: float) -> None:
        if seconds > LONGEST_DELAY_SECONDS:
            action, seconds = self.start, LONGEST_DELAY_SECONDS
        else:
            action = self._action
        self._handle = self._hub.schedule_call_global(seconds, action)

    def start(self) -> None:
        """Continue with the time that is left; also if the hub has dropped all its timers."""
        self._handle.cancel()
        self._set(max(0.0, self._deadline - self._hub.clock()))

    def cancel(self) -> None:
        """Never call the function; without effect if it was called."""
        self._handle.cancel()
