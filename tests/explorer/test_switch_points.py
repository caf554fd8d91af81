# SPDX-License-Identifier: ISC
"""Nothing is lost by switching only before bytecodes that are felt by other tasks."""

from __future__ import annotations

import threading
from types import ModuleType

import pytest
from aiologic import BinarySemaphore, Condition, Event, Lock, Queue, QueueEmpty
from aiologic._runtime.detect import worlds
from aiologic.testing import Cancelled, Scenario, Violation, explore, task


class Outcomes(Scenario):
    """Collects the outcomes of all runs."""

    def __init__(self) -> None:
        self.outcomes: set[tuple[object, ...]] = set()


class OfAnEvent(Outcomes):
    def setup(self) -> None:
        self.event = Event()
        self.seen: list[object] = []

    @task(cancellable=True)
    def waiter(self) -> None:
        try:
            self.seen += ["waited", self.event.wait(timeout=1)]
        except Cancelled:
            self.seen += ["cancelled"]

    @task
    def setter(self) -> None:
        self.seen += ["waiting", self.event.waiting]
        self.event.set()
        self.seen += ["set"]

    def check(self) -> None:
        queue = self.event._queue
        left = None if queue is None else len(queue)
        self.outcomes.add((*self.seen, left))


class OfASemaphore(Outcomes):
    def setup(self) -> None:
        self.semaphore = BinarySemaphore()
        self.seen: list[object] = []

    @task
    def one(self) -> None:
        self.seen += [1, self.semaphore.green_acquire(timeout=1)]
        self.semaphore.release()
        self.seen += [1]

    @task
    async def other(self) -> None:
        self.seen += [2, await self.semaphore.async_acquire(blocking=False)]
        self.semaphore.release()
        self.seen += [2]

    def check(self) -> None:
        self.outcomes.add((*self.seen, self.semaphore.value))


class OfACondition(Outcomes):
    time_passes = True  # if the notifier is first

    def setup(self) -> None:
        self.condition = Condition(Lock())
        self.seen: list[object] = []

    @task
    async def waiter(self) -> None:
        async with self.condition:
            self.seen += ["waited", await self.condition.async_wait(timeout=1)]
        self.seen += ["left"]

    @task
    def notifier(self) -> None:
        with self.condition:
            self.seen += ["notified", self.condition.notify()]
        self.seen += ["out"]

    def check(self) -> None:
        self.outcomes.add((*self.seen, self.condition.waiting))


class OfAQueue(Outcomes):
    def setup(self) -> None:
        self.queue = Queue[int](1)
        self.seen: list[object] = []

    @task
    async def producer(self) -> None:
        await self.queue.async_put(1)
        self.seen += ["put"]

    @task
    def consumer(self) -> None:
        try:
            self.seen += ["got", self.queue.green_get(timeout=1)]
        except QueueEmpty:
            self.seen += ["empty"]

    def check(self) -> None:
        self.outcomes.add((*self.seen, len(self.queue)))


@pytest.mark.parametrize("scenario", [OfAnEvent, OfASemaphore, OfACondition, OfAQueue])
@pytest.mark.parametrize("preemptions", [0, 1])
def test_every_bytecode_leads_to_the_same_outcomes(
    scenario: type[Outcomes], preemptions: int
) -> None:
    few, all_ = scenario(), scenario()

    fewer = explore(few, preemptions=preemptions)
    more = explore(all_, preemptions=preemptions, every_bytecode=True)

    assert few.outcomes == all_.outcomes
    assert fewer.schedules < more.schedules or preemptions == 0


class Doubtful:
    """A primitive of another module, which counts in two steps."""

    def __init__(self) -> None:
        self.count = 0

    def add(self) -> None:
        self.count += 1


class Dying:
    """Dies as its call returns, and its finalizer takes steps, too."""

    def __init__(self, log: list[str]) -> None:
        self.log = log

    def __call__(self) -> None:
        self.log.append("called")

    def __del__(self) -> None:
        self.log.append("died")


class Adding(Scenario):
    def setup(self) -> None:
        self.doubtful = Doubtful()

    @task
    def one(self) -> None:
        self.doubtful.add()

    @task
    def other(self) -> None:
        self.doubtful.add()

    def check(self) -> None:
        if self.doubtful.count != 2:
            raise AssertionError("an addition is lost")


def test_modules_of_others_are_tested_when_named() -> None:
    assert explore(Adding).schedules == 2
    with pytest.raises(Violation, match="an addition is lost"):
        explore(Adding, trace=[this_module()])


def test_nothing_is_left_behind() -> None:
    before = set(threading.enumerate())

    explore(OfAnEvent, preemptions=0)
    with pytest.raises(Violation):
        explore(Adding, trace=[this_module()])

    assert set(threading.enumerate()) <= before
    assert "virtual" not in worlds.registry.entries
    assert "virtual_async" not in worlds.registry.entries


def this_module() -> ModuleType:
    """To be named by who wants its classes under test."""
    module = ModuleType(__name__)
    module.__file__ = __file__
    return module
