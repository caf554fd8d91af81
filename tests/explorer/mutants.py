# SPDX-License-Identifier: ISC
"""Primitives with one bug each. Their docstrings say which."""

# The bugs are those that such code invites: a look that is left out, two steps in the wrong order, a grant that is
# forgotten. Each class overrides the smallest method that can hold its bug, and keeps to the production code otherwise.

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
    """Who has joined the queue does not look whether the permit became free meanwhile."""

    __slots__ = ()

    def _join(self, waiter: Any, request: Any) -> Any:
        waiter.source = self
        waiter.request = request
        queue_for(self).append(waiter)
        return waiter


class NoLookInTheBlock(Lock):
    """The same where the wait is written out, in ``async with``."""

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
    """A release that frees the permit does not look whether somebody has joined meanwhile."""

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
    """Who had the turn does not look for work that others left undone because of it."""

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
    """Waiters are taken out without the turn, so that a sweep may have them in its hands."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            hand_over_one(self, queue)


class TurnIsLost(BinarySemaphore):
    """The turn is not given back where there was nobody to hand over to."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        while queue is not None and (queue.grants or (queue and self._free)):
            if not queue.take_turn():
                return
            if hand_over_one(self, queue):
                queue.turn.append(None)


def hand_over_one(permit: Any, queue: WaitQueue) -> bool:
    """Hand one permit to the oldest waiter, as production code does it."""
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
    """A newcomer takes a free permit also where others queue."""

    __slots__ = ()

    def _take(self) -> bool:
        try:
            self._free.pop()
        except IndexError:
            return False
        return True

    def _put_back(self, receipt: Any = None) -> None:
        self._free[:] = PERMIT  # as blocks do where only the owner releases
        if self._queue:
            self._settle()


# -- owners ---------------------------------------------------------------------------------------------------------


class OwnerAfterWakeUp(Lock):
    """The new owner is written down after it was woken, when it may have released already."""

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
    """The new owner is written down before it is woken, but after it can time out as the owner."""

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
    """The old owner is cleared after the permit has left its hands, and with it the new one."""

    __slots__ = ()

    def _release(self, me: object) -> None:
        self._check_owner(me)
        self._put_back()
        self._owner = NOBODY


class AnybodyReleases(Lock):
    """A release does not ask whose lock it is."""

    __slots__ = ()

    def _check_owner(self, me: object) -> None:
        if self._free:
            raise RuntimeError("release unlocked lock")


# -- leaving --------------------------------------------------------------------------------------------------------


class CancelledKeepsGrant(BinarySemaphore):
    """A task that is cancelled when it was served already keeps what it was given."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        pass


class LeaverDoesNotLook(BinarySemaphore):
    """Who sweeps the queue on leaving does not look for a release that found the turn gone."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        queue_for(self).leave()


def forgetful_green_wait(
    waiter: GreenWaiter, timeout: float | None, join: Any, request: Any = None
) -> bool:
    """When time is up, it does not matter any more that the wait was served in that very moment."""
    join(waiter, request)
    source = waiter.source
    woken = waiter.park(timeout)
    waiter.source = None
    if not woken:
        waiter.abandon()
        source._leave(waiter)
    return woken


class ServedByFirst(BinarySemaphore):
    """No bug: leaves taking out to the queue's ``first()``, for queues that have one there."""

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
    """All permits go through the free one, where the second release finds the first's."""

    __slots__ = ()

    def _put_back(self, receipt: Any = None) -> None:
        self._free[:] = PERMIT
        if self._queue:
            self._settle()


class TwoReleasesMakeTwo(BinarySemaphore):
    """A release looks whether the permit is free, and then adds one: two steps."""

    __slots__ = ()

    def _put_back(self, receipt: Any = None) -> None:
        if not self._free:
            self._free.append(None)
        if self._queue:
            self._settle()


class BoundIsLookedAt(BoundedBinarySemaphore):
    """A release looks whether a permit is out, and then counts: two steps."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        if not self._out:
            raise RuntimeError("semaphore released too many times")
        self._out.clear()
        self._put_back()
