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
from typing import TYPE_CHECKING, Any, Callable

from aiologic.testing import switch, task

from . import wakes
from .sleepers import Bell, GoneError

if TYPE_CHECKING:
    import pytest


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


class Wake(wakes.Wake):
    """A greenlet sleeps."""

    def __init__(self, make_hub: Callable[[], Hub]) -> None:
        self.make_hub = make_hub

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make_hub.__name__})"

    def setup(self) -> None:
        self.hub: Any = self.make_hub()
        hubs[:] = [self.hub]
        super().setup()
        self.thread_local = self.hub.take_thread_local()

    def create_waiter(self) -> Any:
        return self.hub.create_waiter()

    def pass_time(self) -> None:
        self.hub.pass_time()

    @task
    def runner(self) -> None:
        self.hub.thread = get_ident()
        self.sleep()

    def sleep(self) -> None:
        self.turn.await_green(self.time_out)

    def end_thread(self) -> None:
        self.thread_local = None

    def check(self) -> None:
        self.hub.check()
        self.end_thread()
        assert not any(self.hub.left()), "somebody is left in the entrance"
        super().check()


class WakeAndTime(wakes.WakeAndTime, Wake): ...


class TimeAndWake(wakes.TimeAndWake, Wake): ...


class WakeAgainstTime(wakes.WakeAgainstTime, Wake): ...


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


# What is searched for the hub of each library.
OF_TWO: list[Any] = [
    Wake,
    WakeAndTime,
    TimeAndWake,
    SleepsAgain,
    WakeFromBothSides,
    WakeAgainstEndOfThread,
]
OF_THREE: list[Any] = [WakeAgainstTime, WakeTwo]


def play(monkeypatch: pytest.MonkeyPatch, waiter_module: Any) -> None:
    """Let a backend's waiters sleep in the hub that is played."""
    monkeypatch.setattr(waiter_module, "may_block_here", may_block_here)
    monkeypatch.setattr(waiter_module, "is_awake", is_awake)
