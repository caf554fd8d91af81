# SPDX-License-Identifier: ISC
"""Barriers and latches with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic import Barrier, RBarrier
from aiologic._phase import BROKEN, PASSED, Phase


class NoLookAfterArriving(Phase):
    """A task that arrives checks whether the others are there, and then enters itself in the log."""

    def arrive(self, waiter: Any) -> bool:
        if len(self) + 1 != self.parties:
            self.append(waiter)
            return True
        return super().arrive(waiter)


class OnlyTheLastTells(Phase):
    """A task that finds more entries in the log than parties waits, and does not settle the phase."""

    def arrive(self, waiter: Any) -> bool:
        self.append(waiter)
        if self.announced is None and len(self) != self.parties:
            return True
        needs_no_wake_up = waiter.abandon()
        self.settle()
        return not needs_no_wake_up


class MarkIsNotAnnounced(Phase):
    """The mark is only announced after it has been appended."""

    def mark(self, mark: str) -> None:
        self.append(mark)
        self.announced = mark
        self.settle()


class AnnouncedIsTakenForMarked(Phase):
    """An announced mark counts, although the last party may be in front of it."""

    def settle(self, once_more: bool = True) -> None:
        if self.announced is not None and not self.is_over:
            self.outcome = BROKEN
            self._wake([e for e in self[:] if type(e) is not str])
            return
        super().settle(once_more)


class WokenBeforeTheOutcome(Phase):
    """The waiting tasks are woken before the outcome is stored."""

    def settle(self, once_more: bool = True) -> None:
        if self.announced is None and 0 < self.parties <= len(self):
            self._wake(self[: self.parties])
            self.outcome = PASSED
        super().settle(once_more)


class IndexAfterTheWakeUp(Phase):
    """A party is woken before it gets its index."""

    def _wake(self, waiters: list[Any]) -> None:
        self.is_over = True
        for index, waiter in enumerate(waiters):
            waiter.wake()
            waiter.request = index


class LeavesQuietly(Phase):
    """A task that gives up does not break the barrier."""

    def _leave(self, waiter: Any) -> None:
        """Does nothing."""


class LateCancellationBreaks(Barrier):
    """D20: a cancellation breaks it even if the phase has passed."""

    def __await__(self) -> Any:
        try:
            return (yield from super().__await__())
        except BaseException:
            self.abort()
            raise

    def wait(self, timeout: float | None = None) -> int:
        try:
            return super().wait(timeout)
        except BaseException:
            self.abort()
            raise


class AbortsOncePassed(Barrier):
    """A mark that came too late is forgotten, so the next phase is not broken."""

    def abort(self) -> None:
        phase = self._current()
        if phase.outcome is not BROKEN:
            phase.mark(BROKEN)


class ChainIsNotSettled(Barrier):
    """Checking whether there is a next phase and storing a new one are two steps."""

    def _current(self) -> Phase:
        phase = self._phase
        if phase and phase.outcome is not None:
            phase = self._phase = self._successor(phase)
        return phase


class OutcomeReadTwice(Barrier):
    """A phase that ends between two checks is taken for one that was over from the start."""

    async def _async_gather(self, timeout: float | None) -> Any:
        phase = self._current()
        if phase.outcome is not None:
            return self._answer(phase.outcome, None)
        return await super()._async_gather(timeout)


class ResetComesSecond(RBarrier):
    """A reset does not check whether another one was first to add a new phase."""

    def reset(self) -> None:
        phase = self._current()
        if phase.outcome is BROKEN:
            phase.next.append(Phase(self.parties))
            return
        super().reset()


class ResetForgetsThoseWhoWait(RBarrier):
    """A new phase replaces the old one, and those that wait are not woken."""

    def reset(self) -> None:
        self._phase = Phase(self.parties)
