# SPDX-License-Identifier: ISC
"""Events that happen again, or count, with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic import CountdownEvent, Event, REvent
from aiologic._countdown import _Count
from aiologic._engine.waitqueue import queue_for
from aiologic._revent import Period


class OneQueue(Event):
    """One flag and one queue for all periods."""

    __slots__ = ()

    def set(self) -> None:
        self._is_set = True
        queue = self._queue
        while queue and queue.take_turn():
            queue.wake_all()
            queue.turn.append(None)

    def clear(self) -> None:
        self._is_set = False


class WokenWhileSet(Event):
    """The same; and if a joining task has the turn, waking is left to it, but it wakes only while the flag is set."""

    __slots__ = ()

    def _join(self, waiter: Any, request: Any = None) -> Any:
        waiter.source = self
        queue = queue_for(self)
        queue.append(waiter)
        if queue.take_turn():
            queue.turn.append(None)
        if self._is_set:
            self._wake_all()
        return waiter

    def clear(self) -> None:
        self._is_set = False


class ClearedInTwoSteps(REvent):
    """A new period replaces the current one, even if another task has replaced that meanwhile."""

    __slots__ = ()

    def clear(self) -> None:
        if self._period._is_set:
            self._period = Period()


class ClearedUnasked(REvent):
    """A period ends although it has not happened, while tasks wait for it."""

    __slots__ = ()

    def clear(self) -> None:
        period = self._current()
        period.next.append(Period())
        self._period = period.next[0]


class CountedInTwoSteps(CountdownEvent):
    """A new state is stored even if another has replaced the old one meanwhile."""

    __slots__ = ()

    def _replace(self, state: _Count, successor: _Count) -> bool:
        self._state = successor
        return True


class NoLookWhoWasFirst(CountdownEvent):
    """A task that comes second believes that its count was stored."""

    __slots__ = ()

    def _replace(self, state: _Count, successor: _Count) -> bool:
        super()._replace(state, successor)
        return True


class HappensBeforeTheCount(CountdownEvent):
    """The waiting tasks are woken before the count is stored."""

    __slots__ = ()

    def down(self) -> None:
        state = self._current()
        if state.value == 1:
            state.event.set()
        super().down()


class OneEvent(CountdownEvent):
    """Counting up from 0 keeps the event that has already happened."""

    __slots__ = ()

    def up(self, count: int = 1) -> None:
        state = self._current()
        while not self._replace(state, _Count(state.value + count, state.event)):
            state = self._current()


class LooksForNoughtAgain(CountdownEvent):
    """Whether the count is 0 is read after the count was stored, when it may be up again."""

    __slots__ = ()

    def down(self) -> None:
        while True:
            state = self._current()
            if not state.value:
                raise RuntimeError("down() called too many times")
            if self._replace(state, _Count(state.value - 1, state.event)):
                if self.value == 0:
                    state.event.set()
                return

    def _happen(self, event: Any) -> None:
        """Does nothing: left to ``down()``."""
