# SPDX-License-Identifier: ISC
"""eventlet's hubs: whether this thread has one, whether it is awake, whether the caller may wait."""

# Asking eventlet for the hub creates one, and a thread that never asked for a hub must not get it from us: it costs
# descriptors, and changes which library serves the thread. So the thread-local where hubs are kept is read directly. It
# is one of real threads, whether or not the process is patched.
#
# A hub that was aborted counts as well: eventlet runs it again when the next greenlet waits.

from __future__ import annotations

# PRIVATE-API eventlet 0.33 to 0.41: where the hub of each thread is kept; guarded by
# tests/backends/eventlet/test_hubs.py.
from eventlet.hubs import (
    _threadlocal as hubs,
    get_hub,  # pyright: ignore[reportUnknownVariableType]
)
from greenlet import getcurrent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Hub = Any


def hub_of_this_thread() -> Hub:
    """The hub of this thread, or ``None`` if it has none."""
    # Every operation in every thread comes here. getattr() with a default raises an error inside, and swallows it: if a
    # thread-local lacks the name, that takes 1.4 us, and asking its dict takes 0.2.
    return hubs.__dict__.get("hub")


def is_awake(hub: Hub) -> bool:
    """Whether a greenlet of that very hub runs in this thread, so that the hub looks at its timers before it sleeps.

    The hub itself does not count: a signal handler that interrupts its sleep
    runs in its greenlet, and it sleeps on afterwards.
    """
    try:
        return hub_of_this_thread() is hub and getcurrent() is not hub.greenlet
    # The interpreter exits, and nothing switches any more. A task that wakes another must not get that error.
    except RuntimeError:
        return False


def may_block_here() -> Hub:
    """The hub of this thread, for a greenlet that is about to wait.

    If the thread was said to run eventlet and has no hub yet, it gets one now,
    as it would in any call of eventlet's that waits.

    Raises:
        RuntimeError: The caller is the hub itself, which must not wait.
    """
    hub: Hub = get_hub()
    if getcurrent() is hub.greenlet:
        raise RuntimeError("do not call blocking functions from the mainloop")
    return hub
