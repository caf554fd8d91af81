# SPDX-License-Identifier: ISC
"""New events for one task that waits, with or without what a once-lock consists of."""

from __future__ import annotations

from ._single_events import SingleAsyncEvent, SingleGreenEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._event_kinds import AsyncEvent, GreenEvent


def create_async_event(
    *, locking: bool = False, shield: bool = False, force: bool = False
) -> AsyncEvent:
    """Make an event for one wait by one async task.

    It remembers what a waiter does not: whether it was set, and whether its wait
    has ended in another way, so that what ``set()`` stands for can go to another::

        event = create_async_event()
        waiting.append(event)  # somebody calls event.set()
        try:
            await event
        finally:
            if not event.cancelled():
                ...  # it was set, though the wait may have been cancelled since

    Args:
        locking: Whether the methods of :class:`ThreadOnceLock` can be called for
            it, as ``ThreadOnceLock.acquire(event)``: it has what such a lock
            consists of.
        shield: Whether a cancellation is held back until the event is set, or
            the wait's time is up. May be changed until the wait begins.
        force: Whether to wait for an event that is set is a checkpoint in any
            case. May be changed, too.

    Returns:
        An :class:`AsyncEvent`. It can be made anywhere; which loop it is waited
        for in, shows when it is.
    """
    if locking:
        from ._locking_events import LockingAsyncEvent

        return LockingAsyncEvent(shield, force)
    return SingleAsyncEvent(shield, force)


def create_green_event(
    *, locking: bool = False, shield: bool = False, force: bool = False
) -> GreenEvent:
    """Like :func:`create_async_event`, for one wait by one green task."""
    if locking:
        from ._locking_events import LockingGreenEvent

        return LockingGreenEvent(shield, force)
    return SingleGreenEvent(shield, force)
