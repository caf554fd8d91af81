# SPDX-License-Identifier: ISC
"""The function of the timer by which a hub resumes its woken greenlets."""

# eventlet silently drops timers when a hub is aborted or collected. A timer's function is freed with it, and can notice
# that: it knows whether it was called.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._entrance import Entrance


class Round:
    """Called, it makes a round of its entrance; freed without a call, it reports a missed one."""

    __slots__ = ("_entrance",)  # None once it is called or forgotten

    def __init__(self, entrance: Entrance) -> None:
        self._entrance: Entrance | None = entrance

    def __call__(self) -> None:
        entrance = self._entrance
        self._entrance = None
        if entrance is not None:
            try:
                entrance.make_round()
            except BaseException:
                entrance.call_round_anew()
                raise

    def forget(self) -> None:
        """Do nothing any more: another round has taken its place."""
        self._entrance = None

    def __del__(self) -> None:
        # An exception in a signal handler may have come before the slot was filled.
        entrance: Entrance | None = getattr(self, "_entrance", None)
        if entrance is not None:
            entrance.miss_round()
