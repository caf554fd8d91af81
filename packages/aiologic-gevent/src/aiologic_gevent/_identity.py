# SPDX-License-Identifier: ISC
"""Which greenlet runs here."""

# A greenlet that a hub looks after is identified by itself. The greenlet that a thread began with keeps the thread's
# identity, which it had before gevent was first used there; and so do bare greenlets that are under it and not under a
# hub (the workers of gevent's thread pool are such), because they may have taken a lock before there was a hub in their
# thread. Core supplies that identity where None is returned here. As a greenlet is under a hub from its birth or never,
# nobody's identity ever changes, whichever hubs appear or are destroyed meanwhile.
#
# A shielded call runs in a greenlet of its own (see _cancellation.py), but on behalf of the one that shields it: there
# the helper is identified by its principal. Looking that up costs a call, so it is not done until somebody shields.

from __future__ import annotations

from weakref import WeakKeyDictionary

from greenlet import getcurrent, greenlet

from ._hub import hub_above, hub_of_this_thread, may_block_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    Principals = WeakKeyDictionary[greenlet, Optional[greenlet]]

#: For each helper, as long as it lives: the greenlet for which it runs.
principals: Principals = WeakKeyDictionary()


def current_task() -> greenlet | None:
    """The current greenlet; ``None`` if it has its thread's identity."""
    current = getcurrent()
    return None if hub_above(current) is None else current


def current_principal() -> greenlet | None:
    """The same, or the greenlet for which the current one runs a shielded call."""
    task = current_task()
    return None if task is None else principals.get(task, task)


def is_running() -> bool:
    """Whether there is a hub in this thread, or was when the current greenlet began."""
    return hub_of_this_thread() is not None or current_task() is not None


def current_token() -> object:
    """The hub of this thread."""
    hub = hub_of_this_thread()
    return may_block_here() if hub is None else hub


def knows(task: object) -> bool:
    """Whether it is a greenlet that a hub of gevent's looks after."""
    return isinstance(task, greenlet) and hub_above(task) is not None


def runs_here(task: object) -> bool:
    """Whether it is alive, and this thread's hub looks after it."""
    if not isinstance(task, greenlet) or task.dead:
        return False
    hub = hub_above(task)
    return hub is not None and hub is hub_of_this_thread()
