# SPDX-License-Identifier: ISC
"""AIOLOGIC_BLOCKING, where a green wait gives up a lock before it sleeps."""

# A task that blocks an event loop is warned, or gets an error, when its thread goes to sleep (_runtime/blocking.py). By
# then a wait for a condition has given up its lock. To get the lock again it may have to sleep once more, which would
# raise the same error: the call would end without the lock. So the check is made before the lock is released
# (``ask_first``), and not again for that wait, however often it sleeps.

from __future__ import annotations

from ._runtime.threads import ThreadWaiter, is_guarded, park_unguarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ToldWaiter(ThreadWaiter):
    """A wait of a thread that was checked already, or must not be interrupted by the check."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        return park_unguarded(self, timeout)


def told(waiter: Any) -> Any:
    """A wait that is not checked, in place of ``waiter``, which is in no queue yet."""
    if not is_guarded or type(waiter) is not ThreadWaiter:
        return waiter
    other = ToldWaiter(waiter)
    other._parked = waiter._parked
    return other
