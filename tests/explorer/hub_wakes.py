# SPDX-License-Identifier: ISC
"""Scenarios for the way into a hub: greenlets sleep in it, and other threads wake them."""

# A hub of each library is played, in gevent_hubs.py and eventlet_hubs.py. What is played of it is the order in which it
# looks, and what it does when it is used too late. Greenlets are not played: who sleeps runs the hub in his own task, until
# it switches to him. If another is to sleep beside him, the hub calls that one, who then runs the hub, too; so the last
# to fall asleep is the first to go on.

from __future__ import annotations

import abc
from _thread import get_ident
from collections import deque
from typing import Any, Callable

from aiologic.testing import Scenario, switch, task

from .sleepers import Bell, GoneError, Turn


class Hub(abc.ABC):
    """A hub, and the thread that it is of."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.thread = 0  # whose greenlets it looks after
        self.runs = False  # and not one of its greenlets
        self.is_time_up = False
        self.ready: deque[Callable[[], object]] = deque()  # to be called in this turn

    def pass_time(self) -> None:
        """All timers are due from now on, says another thread."""
        self.is_time_up = True
        self.bell.ring()

    def run_until(self, is_over: Callable[[], bool]) -> None:
        """Run, until it has switched to the one who asks."""
        self.runs = True
        try:
            while not is_over():
                if self.ready:
                    self.ready.popleft()()
                else:
                    self.take_turn()
        finally:
            self.runs = False

    def switch_to(self, function: Callable[[], object]) -> None:
        """As the hub: switch to a greenlet that runs it."""
        self.runs = False
        try:
            function()
        finally:
            self.runs = True

    @abc.abstractmethod
    def take_turn(self) -> None:
        """See what there is to call, and sleep if there is nothing."""

    @abc.abstractmethod
    def call_soon(self, function: Any, *args: object) -> None:
        """Have it called in the next turn."""

    @abc.abstractmethod
    def take_thread_local(self) -> object:
        """The object that dies with its thread."""

    @abc.abstractmethod
    def create_waiter(self) -> Any:
        """One of the backend's, for a greenlet of this hub."""

    @abc.abstractmethod
    def left(self) -> list[Any]:
        """Who is still in the entrance."""

    @abc.abstractmethod
    def check(self) -> None:
        """Raise if something is wrong with it, now that nobody sleeps."""


hubs: list[Any] = []  # that of this run


def may_block_here() -> Any:
    """In place of the real one: the hub of the thread whose greenlets sleep."""
    return hubs[0]


def is_awake(hub: Hub) -> bool:
    """In place of the real one, which asks the library."""
    return hub.thread == get_ident() and not hub.runs


class Wake(Scenario):
    """A greenlet sleeps, and another thread wakes it."""

    time_out: float | None = None  # of the one who sleeps

    def __init__(self, make_hub: Callable[[], Hub]) -> None:
        self.make_hub = make_hub

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make_hub.__name__})"

    def setup(self) -> None:
        self.hub: Any = self.make_hub()
        hubs[:] = [self.hub]
        self.turns: list[Turn] = []
        self.turn = self.new_turn()
        self.thread_local = self.hub.take_thread_local()
        self.waker_ends = Bell()

    def new_turn(self) -> Turn:
        turn = Turn(self.hub.create_waiter())
        self.turns.append(turn)
        return turn

    @task
    def sleeper(self) -> None:
        self.hub.thread = get_ident()
        self.sleep()

    def sleep(self) -> None:
        self.turn.await_green(self.time_out)

    @task
    def waker(self) -> None:
        self.wake()
        self.waker_ends.ring()

    def wake(self) -> None:
        self.turn.grant()

    def end_thread(self) -> None:
        self.thread_local = None

    def check(self) -> None:
        self.hub.check()
        self.end_thread()
        assert not any(self.hub.left()), "somebody is left in the entrance"
        for turn in self.turns:
            turn.check()


class WakeAndTime(Wake):
    """It is woken, and then its time is up; the hub may hear of both at once."""

    time_out = 1

    def wake(self) -> None:
        self.turn.grant()
        self.hub.pass_time()


class TimeAndWake(WakeAndTime):
    """Its time is up, and then it is woken."""

    def wake(self) -> None:
        self.hub.pass_time()
        self.turn.grant()


class WakeAgainstTime(WakeAndTime):
    """Its time is up meanwhile."""

    def wake(self) -> None:
        self.turn.grant()

    @task
    def clock(self) -> None:
        self.hub.pass_time()


class SleepsAgain(WakeAndTime):
    """It gives up, and sleeps once more, until it is woken: late wake-ups must not disturb that."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()

    def sleep(self) -> None:
        super().sleep()
        self.second.await_green()

    def wake(self) -> None:
        super().wake()
        self.second.grant()


class WakeTwo(Wake):
    """Two sleep in the hub, and two threads wake one each."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()
        self.hub.call_soon(self.hub.switch_to, self.second.await_green)

    @task
    def another(self) -> None:
        self.second.grant()


class WakeFromBothSides(Wake):
    """Two sleep in the hub; one is woken by a thread, and wakes the other."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()
        self.hub.call_soon(self.hub.switch_to, self.hand_over)

    def hand_over(self) -> None:
        self.second.await_green()
        self.turn.grant()

    def wake(self) -> None:
        self.second.grant()


class WakeAgainstEndOfThread(Wake):
    """The thread ends meanwhile, and its hub is never heard of again."""

    def setup(self) -> None:
        super().setup()
        self.hub.call_soon(self.end)

    def end(self) -> None:
        switch()
        self.end_thread()
        self.waker_ends.wait()
        raise GoneError
