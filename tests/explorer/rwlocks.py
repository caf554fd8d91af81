# SPDX-License-Identifier: ISC
"""Scenarios for the readers-writer lock."""

# Every scenario checks three properties:
#
# exclusion     a writer is inside alone
# order         a task that was queued when another came is served, or has left, before that other is served
# conservation  in the end the lock is free, no task waits, and the turn is in its place

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
from aiologic.testing import Cancelled, Scenario, switch, task

from .permits import LONG, check_queue, overtaken_in_line, standing

if TYPE_CHECKING:
    from .hands import Async, Green, Hands


class RWScenario(Scenario):
    """What these scenarios have in common."""

    def __init__(self, make: Callable[[], aiologic.RWLock], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make.__name__}, {self.hands.name})"

    def setup(self) -> None:
        self.lock = self.make()
        self.readers = 0
        self.writers = 0
        self.gave_up = False
        self.is_in = aiologic.Event()
        self.other_is_in = aiologic.Event()

    async def read(self, hand: Green | Async, **how: Any) -> bool:
        return await self.visit(hand, False, **how)

    async def write(self, hand: Green | Async, **how: Any) -> bool:
        return await self.visit(hand, True, **how)

    async def visit(
        self, hand: Green | Async, writes: bool, *, dwell: bool = True, **how: Any
    ) -> bool:
        """Acquire, be inside (while others can run), release."""
        if not await self.come_in(hand, writes, **how):
            return False
        if dwell:
            switch()
        self.go_out(hand, writes)
        return True

    async def come_in(self, hand: Green | Async, writes: bool, **how: Any) -> bool:
        before = standing(self.lock)
        side = self.lock.writing if writes else self.lock.reading
        if not await hand.acquire(side, **how):
            return False
        assert not overtaken_in_line(before, self.lock), (
            "somebody who had come earlier was overtaken"
        )
        self.count(writes, 1)
        return True

    def go_out(self, hand: Green | Async, writes: bool) -> None:
        self.count(writes, -1)
        hand.release(self.lock.writing if writes else self.lock.reading)

    def count(self, writes: bool, change: int) -> None:
        if writes:
            self.writers += change
        else:
            self.readers += change
        assert self.writers <= 1, "two write at once"
        assert not (self.writers and self.readers), "one reads while another writes"

    def check(self) -> None:
        holders = self.lock._newest().holders
        assert holders == 0, f"{holders} hold the lock"
        assert self.lock._writer is None, "a free lock has a writer"
        assert not self.lock._readers, "a free lock has readers"
        assert self.lock.waiting == 0, f"{self.lock.waiting} wait for a free lock"
        check_queue(self.lock._queue)


class ReaderAgainstWriter(RWScenario):
    """One reads, one writes."""

    @task
    async def reader(self) -> None:
        assert await self.read(self.hands.first)

    @task
    async def writer(self) -> None:
        assert await self.write(self.hands.second)


class TwoWriters(RWScenario):
    """Each writes once."""

    @task
    async def first(self) -> None:
        assert await self.write(self.hands.first)

    @task
    async def second(self) -> None:
        assert await self.write(self.hands.second)


class ReadersAgainstWriter(ReaderAgainstWriter):
    """Two tasks read, each before or after the writer."""

    @task
    async def other(self) -> None:
        assert await self.read(self.hands.third)


class ReaderAgainstWriters(ReaderAgainstWriter):
    """Two tasks write, and one reads before, between, or after them."""

    @task
    async def other(self) -> None:
        assert await self.write(self.hands.third)


class ReadersThatDoNotWait(RWScenario):
    """Readers are never refused because of other readers."""

    @task
    async def first(self) -> None:
        assert await self.read(self.hands.first, blocking=False), "reader refused"

    @task
    async def second(self) -> None:
        assert await self.read(self.hands.second, blocking=False), "reader refused"


class AttemptsOfBothKinds(RWScenario):
    """A reader and a writer try without waiting: at least one succeeds."""

    def setup(self) -> None:
        super().setup()
        self.succeeded = 0

    @task
    async def reader(self) -> None:
        self.note(await self.read(self.hands.first, blocking=False))

    @task
    async def writer(self) -> None:
        self.note(await self.write(self.hands.second, blocking=False))

    def note(self, succeeded: bool) -> None:
        self.succeeded += succeeded

    def check(self) -> None:
        super().check()
        assert self.succeeded, "both were refused"


class Phase(RWScenario):
    """Two that come while another writes read together: each stays until the other is inside."""

    def setup(self) -> None:
        super().setup()
        self.begun = aiologic.Event()

    @task
    async def writer(self) -> None:
        assert await self.come_in(self.hands.first, True)
        self.begun.set()
        switch()
        self.go_out(self.hands.first, True)

    @task
    async def one(self) -> None:
        await self.meet(self.hands.second, self.is_in, self.other_is_in)

    @task
    async def other(self) -> None:
        await self.meet(self.hands.third, self.other_is_in, self.is_in)

    async def meet(
        self, hand: Green | Async, mine: aiologic.Event, others: aiologic.Event
    ) -> None:
        await hand.wait(self.begun)
        assert await self.come_in(hand, False)
        mine.set()
        await hand.wait(others)
        self.go_out(hand, False)


class TimedOutWriterInFront(RWScenario):
    """One reads until another does, too; between them, a writer waits until its time is up."""

    time_passes = True

    @task
    async def inside(self) -> None:
        assert await self.come_in(self.hands.first, False)
        await self.hands.first.wait(self.is_in)
        self.go_out(self.hands.first, False)

    @task
    async def writer(self) -> None:
        await self.write(self.hands.second, dwell=False, timeout=LONG)

    @task
    async def behind(self) -> None:
        assert await self.come_in(self.hands.third, False)
        self.is_in.set()
        self.go_out(self.hands.third, False)


class CancelledWriterInFront(RWScenario):
    """The same, but the writer is cancelled; if it is not, the reader inside times out in the end."""

    time_passes = True
    timeouts = 0  # only when no other task can go on

    @task
    async def inside(self) -> None:
        assert await self.come_in(self.hands.first, False)
        if not await self.hands.first.wait(self.is_in, timeout=LONG):
            left = self.gave_up and self.lock.waiting
            assert not left, "a reader still waits behind a cancelled writer"
        self.go_out(self.hands.first, False)

    @task(cancellable=True)
    async def writer(self) -> None:
        try:
            assert await self.write(self.hands.second, dwell=False)
        except Cancelled:
            self.gave_up = True
            raise

    @task
    async def behind(self) -> None:
        assert await self.come_in(self.hands.third, False)
        self.is_in.set()
        self.go_out(self.hands.third, False)


class LeavingScenario(RWScenario):
    """A reader leaves, or a writer."""

    def __init__(self, writes: bool, *args: Any) -> None:
        super().__init__(*args)
        self.writes = writes

    def describe(self) -> str:
        return f"{super().describe()}, {'writer' if self.writes else 'reader'}"

    @task
    async def holder(self) -> None:
        assert await self.write(self.hands.first)


class TimeoutAgainstRelease(LeavingScenario):
    """Time runs out for a waiter while the holder releases."""

    @task
    async def impatient(self) -> None:
        await self.visit(self.hands.second, self.writes, dwell=False, timeout=LONG)


class CancellationAgainstRelease(LeavingScenario):
    """A waiter is cancelled while the holder releases."""

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.visit(self.hands.second, self.writes, dwell=False)


class CancellationInFrontOfOthers(CancellationAgainstRelease):
    """The same, and a writer is queued behind, or in front of, the task that leaves."""

    @task
    async def patient(self) -> None:
        assert await self.write(self.hands.third, dwell=False)


class DowngradeLetsIn(RWScenario):
    """A writer becomes a reader, and stays until another reads, too."""

    @task
    async def writer(self) -> None:
        hand = self.hands.first
        assert await self.come_in(hand, True)
        self.count(True, -1)
        self.readers += 1
        hand.downgrade(self.lock)
        await hand.wait(self.is_in)
        self.go_out(hand, False)

    @task
    async def reader(self) -> None:
        assert await self.come_in(self.hands.second, False)
        self.is_in.set()
        self.go_out(self.hands.second, False)


class DowngradeAgainstNewcomer(RWScenario):
    """A writer becomes a reader while another wants to write: what the first wrote is still there."""

    def setup(self) -> None:
        super().setup()
        self.written = ""

    @task
    async def first(self) -> None:
        hand = self.hands.first
        assert await self.come_in(hand, True)
        self.written = "by the first"
        self.count(True, -1)
        self.readers += 1
        hand.downgrade(self.lock)
        switch()
        assert self.written == "by the first", "a writer came in between"
        self.go_out(hand, False)

    @task
    async def second(self) -> None:
        assert await self.come_in(self.hands.second, True)
        self.written = "by the second"
        self.go_out(self.hands.second, True)


class DowngradeAgainstBoth(DowngradeAgainstNewcomer):
    """The same, and a reader comes as well."""

    @task
    async def reader(self) -> None:
        assert await self.read(self.hands.third)


class IllegitimateRelease(RWScenario):
    """A task releases what another holds, or what is free: an error, without effect."""

    @task
    async def holder(self) -> None:
        assert await self.write(self.hands.first)

    @task
    async def thief(self) -> None:
        try:
            self.hands.second.release(self.lock.reading)
        except RuntimeError:
            return
        raise AssertionError("a lock was released by somebody else")
