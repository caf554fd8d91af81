# SPDX-License-Identifier: ISC
"""Scenarios for tasks that wait until all is done, and leave, or are several, or find new items; and for the tally."""

# Every scenario checks two properties:
#
# none too early   who is told that all is done: all that had been put before its call is done
# none forgotten   who waits when somebody notices that all is done is told so, even if more is put directly afterwards

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic._engine.waiting import give_up
from aiologic._places import Debt
from aiologic._tally import Tally
from aiologic.backends import PENDING
from aiologic.testing import Scenario, task

from .mutant_tallies import unfinished
from .permits import LONG, check_queue
from .queues import QueueScenario

if TYPE_CHECKING:
    from .hands import Async, Green


class JoinScenario(QueueScenario):
    """A queue of which one item was got, and is still to be dealt with."""

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(1)
        self.queue.get_nowait()
        self.is_done = False

    async def joins(self, hand: Green | Async, **how: Any) -> bool:
        """Wait until all is done; return whether that came true."""
        joined = await hand.join(self.queue, **how)
        assert self.is_done or not joined, "told too early"
        return joined

    @task
    async def worker(self) -> None:
        self.is_done = True
        self.queue.task_done()

    def check(self) -> None:
        check_tally(self.queue._tally)
        assert self.queue.unfinished_tasks == 0


def check_tally(tally: Any) -> None:
    queue = tally._queue
    check_queue(queue)
    assert not tally._moments, "work was left behind"
    if not unfinished(tally):
        assert not queue or not queue.pending(), "somebody waits for ever"


class TimeoutAgainstDone(JoinScenario):
    """A task's time is up while the last item is reported as done."""

    @task
    async def leaver(self) -> None:
        await self.joins(self.hands.second, timeout=LONG)


class CancellationAgainstDone(JoinScenario):
    """A task is cancelled while the last item is reported as done."""

    @task(cancellable=True)
    async def leaver(self) -> None:
        assert await self.joins(self.hands.second)


class TwoJoin(JoinScenario):
    """Two wait; both are told."""

    @task
    async def one(self) -> None:
        assert await self.joins(self.hands.second)

    @task
    async def other(self) -> None:
        assert await self.joins(self.hands.third)


class TallyScenario(Scenario):
    """The count alone: one item is not done, and somebody waits for it. (Waiters of nobody, so no task sleeps.)"""

    def setup(self) -> None:
        self.tally = Tally(1)
        self.first = self.joins()

    def joins(self) -> Debt:
        return self.tally.join(Debt(PENDING))

    @task
    def worker(self) -> None:
        assert self.tally.say_done()

    def check(self) -> None:
        check_tally(self.tally)


class LeaverBehindAnother(TallyScenario):
    """One comes, and leaves, behind another who waits."""

    @task
    def leaver(self) -> None:
        give_up(self.joins())


class PutAfterThat(TallyScenario):
    """As soon as all is done, an item is put, and somebody waits for that one, too."""

    def setup(self) -> None:
        super().setup()
        self.was_noticed = False

    @task
    def feeder(self) -> None:
        self.was_noticed = bool(self.tally._moments)
        next(self.tally.put)
        self.second = self.joins()

    def check(self) -> None:
        super().check()
        assert not self.first or not self.was_noticed, (
            "all was done, and it was not told"
        )
        assert self.second, "told too early"
        assert self.tally.say_done()
        super().check()


class PutAndDoneAfterThat(PutAfterThat):
    """The same, and the second item is done, too."""

    @task
    def feeder(self) -> None:
        super().feeder()
        assert self.tally.say_done()

    def check(self) -> None:
        assert unfinished(self.tally) == 0
        TallyScenario.check(self)


class DoneWhileSomeStay(TallyScenario):
    """A moment has been left behind, and its waiters are woken, while all is done once more: for who came since then."""

    def setup(self) -> None:
        super().setup()
        next(self.tally._done)
        next(self.tally.put)
        self.second = self.joins()
        self.tally._moments.append(1)

    @task
    def worker(self) -> None:
        self.tally.look()

    @task
    def other(self) -> None:
        assert self.tally.say_done()

    def check(self) -> None:
        super().check()
        assert not self.first
        assert not self.second


class PutByWhoIsTold(TallyScenario):
    """A task finds that all is done, and puts an item because of that; who waited before is told as well."""

    @task
    def feeder(self) -> None:
        if not self.tally.unfinished():
            next(self.tally.put)

    def check(self) -> None:
        super().check()
        assert not self.first, "only one of the two was told"


class LastTwoAreDone(TallyScenario):
    """Two report the last two items as done at once: each may find that all is done."""

    def setup(self) -> None:
        super().setup()
        next(self.tally.put)

    @task
    def colleague(self) -> None:
        assert self.tally.say_done()
