# SPDX-License-Identifier: ISC
"""Events whose outcome is fixed, for use where there is nothing to wait for."""

from __future__ import annotations

from ._constants import Constant, Sealed
from ._engine.deadline import checked_timeout
from ._event_kinds import AsyncEvent, GreenEvent
from ._layers import with_copies_of
from ._runtime.checkpoints import async_checkpoint, green_checkpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any


class ConstantEvent(Constant, GreenEvent, AsyncEvent):
    """An event that can be shared: any wait for it, green or async, is a checkpoint and ends at once."""

    __slots__ = ()

    _is_set: bool

    # Attributes of the class, and so read-only.
    shield = False
    force = False

    def __bool__(self) -> bool:
        return self._is_set

    def set(self) -> bool:
        """Do nothing, as it is too late; return ``False``."""
        return False

    def is_set(self) -> bool:
        return self._is_set

    def cancelled(self) -> bool:
        return not self._is_set

    def __await__(self) -> Generator[Any, Any, bool]:
        return self.with_().__await__()

    async def with_(self, /, timeout: float | None = None) -> bool:
        checked_timeout(timeout)
        await async_checkpoint()
        return self._is_set

    def wait(self, /, timeout: float | None = None) -> bool:
        checked_timeout(timeout)
        green_checkpoint()
        return self._is_set


@with_copies_of(ConstantEvent, Constant)
class SetEvent(ConstantEvent, Sealed):
    """The class of :data:`SET_EVENT`, an event that was set."""

    __slots__ = ()
    __module__ = "aiologic.lowlevel"

    _name = "SET_EVENT"
    _is_set = True


@with_copies_of(ConstantEvent, Constant)
class DummyEvent(ConstantEvent, Sealed):
    """The class of :data:`DUMMY_EVENT`, like :class:`SetEvent`; a placeholder where no event is needed."""

    __slots__ = ()
    __module__ = "aiologic.lowlevel"

    _name = "DUMMY_EVENT"
    _is_set = True


@with_copies_of(ConstantEvent, Constant)
class CancelledEvent(ConstantEvent, Sealed):
    """The class of :data:`CANCELLED_EVENT`, an event whose wait ended before it was set."""

    __slots__ = ()
    __module__ = "aiologic.lowlevel"

    _name = "CANCELLED_EVENT"
    _is_set = False


#: An event that was set.
SET_EVENT = SetEvent()

#: The same, by another name: for use where no event is needed.
DUMMY_EVENT = DummyEvent()

#: An event whose wait ended before it was set.
CANCELLED_EVENT = CancelledEvent()
