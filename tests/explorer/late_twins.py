# SPDX-License-Identifier: ISC
"""Scenarios in which several put the same object into a queue that is shut down meanwhile."""

from __future__ import annotations

from typing import Any

from aiologic import Queue, QueueShutDown
from aiologic.testing import task

from .hands import GREEN
from .queues import QueueScenario


class LateTwins(QueueScenario):
    """Two put the same object, and both come behind the end."""

    def __init__(self, make: Any = Queue) -> None:
        super().__init__(make, GREEN)

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(0)
        self.put.append(0)
        self.row = self.queue._row  # all have found an open queue
        self.before()

    def before(self) -> None:
        self.queue.shutdown()

    def puts_it(self) -> None:
        """What ``put_nowait()`` does from there on."""
        queue: Queue[Any] = self.queue
        next(queue._announce)
        self.row.append(1)
        try:
            if queue._is_open:
                queue._free.append(None)
            else:
                queue._come_late(1)
        except QueueShutDown:
            return
        self.put.append(1)

    @task
    async def first(self) -> None:
        self.puts_it()

    @task
    async def second(self) -> None:
        self.puts_it()

    def check(self) -> None:
        super().check()
        unfinished = self.queue.unfinished_tasks
        assert unfinished == len(self.put), f"{unfinished} are unfinished"


class LateTriplets(LateTwins):
    """The same with three of them."""

    @task
    async def third(self) -> None:
        self.puts_it()


class TwinsAgainstShutdown(LateTwins):
    """None, one, or both come behind the end; of that many, the puts are refused."""

    def before(self) -> None:
        """It is open yet."""

    @task
    async def closer(self) -> None:
        self.queue.shutdown()


class ClaimsTheFirst(Queue[Any]):
    """A planted bug: of the positions that nobody has claimed, the first is claimed, and not the last."""

    __slots__ = ()

    def _claim(self, item: Any, behind: list[Any]) -> bool:
        me = object()
        return any(
            other is item and self._claims.setdefault(place, me) is me
            for place, other in enumerate(behind)
        )
