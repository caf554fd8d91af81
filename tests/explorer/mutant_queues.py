# SPDX-License-Identifier: ISC
"""Queues and events with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic import Event
from aiologic._engine.waiter import Waiter
from aiologic._engine.waitqueue import WaitQueue, queue_for


class ClaimedTwice(WaitQueue):
    """A waiter is checked, and then claimed: two steps, between which it can leave."""

    __slots__ = ()

    def first(self) -> Waiter | None:
        while self:
            waiter = self.popleft()
            if waiter:
                waiter.clear()
                return waiter
        return None


# -- sweeping -------------------------------------------------------------------------------------------------------


class SweptWithoutFence(WaitQueue):
    """A sweep makes the queue look empty for a moment."""

    __slots__ = ()

    def _sweep(self) -> None:
        self._left = 0
        living = []
        while self:
            waiter = self.popleft()
            if waiter:
                living.append(waiter)
        self.extendleft(reversed(living))


class SweptToTheBack(WaitQueue):
    """A sweep puts living waiters behind those that joined meanwhile."""

    __slots__ = ()

    def _sweep(self) -> None:
        self._left = 0
        fence = GoneWaiter()
        self.append(fence)
        living = []
        while self[0] is not fence:
            waiter = self.popleft()
            if waiter:
                living.append(waiter)
        self.extend(living)


class GoneWaiter(Waiter):
    """A waiter that has left."""

    __slots__ = ()

    def unpark(self) -> None:
        """Nobody sleeps here."""


# -- events, and the first queue ------------------------------------------------------------------------------------


class SetTooLate(Event):
    """``set()`` reads the queue before it sets the flag."""

    __slots__ = ()

    def set(self) -> None:
        queue = self._queue
        self._is_set = True
        if queue:
            self._wake_all()


class NoSecondLook(Event):
    """A task that has joined the queue does not check whether the event has happened meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Any, request: Any = None) -> Any:
        waiter.source = self
        queue_for(self).append(waiter)
        return waiter


class WokenBeforeSet(Event):
    """``set()`` wakes all waiting tasks before it sets the flag."""

    __slots__ = ()

    def set(self) -> None:
        queue = self._queue
        if queue and queue.take_turn():
            waiter = queue.first()
            while waiter is not None:
                waiter.unpark()
                waiter = queue.first()
            queue.turn.append(None)
        self._is_set = True
        if self._queue:
            self._wake_all()


def unsettled_queue_for(primitive: Any) -> WaitQueue:
    """Checking whether there is a queue and storing a new one are two steps."""
    if primitive._queue is None:
        primitive._queue = WaitQueue()
    queue: WaitQueue = primitive._queue
    return queue


_newborn: dict[int, WaitQueue] = {}


def once_looked_queue_for(primitive: Any) -> WaitQueue:
    """A dict decides which queue is the first, but without a second check for one that is already stored."""
    queue: WaitQueue | None = primitive._queue
    if queue is None:
        primitive._queue = queue = _newborn.setdefault(id(primitive), WaitQueue())
        _newborn.pop(id(primitive), None)
    return queue
