# SPDX-License-Identifier: ISC
"""What the explorer finds, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic import BinarySemaphore, Event, Lock
from aiologic.testing import (
    Cancelled,
    Scenario,
    Violation,
    explore,
    replay,
    switch,
    task,
)

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter


class Overlap(Scenario):
    """Two tasks are inside at once, since nothing excludes them."""

    def setup(self) -> None:
        self.semaphore = BinarySemaphore()
        self.inside = 0

    def work(self) -> None:
        self.inside += 1
        switch()
        self.semaphore.release()
        self.inside -= 1

    @task
    def one(self) -> None:
        self.work()

    @task
    def other(self) -> None:
        self.work()

    def invariant(self) -> None:
        if self.inside > 1:
            raise AssertionError("two are inside")


def test_a_broken_invariant_is_found_in_mid_run() -> None:
    with pytest.raises(
        Violation, match=r"invariant is broken.*two are inside"
    ) as found:
        explore(Overlap, preemptions=0)

    with pytest.raises(Violation) as again:
        replay(Overlap, found.value.schedule)
    assert again.value.story == found.value.story


class Illegitimate(Scenario):
    def setup(self) -> None:
        self.lock = Lock()

    @task
    def thief(self) -> None:
        self.lock.green_release()


def test_an_exception_of_a_task_is_found() -> None:
    with pytest.raises(
        Violation, match="thief raised RuntimeError: release unlocked"
    ) as found:
        explore(Illegitimate)

    assert isinstance(found.value.__cause__, RuntimeError)


class TakenForever(Scenario):
    """What the final check asks for is gone."""

    def setup(self) -> None:
        self.semaphore = BinarySemaphore()

    @task
    def taker(self) -> None:
        self.semaphore.green_acquire()

    def check(self) -> None:
        if not self.semaphore.value:
            raise AssertionError("gone")


def test_a_failed_check_is_found() -> None:
    with pytest.raises(Violation, match="in the end, AssertionError: gone"):
        explore(TakenForever)


class NeverUnparked(Event):
    """An event that decides its waiters, but does not unpark them."""

    __slots__ = ()

    def set(self) -> None:
        self._is_set = True
        queue = self._queue
        while queue and queue.first():
            pass


class LostWakeUp(Scenario):
    def setup(self) -> None:
        self.event = NeverUnparked()

    @task
    def waiter(self) -> None:
        self.event.wait()

    @task
    def setter(self) -> None:
        self.event.set()


def test_a_lost_wake_up_is_told_from_a_deadlock() -> None:
    with pytest.raises(Violation, match=r"lost wake-up: .*granted, but never unparked"):
        explore(LostWakeUp, preemptions=0)


class Spinning(Scenario):
    def setup(self) -> None:
        self.event = Event()

    @task
    def spinner(self) -> None:
        while not self.event.is_set():
            self.event.wait(timeout=0)


def test_a_task_that_spins_is_stopped() -> None:
    with pytest.raises(Violation, match="no end"):
        explore(Spinning)


class Restless(Scenario):
    """Behaves differently in every run."""

    runs = 0

    def setup(self) -> None:
        type(self).runs += 1
        self.event = Event()

    @task
    def one(self) -> None:
        for _ in range(self.runs % 3):
            self.event.set()

    @task
    def other(self) -> None:
        self.event.set()


def test_a_scenario_that_changes_is_refused() -> None:
    with pytest.raises(RuntimeError, match="does not behave alike"):
        explore(Restless)


class Learning(Scenario):
    """Behaves differently only in its first run, like code that fills a cache or imports something then."""

    runs = 0

    def setup(self) -> None:
        type(self).runs += 1
        self.event = Event()

    @task
    def one(self) -> None:
        for _ in range(3 if self.runs == 1 else 1):
            self.event.set()

    @task
    def other(self) -> None:
        self.event.set()


def test_what_happens_once_in_a_process_is_forgiven() -> None:
    report = explore(Learning)

    assert report.schedules < Learning.runs
    assert report.schedules == explore(Learning).schedules


def test_a_scenario_without_tasks_is_refused() -> None:
    with pytest.raises(TypeError, match="no method marked"):
        explore(Scenario)


# -- time-outs and cancellations ------------------------------------------------------------------------------------


class Counted(BinarySemaphore):
    """A semaphore that records when a grant was passed on."""

    __slots__ = ("passed_on",)

    passed_on: bool

    def _take_back(self, waiter: Waiter) -> None:
        self.passed_on = True
        super()._take_back(waiter)


class Endings(Scenario):
    """Collects, over all runs, how a wait can end."""

    def __init__(self) -> None:
        self.endings: set[tuple[object, bool, int]] = set()

    def setup(self) -> None:
        self.semaphore = Counted(0)
        self.semaphore.passed_on = False
        self.ending: object = None

    @task(cancellable=True)
    async def waiter(self) -> None:
        try:
            self.ending = await self.semaphore.async_acquire(timeout=1)
        except Cancelled:
            self.ending = Cancelled
            raise

    @task
    def releaser(self) -> None:
        self.semaphore.release()

    def check(self) -> None:
        semaphore = self.semaphore
        self.endings.add((self.ending, semaphore.passed_on, semaphore.value))


def test_a_wait_is_seen_to_end_in_each_way() -> None:
    scenario = Endings()

    explore(scenario, preemptions=1)

    assert scenario.endings == {
        (True, False, 0),
        (False, False, 1),
        (Cancelled, False, 1),
        (Cancelled, True, 1),  # granted, then cancelled
    }


class Unforeseen(Scenario):
    """Time runs out, since no task ever releases."""

    def setup(self) -> None:
        self.semaphore = BinarySemaphore(0)

    @task
    def waiter(self) -> None:
        if self.semaphore.green_acquire(timeout=1):
            raise AssertionError("nobody has released")


class Foreseen(Unforeseen):
    time_passes = True


def test_a_time_out_does_not_hide_a_deadlock() -> None:
    with pytest.raises(Violation, match="deadlock"):
        explore(Unforeseen)

    assert explore(Foreseen).schedules == 1


class Uncancellable(Endings):
    """A task that is not marked as cancellable is never cancelled."""

    @task
    async def waiter(self) -> None:
        self.ending = await self.semaphore.async_acquire(timeout=1)


def test_only_marked_tasks_are_cancelled() -> None:
    scenario = Uncancellable()

    explore(scenario, preemptions=1)

    assert scenario.endings == {(True, False, 0), (False, False, 1)}
