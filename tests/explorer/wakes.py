# SPDX-License-Identifier: ISC
"""What the scenarios for loops, kernels, runs and hubs have in common: one sleeps, and other threads wake it."""

from __future__ import annotations

import abc
from collections import deque
from typing import Any

from aiologic.testing import Scenario, task

from .sleepers import Bell, Turn


class Wake(Scenario, abc.ABC):
    """One sleeps, and another thread wakes it. A subclass knows where it sleeps."""

    time_out: float | None = None  # of the one who sleeps

    def setup(self) -> None:
        self.turns: list[Turn] = []
        self.waker_ends = Bell()
        self.turn = self.new_turn()

    def new_turn(self) -> Turn:
        turn = Turn(self.create_waiter())
        self.turns.append(turn)
        return turn

    @abc.abstractmethod
    def create_waiter(self) -> Any:
        """One of the backend's."""

    @abc.abstractmethod
    def pass_time(self) -> None:
        """The time of all who sleep is up, says another thread."""

    @task
    @abc.abstractmethod
    def runner(self) -> None:
        """Run what it sleeps in, until nobody sleeps any more."""

    @task
    def waker(self) -> None:
        self.wake()
        self.waker_ends.ring()

    def wake(self) -> None:
        self.turn.grant()

    def check(self) -> None:
        for turn in self.turns:
            turn.check()


class WakeAndTime(Wake):
    """It is woken, and then its time is up; both may be noticed at once."""

    time_out = 1

    def wake(self) -> None:
        self.turn.grant()
        self.pass_time()


class TimeAndWake(Wake):
    """Its time is up, and then it is woken."""

    time_out = 1

    def wake(self) -> None:
        self.pass_time()
        self.turn.grant()


class WakeAgainstTime(Wake):
    """Its time is up meanwhile."""

    time_out = 1

    @task
    def clock(self) -> None:
        self.pass_time()


class WakeAll(Wake):
    """All are woken together, as by an event."""

    def wake(self) -> None:
        waiters: deque[Any] = deque()
        for turn in self.turns:
            if turn.waiter.claim():
                turn.is_granted = True
                waiters.append(turn.waiter)
        if waiters:
            type(waiters[0]).unpark_all(waiters)
        assert not waiters, "some are not unparked"
