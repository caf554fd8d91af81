# SPDX-License-Identifier: ISC
"""Creates events for one waiting task, with or without the state of a once-lock."""

from __future__ import annotations

from ._single_events import SingleAsyncEvent, SingleGreenEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._event_kinds import AsyncEvent, GreenEvent


def create_async_event(
    *, locking: bool = False, shield: bool = False, force: bool = False
) -> AsyncEvent:
    """Make an event for one wait by one async task.

    Unlike a waiter, it remembers whether it was set, and whether its wait ended in
    another way, so that what ``set()`` stands for can be passed on to another::

        event = create_async_event()
        waiting.append(event)  # somebody calls event.set()
        try:
            await event
        finally:
            if not event.cancelled():
                ...  # it was set, though the wait may have been cancelled since

    Args:
        locking: Whether the methods of :class:`ThreadOnceLock` can be called on
            it, as in ``ThreadOnceLock.acquire(event)``: it then contains the
            state of such a lock.
        shield: Whether a cancellation is held back until the event is set, or
            the wait's time is up. May be changed until the wait begins.
        force: Whether waiting for an event that is already set is always a
            checkpoint. May be changed, too.

    Returns:
        An :class:`AsyncEvent`. It can be created anywhere, and waited for in any
        loop.
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
