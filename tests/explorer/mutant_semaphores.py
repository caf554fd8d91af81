# SPDX-License-Identifier: ISC
"""Semaphores, limiters and pools with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import BoundedSemaphore, CapacityLimiter, RCapacityLimiter, Semaphore
from aiologic._pool import Pool

from .mutants import hand_over_one

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter

# -- semaphores -----------------------------------------------------------------------------------------------------


class LooksBeforeItAdds(Semaphore):
    """A release checks whether a task waits, and then adds: a task that comes in between is forgotten."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        queue = self._queue
        self._free.extend([None] * count)
        if queue:
            self._settle()


class ServesOneOfMany(Semaphore):
    """A release of several permits hands over one, and leaves the rest."""

    __slots__ = ()

    def _settle(self) -> None:
        queue = self._queue
        if queue is None or not queue.take_turn():
            return
        try:
            hand_over_one(self, queue)
        finally:
            queue.turn.append(None)

    def _accept(self, waiter: Waiter) -> None:
        pass


class CountsThoseWhoWait(Semaphore):
    """A release counts the waiting tasks, grants as many permits, and adds the rest: two steps."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        queue = self._queue
        served = min(count, self.waiting)
        if queue is not None and served:
            queue.grants.extend([None] * served)
            self._settle()
        self._free.extend([None] * (count - served))
        if self._queue:
            self._settle()


class AddsInTwoSteps(Semaphore):
    """A release reads how many permits there are, and sets the new number: two steps."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        there = len(self._free)
        self._free[:] = [None] * (there + count)
        if self._queue:
            self._settle()


class OvertakesTheQueue(Semaphore):
    """A newcomer takes a free permit even if others are queued."""

    __slots__ = ()

    def _take(self) -> bool:
        try:
            self._free.pop()
        except IndexError:
            return False
        return True


class KeepsWhatWasCancelled(Semaphore):
    """A task that is cancelled after it was served frees its permit, but wakes nobody."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        self._free.append(None)


class BoundIsComparedFirst(BoundedSemaphore):
    """A release compares with the number of permits that are out, and then takes them from there: two steps."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        if count > len(self._out):
            raise RuntimeError("semaphore released too many times")
        del self._out[:count]
        Semaphore.release(self, count)


class RefusedInPart(BoundedSemaphore):
    """A release that is refused does not give back what it has already taken."""

    __slots__ = ()

    def release(self, /, count: int = 1) -> None:
        for _ in range(count):
            try:
                self._out.pop()
            except IndexError:
                raise RuntimeError("semaphore released too many times") from None
        Semaphore.release(self, count)


# -- limiters -------------------------------------------------------------------------------------------------------


class AnybodyGivesBack(CapacityLimiter):
    """A release does not check whose token it is."""

    __slots__ = ()

    def _release(self, me: object) -> None:
        self._holders.pop(me, None)
        self._put_back()


class FreeBeforeItIsGivenBack(CapacityLimiter):
    """A token is free before its borrower is removed."""

    __slots__ = ()

    def _release(self, me: object) -> None:
        if me not in self._holders:
            raise RuntimeError("not holding")
        self._put_back()
        self._holders.pop(me, None)


class LeaverIsStillWrittenDown(CapacityLimiter):
    """A waiter that gave up is not removed from the borrowers, although it may have been recorded meanwhile."""

    __slots__ = ()

    def _strike_off(self, waiter: Waiter) -> None:
        pass


class CancelledIsStillWrittenDown(CapacityLimiter):
    """A waiter that was cancelled after it was served is not removed from the borrowers."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        self._put_back()


class GivenBackAtTheFirstRelease(RCapacityLimiter):
    """The first release gives the token back, however often it was borrowed."""

    __slots__ = ()

    def _release(self, me: object, count: int = 1) -> None:
        level = self._holders.get(me, 0)
        if level > count:
            self._holders[me] = level - count
        else:
            self._holders.pop(me, None)
        self._put_back()


# -- pools ----------------------------------------------------------------------------------------------------------


class HasNoLastWord(Pool):
    """A task that finds all blocks used up does not check the list again."""

    def pop(self, *index: Any) -> None:
        try:
            return list.pop(self)
        except IndexError:
            pass
        while True:
            block = self._block()
            if block is None:
                raise IndexError
            try:
                return block.pop()
            except IndexError:
                continue


class MakesBlocksForItself(Pool):
    """A block is made when a task needs it, and then stored: two tasks may make the same one."""

    def _block(self) -> list[None] | None:
        at = self._at
        while at * SIZE < self._untouched:
            block = self._begun.get(at)
            if block is None:
                block = self._begun[at] = [None] * self._size_of_block(at)
            if block:
                return block
            at += 1
            self._at = at
        return None


class SplitsInItsHands(Pool):
    """A block is taken out, and then its items are added to the list: in between, they are in neither."""

    def _block(self) -> list[None] | None:
        at = self._at
        if at * SIZE >= self._untouched:
            return None
        self._at = at + 1
        if self._begun.setdefault(at, [None]):
            self._begun[at] = []
            self.extend([None] * self._size_of_block(at))
        return self or None


SIZE = 1
