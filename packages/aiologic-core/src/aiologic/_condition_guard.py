# SPDX-License-Identifier: ISC
"""AIOLOGIC_BLOCKING, where a green wait gives up a lock before it sleeps."""

# Who blocks an event loop is told when its thread goes to sleep (_runtime/blocking.py), which may be an error. A wait for a
# condition has given up its lock by then. And to have that again it may have to sleep once more, which would be the same
# error: the call would end without the lock. So it asks before it leaves the lock (``ask_first``), and is told nothing from
# then on, however often it sleeps.

from __future__ import annotations

from ._runtime.threads import ThreadWaiter, is_guarded, park_unguarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ToldWaiter(ThreadWaiter):
    """A wait of a thread that was told what it does, or must not be interrupted by that."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        return park_unguarded(self, timeout)


def told(waiter: Any) -> Any:
    """The wait in place of ``waiter``, which stands nowhere yet, that is told nothing."""
    if not is_guarded or type(waiter) is not ThreadWaiter:
        return waiter
    other = ToldWaiter(waiter)
    other._parked = waiter._parked
    return other
