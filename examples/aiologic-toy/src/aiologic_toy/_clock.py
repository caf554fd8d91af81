# SPDX-License-Identifier: ISC
"""Time, in portions that toyloop can count."""

# toyloop refuses timers that are too long for it. So a timer that goes off with time left sets itself anew.
#
# A cancelled timer is taken out of toyloop's heap. It would stay there until its time has come, which may be never, and
# hold its waiter and its task.

from __future__ import annotations

from toyloop import LONGEST_DELAY as LONGEST_DELAY, clock as clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from toyloop import Loop


class Timer:
    """Calls a function of one loop once, after some seconds, unless cancelled."""

    __slots__ = ("_action", "_handle", "_left", "_loop")

    def __init__(
        self, loop: Loop, seconds: float, action: Callable[[], object]
    ) -> None:
        self._loop = loop
        self._action = action
        self._left = seconds
        self._go_on()

    def _go_on(self) -> None:
        portion = min(self._left, LONGEST_DELAY)
        self._left -= portion
        self._handle = self._loop.call_later(
            portion, self._go_on if self._left > 0 else self._action
        )

    def cancel(self) -> None:
        """Never call the function; without effect if it was called."""
        self._loop.cancel_timer(self._handle)
