# SPDX-License-Identifier: ISC
"""gevent's hubs: whether this thread has one, which one looks after a greenlet, and who must not wait."""

# Asking gevent for the hub creates one, and a thread that never asked for a hub must not get it from us: it costs
# descriptors, and changes which library serves the thread. So the thread-local where hubs are kept is read directly.

from __future__ import annotations

from gevent import get_hub

# PRIVATE-API gevent 22.10: the hub of this thread, if it has one; guarded by tests/backends/gevent/test_hubs.py.
from gevent._hub_local import get_hub_if_exists as hub_of_this_thread
from gevent.hub import Hub
from greenlet import getcurrent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greenlet import greenlet

__all__ = ("hub_above", "hub_of_this_thread", "is_awake", "may_block_here")


def hub_above(task: greenlet) -> Hub | None:
    """The hub that looks after a greenlet, or ``None``. A hub looks after itself."""
    ancestor: greenlet | None = task
    while ancestor is not None:
        if isinstance(ancestor, Hub):
            return ancestor
        ancestor = ancestor.parent
    return None


def is_awake(hub: Hub) -> bool:
    """Whether a greenlet of that very hub runs in this thread, so that the hub looks at its callbacks before it sleeps.

    The hub itself does not count: a signal handler that interrupts its sleep
    runs in its greenlet, and it sleeps on afterwards.
    """
    try:
        return hub_of_this_thread() is hub and getcurrent() is not hub
    # The interpreter exits, and nothing switches any more. A task that wakes another must not get that error.
    except RuntimeError:
        return False


def may_block_here() -> Hub:
    """The hub of this thread, for a greenlet that is about to wait.

    If the thread was said to run gevent and has no hub yet, it gets one now, as
    it would in any call of gevent's that waits.

    Raises:
        RuntimeError: The caller is the hub itself, which must not wait.
    """
    hub: Hub = get_hub()
    if getcurrent() is hub:
        raise RuntimeError("do not call blocking functions from the mainloop")
    return hub
