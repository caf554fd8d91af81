# SPDX-License-Identifier: ISC
"""Timers of any length, made of portions that toyloop can count."""

# toyloop refuses timers that are too long for it. So a timer that goes off with time left starts again with the rest.
#
# A cancelled timer is removed from toyloop's heap. Otherwise it would stay there until it is due, perhaps for ever, and
# keep its waiter and its task alive.

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
        """Do not call the function; has no effect if it was called."""
        self._loop.cancel_timer(self._handle)
