# SPDX-License-Identifier: ISC
"""Scenarios for what never waits on a queue: put_nowait() and peek_nowait()."""

# The properties are those of queues.py. A look at the next item shows one that was put, and never the mark of the end.

from __future__ import annotations

from typing import Any

from aiologic import QueueEmpty, QueueShutDown
from aiologic.testing import switch, task

from .queue_ends import ShutdownAgainstPut
from .queues import ENDS, QueueScenario


class UnwaitingScenario(QueueScenario):
    """What the others have in common."""

    def puts_now(self, item: object) -> bool:
        """Whether it was put."""
        try:
            self.queue.put_nowait(item)
        except ENDS:
            return False
        self.put.append(item)
        return True

    def peeks(self) -> Any:
        """The next item; None if there is none."""
        try:
            item = self.queue.peek_nowait()
        except (QueueEmpty, QueueShutDown):
            return None
        assert item in {1, 2}, f"{item!r} was shown"
        return item


class PutNowAgainstGet(UnwaitingScenario):
    """Whoever waits is served."""

    @task
    async def producer(self) -> None:
        assert self.puts_now(1)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class PutNowAgainstPut(UnwaitingScenario):
    """Two put where there is place for one; then the other is told, or waits until it is served."""

    @task
    async def producer(self) -> None:
        self.puts_now(1)

    @task
    async def putter(self) -> None:
        await self.puts(self.hands.second, "a", blocking=False)

    def check(self) -> None:
        assert self.put, "both were refused"
        super().check()


class PutNowAgainstShutdown(UnwaitingScenario, ShutdownAgainstPut):
    """What is put is either refused, or can be got afterwards."""

    @task
    async def producer(self) -> None:
        for item in 1, None, None:
            self.puts_now(item)


class PutNowAgainstImmediateShutdown(PutNowAgainstShutdown):
    """Afterwards nothing is left, and nothing is to do."""

    immediate = True


class PeekAgainstGet(UnwaitingScenario):
    """One looks while another takes."""

    def setup(self) -> None:
        super().setup()
        assert self.puts_now(1)
        assert self.puts_now(2)

    @task
    async def onlooker(self) -> None:
        seen = [self.peeks() for _ in range(2)]
        assert seen in ([1, 1], [1, 2], [2, 2], [1, None], [2, None], [None, None])

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)
        assert await self.gets(self.hands.second)


class PeekAgainstPut(UnwaitingScenario):
    """One looks while the first item comes."""

    @task
    async def onlooker(self) -> None:
        first, second = self.peeks(), self.peeks()
        assert second is not None or first is None, "an item was not shown again"

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.second, 1)


class PeekAgainstShutdown(UnwaitingScenario):
    """One looks while the queue comes to its end."""

    immediate = False

    @task
    async def onlooker(self) -> None:
        self.peeks()

    @task
    async def closer(self) -> None:
        assert self.puts_now(1)
        switch()
        self.queue.shutdown(self.immediate)
        await self.gets(self.hands.second)

    def check(self) -> None:
        assert self.got == [1], f"{self.got} were got"
        assert self.peeks() is None
        super().check()


class PeekAgainstImmediateShutdown(PeekAgainstShutdown):
    """The same, and nothing can be got."""

    immediate = True

    def check(self) -> None:
        assert not self.got, f"{self.got} were got"
        assert self.peeks() is None
        assert self.queue.unfinished_tasks == 0, "something was not discarded"
