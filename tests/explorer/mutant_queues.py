# SPDX-License-Identifier: ISC
"""Queues and events with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import Any

from aiologic import Event
from aiologic._engine.waiter import Waiter
from aiologic._engine.waitqueue import WaitQueue, queue_for


class ClaimedTwice(WaitQueue):
    """A waiter is looked at, and then taken: two steps, between which it can leave."""

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
    """A sweep puts the living behind those who joined meanwhile."""

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
    """``set()`` looks at the queue first, and sets then."""

    __slots__ = ()

    def set(self) -> None:
        queue = self._queue
        self._is_set = True
        if queue:
            self._wake_all()


class NoSecondLook(Event):
    """Who has joined the queue does not look whether it has happened meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Any, request: Any = None) -> Any:
        waiter.source = self
        queue_for(self).append(waiter)
        return waiter


class WokenBeforeSet(Event):
    """``set()`` wakes all who wait before it is set."""

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
    """The first queue is stored by whoever finds none: two steps."""
    if primitive._queue is None:
        primitive._queue = WaitQueue()
    queue: WaitQueue = primitive._queue
    return queue


_newborn: dict[int, WaitQueue] = {}


def once_looked_queue_for(primitive: Any) -> WaitQueue:
    """The first queue is settled in a dict, but not looked for a second time."""
    queue: WaitQueue | None = primitive._queue
    if queue is None:
        primitive._queue = queue = _newborn.setdefault(id(primitive), WaitQueue())
        _newborn.pop(id(primitive), None)
    return queue
