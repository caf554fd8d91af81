# SPDX-License-Identifier: ISC
"""Scenarios for latches and barriers."""

# Every scenario checks two properties:
#
# agreement     the parties of one phase either all pass, with the indices 0, 1, ..., or none does
# conservation  in the end no task waits, and the barrier is broken only if a task broke it

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from aiologic import BrokenBarrierError, Latch
from aiologic.testing import Cancelled, Scenario, task

from .permits import LONG

if TYPE_CHECKING:
    from .hands import Async, Green, Hands

BROKEN = "broken"
CANCELLED = "cancelled"


class BarrierScenario(Scenario):
    """What these scenarios have in common: the outcome of each call is recorded."""

    parties = 2

    def __init__(self, make: Callable[[int], Any], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make.__name__}, {self.hands.name})"

    def setup(self) -> None:
        self.barrier = self.make(self.parties)
        self.outcomes: list[Any] = []

    async def come(self, hand: Green | Async, **how: Any) -> Any:
        outcome: Any
        try:
            outcome = await hand.wait(self.barrier, **how)
        except BrokenBarrierError:
            outcome = BROKEN
        except Cancelled:
            self.outcomes.append(CANCELLED)
            raise
        self.outcomes.append(outcome)
        return outcome

    def passed(self) -> list[int]:
        indices = [o for o in self.outcomes if o not in (BROKEN, CANCELLED)]
        return sorted(indices, key=str)  # also outcomes that wrongly are no numbers

    def check_agreement(self) -> None:
        assert self.barrier.waiting == 0, "somebody waits for what is over"
        all_ = [None, None] if self.make is Latch else [0, 1]
        assert self.passed() in ([], all_), f"they disagree: {self.outcomes}"


class OneMeeting(BarrierScenario):
    """Two meet."""

    meetings = 1

    def setup(self) -> None:
        super().setup()
        self.arrivals = 0

    @task
    async def first(self) -> None:
        await self.meet(self.hands.first)

    @task
    async def second(self) -> None:
        await self.meet(self.hands.second)

    async def meet(self, hand: Green | Async) -> None:
        for meeting in range(1, self.meetings + 1):
            self.arrivals += 1
            await self.come(hand)
            assert self.arrivals >= 2 * meeting, "it did not wait for the other"

    def check(self) -> None:
        assert self.passed() == sorted([0, 1] * self.meetings), self.outcomes
        assert not self.barrier.broken
        assert self.barrier.waiting == 0


class TwoMeetings(OneMeeting):
    """Two meet, and then meet again."""

    meetings = 2


class Alone(BarrierScenario):
    """There is one party, so each of two tasks passes alone; both may come to the same phase."""

    parties = 1

    @task
    async def one(self) -> None:
        assert await self.come(self.hands.first) == 0, "surplus"

    @task
    async def other(self) -> None:
        assert await self.come(self.hands.second) == 0, "surplus"


class TimeoutAgainstPass(BarrierScenario):
    """Time runs out for one while the other comes."""

    @task
    async def impatient(self) -> None:
        await self.come(self.hands.first, timeout=LONG)

    @task
    async def patient(self) -> None:
        await self.come(self.hands.second)

    def check(self) -> None:
        self.check_agreement()
        assert self.barrier.broken is (BROKEN in self.outcomes)


class CancellationAgainstPass(BarrierScenario):
    """One is cancelled while the other comes: too late, so the other has passed; or in time, so neither passes."""

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.come(self.hands.first)

    @task
    async def patient(self) -> None:
        await self.come(self.hands.second)

    def check(self) -> None:
        assert self.barrier.waiting == 0, "somebody waits for what is over"
        assert self.barrier.broken is (BROKEN in self.outcomes), (
            f"broken: {self.barrier.broken}, but {self.outcomes}"
        )
        if CANCELLED not in self.outcomes:
            self.check_agreement()


class AbortAgainstPass(BarrierScenario):
    """Two meet, and a third aborts."""

    @task
    async def first(self) -> None:
        await self.come(self.hands.first)

    @task
    async def second(self) -> None:
        await self.come(self.hands.second)

    @task
    def aborter(self) -> None:
        self.barrier.abort()
        assert self.barrier.broken, "it was aborted"

    def check(self) -> None:
        self.check_agreement()
        assert self.barrier.broken


class TwoBreak(BarrierScenario):
    """One waits in vain, since two others abort at once."""

    @task
    async def waiter(self) -> None:
        assert await self.come(self.hands.first) == BROKEN

    @task
    def aborter(self) -> None:
        self.barrier.abort()

    @task
    def other_aborter(self) -> None:
        self.barrier.abort()


class AbortAgainstWait(BarrierScenario):
    """One waits, the other aborts; with 0 parties, so that the barrier never passes otherwise."""

    parties = 0

    @task
    async def waiter(self) -> None:
        assert await self.come(self.hands.first) == BROKEN

    @task
    def aborter(self) -> None:
        self.barrier.abort()


class ResetAgainstPass(BarrierScenario):
    """Two try again until they have met; a third resets meanwhile."""

    @task
    async def first(self) -> None:
        while await self.come(self.hands.first) == BROKEN:
            pass

    @task
    async def second(self) -> None:
        while await self.come(self.hands.second) == BROKEN:
            pass

    @task
    def resetter(self) -> None:
        self.barrier.reset()

    def check(self) -> None:
        self.check_agreement()
        assert self.passed() == [0, 1]
        assert self.outcomes.count(BROKEN) <= 2
        assert not self.barrier.broken


class ResetAgainstAbort(BarrierScenario):
    """One waits, one aborts, one resets."""

    time_passes = True

    @task
    async def waiter(self) -> None:
        assert await self.come(self.hands.first, timeout=LONG) == BROKEN

    @task
    def aborter(self) -> None:
        self.barrier.abort()

    @task
    def resetter(self) -> None:
        self.barrier.reset()

    def check(self) -> None:
        assert self.barrier.waiting == 0
        self.barrier.reset()
        assert not self.barrier.broken


class ResetAfterAbort(BarrierScenario):
    """One aborts, another sees that, and resets: the barrier does not break again."""

    @task
    def aborter(self) -> None:
        self.barrier.abort()

    @task
    def resetter(self) -> None:
        self.was_broken = self.barrier.broken
        self.barrier.reset()

    def check(self) -> None:
        assert not (self.was_broken and self.barrier.broken), "it was mended"


class ResetAgainstLeaving(BarrierScenario):
    """One leaves, another resets: a barrier that was broken before is whole again."""

    time_passes = True

    @task
    def resetter(self) -> None:
        # Otherwise the waiter has not come yet, and breaks the barrier again when it leaves later.
        self.is_whole = bool(self.outcomes) or bool(self.barrier.waiting)
        self.barrier.reset()

    def check(self) -> None:
        assert self.barrier.waiting == 0
        assert not (self.is_whole and self.barrier.broken), "it was mended"


class ResetAgainstTimeout(ResetAgainstLeaving):
    """The waiter's time runs out."""

    @task
    async def impatient(self) -> None:
        assert await self.come(self.hands.first, timeout=LONG) == BROKEN


class ResetAgainstCancellation(ResetAgainstLeaving):
    """The waiter is cancelled."""

    @task(cancellable=True)
    async def cancelled(self) -> None:
        assert await self.come(self.hands.second, timeout=LONG) == BROKEN


class ThreeAtALatch(BarrierScenario):
    """A latch for two is open for a third, too."""

    @task
    async def first(self) -> None:
        await self.come(self.hands.first)

    @task
    async def second(self) -> None:
        await self.come(self.hands.second)

    @task
    async def third(self) -> None:
        await self.come(self.hands.third)

    def check(self) -> None:
        assert self.outcomes == [None] * 3
        assert self.barrier
        assert not self.barrier.broken
        assert self.barrier.waiting == 0


class AbortAtALatch(BarrierScenario):
    """Two meet at a latch, and a third aborts."""

    @task
    async def first(self) -> None:
        await self.come(self.hands.first)

    @task
    async def second(self) -> None:
        await self.come(self.hands.second)

    @task
    def aborter(self) -> None:
        self.barrier.abort()
        assert self.barrier.broken

    def check(self) -> None:
        # A wait for an open latch that begins after an abort does not pass; two that wait have the same outcome.
        assert self.outcomes.count(None) in (0, 2), self.outcomes
        assert self.barrier.broken
        assert self.barrier.waiting == 0
