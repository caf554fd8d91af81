# SPDX-License-Identifier: ISC
"""Scenarios for queues whose items are dealt with, and for those who wait until all are."""

from __future__ import annotations

from aiologic._places import Debt
from aiologic.backends import PENDING
from aiologic.testing import task

from .queues import QueueScenario


class DoneAgainstJoin(QueueScenario):
    """A task that joins goes on when all is done, and not before."""

    def setup(self) -> None:
        super().setup()
        for item in 1, 2:
            self.queue.put_nowait(item)
            self.queue.get_nowait()
        self.done = 0

    @task
    async def worker(self) -> None:
        for _ in range(2):
            self.done += 1
            self.queue.task_done()

    @task
    async def waiter(self) -> None:
        assert await self.hands.second.join(self.queue)
        assert self.done == 2, "not all was done"

    def check(self) -> None:
        assert self.queue.unfinished_tasks == 0


class TwoSayDone(DoneAgainstJoin):
    """Two tasks report the last two items as done at once."""

    @task
    async def worker(self) -> None:
        self.done += 1
        self.queue.task_done()

    @task
    async def other(self) -> None:
        self.done += 1
        self.queue.task_done()


class DoneTooOften(QueueScenario):
    """Two tasks report one item as done: one gets an error, and its report does not count."""

    too_many = 1

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(1)
        self.queue.get_nowait()
        self.refused = 0
        # A wait for all to be done.
        self.joined = self.queue._tally.join(Debt(PENDING))

    def say(self) -> None:
        try:
            self.queue.task_done()
        except ValueError:
            self.refused += 1

    @task
    async def one(self) -> None:
        self.say()

    @task
    async def other(self) -> None:
        self.say()

    def check(self) -> None:
        assert not self.joined, "all is done, and nobody was told"
        assert self.refused == self.too_many
        assert self.queue.unfinished_tasks == 0
        self.queue.put_nowait(2)
        assert self.queue.unfinished_tasks == 1
        self.queue.task_done()


class DoneFarTooOften(DoneTooOften):
    """The same with three tasks."""

    too_many = 2

    @task
    async def third(self) -> None:
        self.say()
