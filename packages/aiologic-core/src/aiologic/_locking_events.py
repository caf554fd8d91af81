# SPDX-License-Identifier: ISC
"""Events for one waiting task that also contain the state of a once-lock."""

# The lock's methods are called on them as functions: ``ThreadOnceLock.acquire(event)``. Apart from that, event and lock
# have nothing to do with each other.

from __future__ import annotations

from ._once_lock import SLOTS, close
from ._single_events import SingleAsyncEvent, SingleGreenEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._once_lock import Gate
    from ._runtime.threads import ThreadTask


class LockingGreenEvent(SingleGreenEvent):
    """A green event that also contains the state of a once-lock."""

    __slots__ = SLOTS

    _once_depth: int
    _once_entered: list[ThreadTask] | None
    _once_gate: Gate | None

    def __init__(self, shield: bool, force: bool) -> None:
        super().__init__(shield, force)
        close(self)


class LockingAsyncEvent(SingleAsyncEvent):
    """The same for an async event."""

    __slots__ = SLOTS

    _once_depth: int
    _once_entered: list[ThreadTask] | None
    _once_gate: Gate | None

    def __init__(self, shield: bool, force: bool) -> None:
        super().__init__(shield, force)
        close(self)
