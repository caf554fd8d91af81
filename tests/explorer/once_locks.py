# SPDX-License-Identifier: ISC
"""Scenarios for a lock that opens at its first release."""

from __future__ import annotations

from typing import Any

from aiologic._once_lock import open_it
from aiologic.lowlevel import create_thread_oncelock
from aiologic.testing import Scenario, switch, task

from .permits import LONG


class OnceLockScenario(Scenario):
    """What these scenarios have in common: one task makes what all find, and in the end the lock is open."""

    def setup(self) -> None:
        self.lock = create_thread_oncelock()
        self.made: list[str] = []
        self.making = 0

    def make(self, who: str) -> None:
        """Called inside: make it, if it is not there."""
        if not self.made:
            self.making += 1
            switch()
            self.made.append(who)
            self.making -= 1

    def use(self, who: str) -> None:
        with self.lock:
            self.make(who)
            switch()

    def invariant(self) -> None:
        assert self.making <= 1, "two make it at once"
        assert len(self.made) <= 1, "it was made twice"

    def check(self) -> None:
        assert self.made, "nobody has made it"
        assert not self.lock.locked(), "it is still held"
        assert self.lock.acquire(False), "it is not open"


class TwoUsers(OnceLockScenario):
    """Two need it at once."""

    @task
    def one(self) -> None:
        self.use("one")

    @task
    def other(self) -> None:
        self.use("other")


class ThreeUsers(TwoUsers):
    """Three need it at once; two wait together, or come when it is open."""

    @task
    def third(self) -> None:
        self.use("third")


class TwiceInside(OnceLockScenario):
    """Its holder enters it again: only the outermost release opens it."""

    @task
    def holder(self) -> None:
        with self.lock:
            with self.lock:
                switch()
            self.make("holder")

    @task
    def other(self) -> None:
        self.use("other")


class TimeoutAgainstRelease(OnceLockScenario):
    """Time runs out for a waiter as it is opened."""

    @task
    def holder(self) -> None:
        self.use("holder")

    @task
    def impatient(self) -> None:
        if self.lock.acquire(True, LONG):
            self.make("impatient")
            self.lock.release()


class NewcomerAgainstRelease(OnceLockScenario):
    """A newcomer tries without waiting: the result must be true."""

    @task
    def holder(self) -> None:
        self.use("holder")

    @task
    def newcomer(self) -> None:
        if self.lock.acquire(False):
            self.make("newcomer")
            self.lock.release()


class GivenBackForAWhile(OnceLockScenario):
    """Its holder releases it as a condition does: that opens it, too."""

    @task
    def holder(self) -> None:
        self.lock.acquire()
        self.lock.acquire()
        self.make("holder")
        if self.lock._is_owned():
            state = self.lock._release_save()
            switch()
            self.lock._acquire_restore(state)
        self.lock.release()
        self.lock.release()

    @task
    def other(self) -> None:
        self.use("other")


class GateOfTwo(Scenario):
    """Two come while a third opens it: the gate is made, found, opened and dropped, and no task is left behind."""

    def setup(self) -> None:
        self.lock = create_thread_oncelock()
        entered: Any = self.lock._once_entered
        entered.append("the holder")
        self.came_through: list[bool] = []

    @task
    def holder(self) -> None:
        open_it(self.lock)

    @task
    def one(self) -> None:
        self.came_through.append(self.lock.acquire())

    @task
    def other(self) -> None:
        self.came_through.append(self.lock.acquire())

    def check(self) -> None:
        assert self.came_through == [True, True]
        assert not self.lock.locked()
