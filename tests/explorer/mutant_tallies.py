# SPDX-License-Identifier: ISC
"""Counts of what is done, with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic._engine.waitqueue import WaitQueue, queue_for
from aiologic._tally import Tally, _wake, number


def unfinished(tally: Tally) -> int:
    """How many items are not done, without telling those who wait if there are none."""
    done = number(tally._done) - len(tally._spare)
    return max(0, number(tally.put) - done)


class LeaverDoesNotLook(Tally):
    """A task that leaves, and sweeps, does not check for a "done" that found the turn taken."""

    __slots__ = ()

    def _leave(self, waiter: Any) -> None:
        queue_for(self).leave()


class TurnIsUsedOnce(Tally):
    """A task that had the turn does not check for moments that came meanwhile, and throws them away."""

    __slots__ = ()

    def _settle(self, queue: WaitQueue) -> None:
        if queue.take_turn():
            try:
                moments = self._moments[:]
                if moments:
                    _wake(queue, max(moments))
                self._moments.clear()
            finally:
                queue.turn.append(None)


class ServesWhatIsServed(Tally):
    """A task that comes to its turn does not check whether another has served all moments."""

    __slots__ = ()

    def _settle(self, queue: WaitQueue) -> None:
        while self._moments:
            if not queue.take_turn():
                return
            try:
                moments = self._moments[:]
                _wake(queue, max(moments))
                del self._moments[: len(moments)]
            finally:
                queue.turn.append(None)


class LooksWhetherItIsOver(Tally):
    """A moment that is over, because another item was put, is forgotten."""

    __slots__ = ()

    def _settle(self, queue: WaitQueue) -> None:
        if unfinished(self):
            self._moments.clear()
        super()._settle(queue)


class LooksWhetherAnybodyIsThere(Tally):
    """Who finds all done, and the queue empty, leaves nothing for the task that has just taken the waiters out."""

    __slots__ = ()

    def look(self) -> None:
        if self._queue:
            super().look()


class AsksForItself(Tally):
    """A task that finds all done tells nobody."""

    __slots__ = ()

    def unfinished(self) -> int:
        return unfinished(self)

    def look(self) -> None:
        if self._queue is not None:
            super().unfinished()
            self._settle(self._queue)


def wake_everybody(queue: Any, _put: int) -> None:
    """Those who came after the moment are woken, too."""
    queue.wake_all()


def wake_one(queue: Any, _put: int) -> None:
    """Only the first is woken."""
    waiter = queue.first()
    if waiter is not None:
        waiter.unpark()


def wake_who_left(queue: Any, put: int) -> None:
    """A task that has given up is taken for one that waits."""
    staying = []
    while queue:
        waiter = queue.popleft()
        if waiter.request > put:
            staying.append(waiter)
        else:
            del waiter[0]
            waiter.unpark()
    queue.extendleft(reversed(staying))
