# SPDX-License-Identifier: ISC
"""Events of lowlevel with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic._single_events import CANCELLED, Mark, SingleAsyncEvent, SingleGreenEvent

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter


class NoLookAfterJoining(SingleGreenEvent):
    """A task that has joined does not check whether the event was set meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        waiter.source = None
        story = self._story
        story += (waiter,)
        return True


class LooksAndThenJoins(SingleGreenEvent):
    """The check comes before the waiter is added, and not after."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        waiter.source = None
        if self._outcome() is not None:
            return False
        self._story.append(waiter)
        return True


class AllWhoSetAreToldSo(SingleGreenEvent):
    """If two tasks set it at once, both are told that they did."""

    __slots__ = ()

    def _announce(self, mark: Mark) -> bool:
        super()._announce(mark)
        return True


class CancelledWithoutALook(SingleGreenEvent):
    """When time is up it is cancelled, even if it was set before."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        if waiter.abandon():
            self._story[:] = (CANCELLED,)
        else:
            super()._leave(waiter)


class LeavesWithoutAMark(SingleAsyncEvent):
    """A task that is cancelled leaves no mark: a later ``set()`` returns that it had an effect."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        if self._outcome() is None:
            self._story.clear()
        else:
            super()._leave(waiter)


class WokenBeforeTheMark(SingleAsyncEvent):
    """``set()`` wakes the waiting task, and then decides whether the event was set."""

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
    """A task that comes too late removes everything but the outcome, even the waiter that is to be woken."""

    __slots__ = ()

    def _join(self, waiter: Waiter) -> bool:
        if super()._join(waiter):
            return True
        self._story[:] = (self._outcome(),)
        return False


class LooksInTwoSteps(SingleGreenEvent):
    """A task that finds a waiter looks for a mark behind it, but the mark may have taken its place by then."""

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
