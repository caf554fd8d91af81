# SPDX-License-Identifier: ISC
"""Scenarios for a shielded call: it waits in a hub of eventlet's, and what is thrown at its principal comes meanwhile."""

# The hub is the one of eventlet_hubs.py, but the greenlets are real: an exception that is thrown at one of them has to
# come out of its own wait, while the other sleeps on. The backend's shield() and waiters are the real ones.

from __future__ import annotations

from _thread import get_ident
from functools import partial
from typing import Any

from aiologic.testing import Scenario, task
from aiologic_eventlet import _cancellation
from aiologic_eventlet._identity import principals
from eventlet import Timeout
from greenlet import GreenletExit, getcurrent, greenlet

from .eventlet_hubs import EventletHub, Timer
from .hub_wakes import hubs
from .sleepers import Turn


class Hub(EventletHub):
    """A hub with greenlets."""

    has_ended = False
    is_backwards = False  # whether of several timers that are due, the newest is first

    def begin(self) -> None:
        """In its thread."""
        self.thread = get_ident()
        self.greenlet = greenlet(self.run)

    def run(self) -> None:
        while not self.has_ended:
            if self.ready:
                self.ready.popleft()()
            else:
                self.take_turn()

    def take_turn(self) -> None:
        super().take_turn()
        if self.is_backwards:
            self.ready.reverse()

    def switch(self) -> None:
        self.greenlet.switch()

    def schedule_call_global(self, seconds: float, action: Any, *args: Any) -> Timer:
        action = partial(action, *args) if args else action
        return super().schedule_call_global(seconds, action)


def is_awake(hub: Hub) -> bool:
    """In place of the real one, which asks eventlet."""
    return hub.thread == get_ident() and getcurrent() is not hub.greenlet


# Greenlets of runs that failed: if they were collected, they would be ended in another thread than their own.
left_behind: list[greenlet] = []


class StrangeError(BaseException):
    """Nothing that is held back."""


class Shielded(Scenario):
    """A shielded call waits, and another thread grants it what it waits for."""

    def setup(self) -> None:
        self.hub = Hub()
        hubs[:] = [self.hub]
        principals.clear()  # of a run that failed
        self.turn = Turn(self.hub.create_waiter())
        self.thread_local = self.hub.take_thread_local()
        self.helper: Any = None
        self.calls_ended = 0
        self.results: list[object] = []
        self.to_come = self.errors()  # what is thrown when the time is up
        self.heard: list[BaseException] = []

    def errors(self) -> list[BaseException]:
        return []

    @task
    def runner(self) -> None:
        hub = self.hub
        hub.begin()
        principal = greenlet(self.main, hub.greenlet)
        hub.schedule_call_global(0, principal.switch)
        for error in self.to_come:
            hub.schedule_call_global(1, principal.throw, error)
        try:
            hub.switch()
        finally:
            if not principal.dead:
                left_behind.append(principal)
        assert principal.dead, "the principal is left"
        while hub.timers:  # an interruption that comes too late
            hub.timers.pop()()

    def main(self) -> None:
        """What the principal does: make the call, and hear of all that is thrown."""
        self.attempt(self.make_call)
        while len(self.heard) < len(self.to_come):
            self.attempt(self.hub.switch)
        self.hub.has_ended = True

    def attempt(self, call: Any) -> None:
        try:
            call()
        except (GreenletExit, Timeout, StrangeError) as error:
            self.heard.append(error.with_traceback(None))

    def make_call(self) -> None:
        try:
            self.results.append(_cancellation.shield(self.call))
        finally:
            assert self.helper is None or self.helper.dead, "the call goes on by itself"

    def call(self) -> str:
        self.helper = getcurrent()
        self.turn.await_green()
        self.calls_ended += 1
        return "result"

    @task
    def waker(self) -> None:
        self.turn.grant()

    def check(self) -> None:
        self.thread_local = self.helper = None
        self.turn.check()
        assert not principals, "a helper is left"
        assert not any(self.hub.left()), "somebody is left in the entrance"
        assert self.heard == self.to_come, f"{self.heard} is what was heard"
        self.check_call()

    def check_call(self) -> None:
        assert self.calls_ended == 1, "the call was interrupted"
        assert self.results == ["result"], f"{self.results} is what it returned"


class AgainstCancel(Shielded):
    """The principal is cancelled meanwhile, or after the call."""

    def errors(self) -> list[BaseException]:
        return [GreenletExit("first")]

    @task
    def clock(self) -> None:
        self.hub.pass_time()

    def check_call(self) -> None:
        assert self.calls_ended == 1, "the call was interrupted"
        # Either it returns, or it raises what was held back.
        assert self.results in ([], ["result"]), f"{self.results} is what it returned"


class AgainstTwo(AgainstCancel):
    """The same twice: by a kill, and by a time-out."""

    def errors(self) -> list[BaseException]:
        return [GreenletExit("first"), Timeout(None)]


class AgainstThree(AgainstCancel):
    """And three times."""

    def errors(self) -> list[BaseException]:
        return [Timeout(None), GreenletExit("second"), Timeout(None)]


class AgainstStranger(AgainstCancel):
    """Something else is thrown, which interrupts the call itself, if that has begun and has not ended."""

    def errors(self) -> list[BaseException]:
        return [StrangeError()]

    def check_call(self) -> None:
        assert self.calls_ended == ("accepted" in self.turn.became)
        assert len(self.results) <= self.calls_ended


class AgainstStrangerAtOnce(AgainstStranger):
    """It is thrown before the call has begun; then the call is made all the same, as it has to begin."""

    def setup(self) -> None:
        super().setup()
        self.hub.is_time_up = True

    def make_call(self) -> None:
        self.hub.is_backwards = True  # eventlet promises no order
        super().make_call()

    def clock(self) -> None:
        """Its time is up from the beginning."""
