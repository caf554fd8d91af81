# SPDX-License-Identifier: ISC
"""Barriers and latches with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import Any

from aiologic import Barrier, RBarrier
from aiologic._phase import BROKEN, PASSED, Phase


class NoLookAfterArriving(Phase):
    """Who arrives looks whether the others are there, and then writes itself down."""

    def arrive(self, waiter: Any) -> bool:
        if len(self) + 1 != self.parties:
            self.append(waiter)
            return True
        return super().arrive(waiter)


class OnlyTheLastTells(Phase):
    """Who finds more than the parties in the log takes itself for one that has to wait."""

    def arrive(self, waiter: Any) -> bool:
        self.append(waiter)
        if self.announced is None and len(self) != self.parties:
            return True
        needs_no_wake_up = waiter.abandon()
        self.settle()
        return not needs_no_wake_up


class MarkIsNotAnnounced(Phase):
    """The mark is announced once it is there."""

    def mark(self, mark: str) -> None:
        self.append(mark)
        self.announced = mark
        self.settle()


class AnnouncedIsTakenForMarked(Phase):
    """An announced mark counts, though the last party may stand before it."""

    def settle(self, once_more: bool = True) -> None:
        if self.announced is not None and not self.is_over:
            self.outcome = BROKEN
            self._wake([e for e in self[:] if type(e) is not str])
            return
        super().settle(once_more)


class WokenBeforeTheOutcome(Phase):
    """Those who wait are woken, and then the outcome is written down."""

    def settle(self, once_more: bool = True) -> None:
        if self.announced is None and 0 < self.parties <= len(self):
            self._wake(self[: self.parties])
            self.outcome = PASSED
        super().settle(once_more)


class IndexAfterTheWakeUp(Phase):
    """A party is woken, and then handed its index."""

    def _wake(self, waiters: list[Any]) -> None:
        self.is_over = True
        for index, waiter in enumerate(waiters):
            waiter.wake()
            waiter.request = index


class LeavesQuietly(Phase):
    """Who gives up does not say so."""

    def _leave(self, waiter: Any) -> None:
        """Does nothing."""


class LateCancellationBreaks(Barrier):
    """D20: a cancellation breaks it, also when the phase has passed."""

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
    """A mark that came too late is forgotten, and the next phase is not broken."""

    def abort(self) -> None:
        phase = self._current()
        if phase.outcome is not BROKEN:
            phase.mark(BROKEN)


class ChainIsNotSettled(Barrier):
    """The next phase is stored by whoever finds none: two steps."""

    def _current(self) -> Phase:
        phase = self._phase
        if phase and phase.outcome is not None:
            phase = self._phase = self._successor(phase)
        return phase


class OutcomeReadTwice(Barrier):
    """A phase that ends between two looks is taken for one that was broken from the start."""

    async def _async_gather(self, timeout: float | None) -> Any:
        phase = self._current()
        if phase.outcome is not None:
            return self._answer(phase.outcome, None)
        return await super()._async_gather(timeout)


class ResetComesSecond(RBarrier):
    """Whoever brings a new phase does not look whether another one was first."""

    def reset(self) -> None:
        phase = self._current()
        if phase.outcome is BROKEN:
            phase.next.append(Phase(self.parties))
            return
        super().reset()


class ResetForgetsThoseWhoWait(RBarrier):
    """A new phase takes the place of the old one, and nobody tells those who wait."""

    def reset(self) -> None:
        self._phase = Phase(self.parties)
