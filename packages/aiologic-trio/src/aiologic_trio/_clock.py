# SPDX-License-Identifier: ISC
"""Time, in portions that trio can count."""

# trio's clock is a float, and its deadlines may be infinite, so no wait is too long for trio itself. In guest mode the
# host counts: hosts on top of graphical toolkits support 2**31 - 1 milliseconds. trio caps the time-out that it hands
# to them (MAX_TIMEOUT, one day), so all that is left to do here is to set a deadline.

from __future__ import annotations

from trio import CancelScope, current_time as clock

__all__ = ("clock", "scope_for")


def scope_for(timeout: float) -> CancelScope:
    """A scope that is cancelled after ``timeout`` seconds."""
    return CancelScope(deadline=clock() + timeout)
