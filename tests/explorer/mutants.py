# SPDX-License-Identifier: ISC
"""Primitives with one bug each, which the docstring describes."""

# The bugs are those that are typical of such code: a check that is left out, two steps in the wrong order, a grant that
# is forgotten. Each class overrides the smallest method that can contain its bug, and otherwise uses the production
# code.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import BinarySemaphore, BoundedBinarySemaphore, Lock
from aiologic._engine.waiting import async_wait
from aiologic._engine.waitqueue import WaitQueue, queue_for
from aiologic._permits import NOBODY, PERMIT
from aiologic._runtime.detect import async_owner

if TYPE_CHECKING:
    from aiologic._engine.waiter import GreenWaiter, Waiter

# -- joining and releasing ------------------------------------------------------------------------------------------


class NoLookAfterJoining(Lock):
    """A task that has joined the queue does not check whether the permit became free meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Any, request: Any) -> Any:
        waiter.source = self
        waiter.request = request
        queue_for(self).append(waiter)
        return waiter


class NoLookInTheBlock(Lock):
    """The same in ``async with``, where the wait is written inline."""

    __slots__ = ()

    async def __aenter__(self) -> Any:
        backend, me = async_owner()
        if not self._take(me):
            waiter = backend.create_waiter()
            waiter.source = self
            waiter.request = me
            queue_for(self).append(waiter)
            await async_wait(waiter, None)
        return self


class NoLookAfterPuttingBack(Lock):
    """A release that frees the permit does not check whether a task has joined meanwhile."""

    __slots__ = ()

    def _put_back(self, receipt: Any = None) -> None:
        self._owner = NOBODY
        queue = self._queue
        if queue:
            queue.grants.append(None)
            self._settle()
        else:
            self._free[:] = PERMIT


class NoLookAfterTheTurn(Lock):
    """A task that had the turn does not check for work that others left undone because of that."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        if queue is None or not queue.take_turn():
            return
        try:
            hand_over_one(self, queue)
        finally:
            queue.turn.append(None)


class TurnIsNotTaken(BinarySemaphore):
    """Waiters are taken out without the turn, so that a sweep may be holding them."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            hand_over_one(self, queue)


class TurnIsLost(BinarySemaphore):
    """The turn is not given back if there was no waiter to hand over to."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            if not queue.take_turn():
                return
            if hand_over_one(self, queue):
                queue.turn.append(None)


def hand_over_one(permit: Any, queue: WaitQueue) -> bool:
    """Hand one permit to the oldest waiter, as the production code does."""
    waiter = take_one(permit, queue)
    if waiter is None:
        return False
    waiter.unpark()
    return True


def take_one(permit: Any, queue: WaitQueue) -> Waiter | None:
    """Take the permit and the oldest waiter, or free the permit if there is none."""
    try:
        (queue.grants or permit._free).pop()
    except IndexError:
        return None
    waiter = queue.first()
    if waiter is None:
        permit._free[:] = PERMIT
    return waiter


class NewcomerOvertakes(BinarySemaphore):
    """A newcomer takes a free permit even if others are queued."""

    __slots__ = ()

    def _take(self) -> bool:
        try:
            self._free.pop()
        except IndexError:
            return False
        return True

    def _put_back(self, receipt: Any = None) -> None:
        self._free[:] = PERMIT  # as ``with`` blocks of locks do
        if self._queue:
            self._settle()


# -- owners ---------------------------------------------------------------------------------------------------------


class OwnerAfterWakeUp(Lock):
    """The new owner is recorded after it was woken, when it may already have released."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            if not queue.take_turn():
                return
            try:
                waiter = take_one(self, queue)
                if waiter is not None:
                    owner = waiter.request
                    waiter.unpark()
                    self._owner = owner
            finally:
                queue.turn.append(None)


class OwnerAfterClaim(Lock):
    """The new owner is recorded before it is woken, but after its wait was decided, so it may already own the lock."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            if not queue.take_turn():
                return
            try:
                waiter = take_one(self, queue)
                if waiter is not None:
                    self._owner = waiter.request
                    waiter.unpark()
            finally:
                queue.turn.append(None)


class OwnerClearedAfterRelease(Lock):
    """The owner is cleared after the permit was passed on, which may clear the new owner."""

    __slots__ = ()

    def _release(self, me: object) -> None:
        self._check_owner(me)
        self._put_back()
        self._owner = NOBODY


class AnybodyReleases(Lock):
    """A release does not check whose lock it is."""

    __slots__ = ()

    def _check_owner(self, me: object) -> None:
        if self._free:
            raise RuntimeError("release unlocked lock")


# -- leaving --------------------------------------------------------------------------------------------------------


class CancelledKeepsGrant(BinarySemaphore):
    """A task that is cancelled after it was served keeps what it was granted."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        pass


class LeaverDoesNotLook(BinarySemaphore):
    """A task that sweeps the queue when it leaves does not check for a release that found the turn taken."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        queue_for(self).leave()


def forgetful_green_wait(
    waiter: GreenWaiter, timeout: float | None, join: Any, request: Any = None
) -> bool:
    """A wait that times out ignores that it was served at that very moment."""
    join(waiter, request)
    source = waiter.source
    woken = waiter.park(timeout)
    waiter.source = None
    if not woken:
        waiter.abandon()
        source._leave(waiter)
    return woken


class ServedByFirst(BinarySemaphore):
    """No bug: takes waiters out with the queue's ``first()``, for queues whose bug is there."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            if not queue.take_turn():
                return
            try:
                hand_over_one(self, queue)
            finally:
                queue.turn.append(None)


# -- semaphores -----------------------------------------------------------------------------------------------------


class TwoReleasesMakeOne(BinarySemaphore):
    """All permits are first stored as the free one, where a second release meets that of the first."""

    __slots__ = ()

    def _put_back(self, receipt: Any = None) -> None:
        self._free[:] = PERMIT
        if self._queue:
            self._settle()


class TwoReleasesMakeTwo(BinarySemaphore):
    """A release checks whether the permit is free, and then adds one: two steps."""

    __slots__ = ()

    def _put_back(self, receipt: Any = None) -> None:
        if not self._free:
            self._free.append(None)
        if self._queue:
            self._settle()


class BoundIsLookedAt(BoundedBinarySemaphore):
    """A release checks whether a permit is out, and then counts: two steps."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        if not self._out:
            raise RuntimeError("semaphore released too many times")
        self._out.clear()
        self._put_back()
