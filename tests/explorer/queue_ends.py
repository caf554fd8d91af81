# SPDX-License-Identifier: ISC
"""Scenarios for queues that are shut down."""

from __future__ import annotations

from aiologic.testing import switch, task

from .queues import CancellationAgainstGet, QueueScenario, check_conservation, contents


class ShutdownAgainstPut(QueueScenario):
    """A put is either refused, or its item can be got afterwards."""

    immediate = False

    @task
    async def producer(self) -> None:
        for item in 1, None, None:
            await self.puts(self.hands.first, item)

    @task
    async def closer(self) -> None:
        self.queue.shutdown(self.immediate)

    def check(self) -> None:
        if self.immediate:
            # Including items that it no longer shows.
            assert self.queue.unfinished_tasks == 0, "something was not discarded"
            assert not contents(self.queue)
            return
        super().check()
        assert self.queue.unfinished_tasks == len(self.put)


class ImmediateShutdownAgainstPut(ShutdownAgainstPut):
    """Afterwards no item is left, and no task is unfinished."""

    immediate = True


class ShutdownAgainstGet(QueueScenario):
    """A task that waits for an item is told that none will come."""

    @task
    async def consumer(self) -> None:
        while await self.gets(self.hands.first):
            pass

    @task
    async def closer(self) -> None:
        assert await self.puts(self.hands.second, 1)
        self.queue.shutdown()

    def check(self) -> None:
        assert self.got == [1]
        super().check()


class ShutdownAgainstWaitingPut(CancellationAgainstGet):
    """A task that waits for a place is told that there will be none; or it got one before."""

    @task
    async def consumer(self) -> None:
        self.queue.shutdown()


class ShutdownAgainstBoth(QueueScenario):
    """All that was put is got by tasks that only end when the queue has ended."""

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, 1)
        await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        while await self.gets(self.hands.second):
            pass

    @task
    async def closer(self) -> None:
        self.queue.shutdown()

    def check(self) -> None:
        super().check()
        assert not contents(self.queue), "the consumer went home too early"


class ImmediateShutdownAgainstBoth(ShutdownAgainstBoth):
    """All that is not got is discarded, and all tasks end."""

    @task
    async def closer(self) -> None:
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        assert not contents(self.queue)
        left = self.queue.unfinished_tasks - len(self.got)
        assert left == 0, "something was not discarded"


class ImmediateShutdownAgainstCancellation(QueueScenario):
    """A task that leaves when an item was promised to it, or is about to be, makes sure that the item is discarded."""

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.gets(self.hands.first)

    @task
    async def closer(self) -> None:
        self.queue.put_nowait(1)
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        left = self.queue.unfinished_tasks - len(self.got)
        assert left == 0, "something was not discarded"
        check_conservation(self.queue)


class ImmediateShutdownAndAnother(ImmediateShutdownAgainstCancellation):
    """The same with an empty queue, and another waiting task, which must not be told too early."""

    @task
    async def closer(self) -> None:
        self.queue.shutdown(immediate=True)

    @task
    async def patient(self) -> None:
        await self.gets(self.hands.third)


class TwoShutdowns(ShutdownAgainstGet):
    """Two shut it down at once."""

    @task
    async def other(self) -> None:
        switch()
        if self.put:
            self.queue.shutdown()
