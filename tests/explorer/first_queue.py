# SPDX-License-Identifier: ISC
"""The scenario of two tasks that both are the first to need a primitive's queue."""

from __future__ import annotations

from typing import Any

from aiologic._engine import newborn, waitqueue
from aiologic.testing import Scenario, task


class Queued:
    """An object that can have a queue."""

    _queue: Any = None


class FirstQueue(Scenario):
    """Both must get the same queue, and no other queue may be left over."""

    def setup(self) -> None:
        newborn._newborn.clear()
        self.primitive = Queued()
        self.queues: list[Any] = []

    @task
    def one(self) -> None:
        self.queues.append(waitqueue.queue_for(self.primitive))

    @task
    def other(self) -> None:
        self.queues.append(waitqueue.queue_for(self.primitive))

    def check(self) -> None:
        assert all(queue is self.primitive._queue for queue in self.queues), (
            "some waiters stand where nobody looks"
        )
        assert not newborn._newborn, "a newborn queue is left over"


class FirstQueueOfThree(FirstQueue):
    """The same with one more task."""

    @task
    def another(self) -> None:
        self.queues.append(waitqueue.queue_for(self.primitive))
