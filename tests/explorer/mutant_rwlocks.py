# SPDX-License-Identifier: ISC
"""Locks of readers and writers with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import RWLock
from aiologic._engine.waitqueue import queue_for
from aiologic._holder_states import State

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter
    from aiologic._engine.waitqueue import WaitQueue

# -- the state ------------------------------------------------------------------------------------------------------


class ChangedInTwoSteps(RWLock):
    """The state is compared, and then set: two steps."""

    __slots__ = ()

    def _change(self, state: State, successor: State) -> bool:
        if state:
            return False
        state[None] = successor
        self._state = successor
        return True


class ReadersTakeTurns(RWLock):
    """Only the task that has the turn changes the state, and a reader that finds the turn taken is refused."""

    __slots__ = ()

    def _take(self, me: object, exclusive: bool) -> bool:
        queue = queue_for(self)
        if not queue.take_turn():
            return False
        try:
            return super()._take(me, exclusive)
        finally:
            queue.turn.append(None)


# -- joining, and being served --------------------------------------------------------------------------------------


class NewcomerOvertakes(RWLock):
    """A reader joins other readers although a writer waits."""

    __slots__ = ()

    def _take(self, me: object, exclusive: bool) -> bool:
        self._check_newcomer(me, exclusive)
        if not self._reserve(exclusive):
            return False
        if exclusive:
            self._writer = me
        else:
            self._readers[id(me)] = me
        return True


class NoLookAfterJoining(RWLock):
    """A task that has joined the queue does not check whether the lock became free meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Any, request: Any) -> Any:
        waiter.source = self
        waiter.request = request
        queue_for(self).append(waiter)
        return waiter


class NoLookAfterTheTurn(RWLock):
    """A task that has served the queue does not check for work that others left undone meanwhile."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = queue_for(self)
        if self._can_serve(queue) and queue.take_turn():
            try:
                self._serve(queue)
            finally:
                queue.turn.append(None)


class OneReaderAtATime(RWLock):
    """Only one of the readers at the front is let in."""

    __slots__ = ()

    def _can_serve(self, queue: WaitQueue) -> bool:
        return not self._newest().holders and super()._can_serve(queue)

    def _serve(self, queue: WaitQueue) -> None:
        if not self._newest().holders:
            waiter = queue.first()
            if waiter is not None:
                self._reserve(waiter.request[1])
                self._note(waiter, waiter.request[1])
                waiter.unpark()


class ServedBeforeReserved(RWLock):
    """A waiter is let in before the state is changed."""

    __slots__ = ()

    def _serve(self, queue: WaitQueue) -> None:
        while self._can_serve(queue):
            waiter = queue.first()
            if waiter is None:
                return
            waiter.unpark()
            self._reserve(waiter.request[1])


class WriterNotedAfterClaim(RWLock):
    """The writer is recorded after its wait was decided, when it may already have released."""

    __slots__ = ()

    def _serve(self, queue: WaitQueue) -> None:
        while queue and self._can_serve(queue):
            if not queue[0]:
                queue.popleft()
                continue
            exclusive = queue[0].request[1]
            if not self._reserve(exclusive):
                return
            waiter = queue.popleft()
            if waiter.claim():
                self._note(waiter, exclusive)
                waiter.unpark()
            else:
                self._free(exclusive)


# -- leaving --------------------------------------------------------------------------------------------------------


class LeaverDoesNotLook(RWLock):
    """A task that gives up does not check for tasks that waited only because of it (aiorwlock, culsans)."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        queue_for(self).leave()


class CancelledKeepsIt(RWLock):
    """A task that is cancelled after it was served keeps what it was granted."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        pass


class ReleasedWithoutALook(RWLock):
    """A reader that releases does not check whether a task waits for the last reader."""

    __slots__ = ()

    def _release(self, me: object) -> None:
        if self._readers.pop(id(me), None) is not None:
            self._free(False)
        else:
            super()._release(me)


class AnybodyReleases(RWLock):
    """A release does not check who holds the lock."""

    __slots__ = ()

    def _release(self, me: object) -> None:
        holders = self._newest().holders
        if not holders:
            raise RuntimeError("release unlocked lock")
        self._writer = None
        self._readers.pop(id(me), None)
        self._free(holders < 0)
        if self._queue:
            self._settle()


# -- downgrading ----------------------------------------------------------------------------------------------------


class DowngradedInTwoSteps(RWLock):
    """A writer releases, and acquires again as a reader: two steps."""

    __slots__ = ()

    def _downgrade(self, me: object) -> None:
        self._release(me)
        self._reserve(False)
        self._readers[id(me)] = me


class DowngradedWithoutALook(RWLock):
    """A writer that becomes a reader does not check for waiting readers."""

    __slots__ = ()

    def _downgrade(self, me: object) -> None:
        self._readers[id(me)] = me
        self._writer = None
        successor = State()
        successor.holders = 1
        self._change(self._newest(), successor)
