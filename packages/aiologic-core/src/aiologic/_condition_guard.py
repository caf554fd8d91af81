# SPDX-License-Identifier: ISC
"""AIOLOGIC_BLOCKING, where a green wait gives up a lock before it sleeps."""

# Who blocks an event loop is told when its thread goes to sleep (_runtime/blocking.py), which may be an error. A wait for a
# condition has given up its lock by then. And to have that again it may have to sleep once more, which would be the same
# error: the call would end without the lock. So it asks before it leaves the lock, and is told nothing from then on.

from __future__ import annotations

from ._runtime.threads import ThreadWaiter, create_waiter, park_unasked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Whether anybody wants to be told. Then this costs something, and else nothing.
IS_ON = ThreadWaiter.park is not park_unasked


class ToldWaiter(ThreadWaiter):
    """A wait of a thread that was told what it does, or must not be interrupted by that."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        return park_unasked(self, timeout)


def told(waiter: Any) -> Any:
    """The wait in place of ``waiter``, which stands nowhere yet, that is told nothing."""
    if not IS_ON or type(waiter) is not ThreadWaiter:
        return waiter
    other = ToldWaiter(waiter)
    other._parked = waiter._parked
    return other


def ask(timeout: float | None) -> None:
    """Tell whoever is about to wait in a thread that runs a loop; raises what the guard does."""
    if timeout != 0:
        # It tells each that is about to sleep. This one does not.
        waiter = create_waiter()
        waiter.unpark()
        waiter.park(None)
