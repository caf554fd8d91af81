# SPDX-License-Identifier: ISC
"""Which greenlet runs here."""

# A greenlet is identified by itself, except the one that a thread began with: that one keeps the thread's identity,
# which it had before eventlet was first used there. Core supplies it where None is returned here.
#
# A shielded call runs in a greenlet of its own (see _cancellation.py), but on behalf of the one that shields it: there
# the helper is identified by its principal. Looking that up costs a call, so it is not done until somebody shields.

from __future__ import annotations

from weakref import WeakKeyDictionary

from eventlet.greenthread import GreenThread
from greenlet import getcurrent, greenlet

from ._hub import hub_of_this_thread, may_block_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    Principals = WeakKeyDictionary[greenlet, greenlet]

#: For each helper, as long as it lives: the greenlet for which it runs.
principals: Principals = WeakKeyDictionary()


def current_task() -> object | None:
    """The current greenlet; ``None`` for the one that the thread began with, and where there is no hub."""
    if hub_of_this_thread() is None:
        return None
    current = getcurrent()
    return None if current.parent is None else current


def current_principal() -> object | None:
    """The same, or the greenlet for which the current one runs a shielded call."""
    if hub_of_this_thread() is None:
        return None
    current = getcurrent()
    current = principals.get(current, current)
    return None if current.parent is None else current


def is_running() -> bool:
    """Whether there is a hub in this thread."""
    return hub_of_this_thread() is not None


def current_token() -> object:
    """The hub of this thread."""
    hub = hub_of_this_thread()
    return may_block_here() if hub is None else hub


def knows(task: object) -> bool:
    """Whether it is a greenlet of eventlet's, or a bare one with only such greenlets above it.

    Bare greenlets may run in hubs, and hubs are bare greenlets. Other libraries
    have classes of their own.
    """
    if not isinstance(task, greenlet):
        return False
    ancestor: greenlet | None = task
    while ancestor is not None:
        if type(ancestor) is not greenlet and not isinstance(ancestor, GreenThread):
            return False
        ancestor = ancestor.parent
    return True


def runs_here(task: object) -> bool:
    """Whether it is a living greenlet of this thread: it can run in no other."""
    return (
        isinstance(task, greenlet)
        and not task.dead
        and _first_of(task) is _first_of(getcurrent())
    )


def _first_of(task: greenlet) -> greenlet:
    """The greenlet that its thread began with."""
    while task.parent is not None:
        task = task.parent
    return task
