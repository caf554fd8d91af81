# SPDX-License-Identifier: ISC
"""Events of lowlevel with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic._single_events import CANCELLED, Mark, SingleAsyncEvent, SingleGreenEvent

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter


class NoLookAfterJoining(SingleGreenEvent):
    """Who has joined does not look whether it was set meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        waiter.source = None
        story = self._story
        story += (waiter,)
        return True


class LooksAndThenJoins(SingleGreenEvent):
    """It is looked before the waiter is added, and not after."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        waiter.source = None
        if self._outcome() is not None:
            return False
        self._story.append(waiter)
        return True


class AllWhoSetAreToldSo(SingleGreenEvent):
    """Two who set it at once both hear that they did."""

    __slots__ = ()

    def _announce(self, mark: Mark) -> bool:
        super()._announce(mark)
        return True


class CancelledWithoutALook(SingleGreenEvent):
    """When time is up it is cancelled, though it was set before."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        if waiter.abandon():
            self._story[:] = (CANCELLED,)
        else:
            super()._leave(waiter)


class LeavesWithoutAMark(SingleAsyncEvent):
    """Who is cancelled leaves no mark: who sets it later is told that it was of use."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        if self._outcome() is None:
            self._story.clear()
        else:
            super()._leave(waiter)


class WokenBeforeTheMark(SingleAsyncEvent):
    """``set()`` wakes who waits, and then decides whether it was set."""

    __slots__ = ()

    def set(self) -> bool:
        story: list[Any] = self._story
        if story and type(story[0]) is not Mark:
            story[0].wake()
        return super().set()


class NotRefused(SingleGreenEvent):
    """A second waiter takes the first one's place."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        waiter.source = None
        if self._outcome() is not None:
            return False
        self._story.insert(0, waiter)
        return self._outcome() is None


class TidiedByAnybody(SingleGreenEvent):
    """Who comes too late takes all away but the outcome, also the waiter that is to be woken."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        if super()._join(waiter):
            return True
        self._story[:] = (self._outcome(),)
        return False


class LooksInTwoSteps(SingleGreenEvent):
    """Who finds a waiter looks behind it for a mark, which may be in its place by then."""

    __slots__ = ()

    def _outcome(self) -> Mark | None:
        story = self._story
        if not story:
            return None
        first = story[0]
        if type(first) is Mark:
            return first
        for item in story[1:]:
            if type(item) is Mark:
                return item
        return None
