# SPDX-License-Identifier: ISC
"""Scenarios for an inbox whose loop runs inside one of its own calls, or is interrupted in one."""

# Checked in the end, as in inboxes.py: each waiter was resumed once or lost once, and the inbox holds no waiter.

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable

from aiologic.testing import switch, task

from ..core.engine.fake_loops import Cancellable
from .inboxes import Noted, Posts


class Interruption(Exception):  # noqa: N818
    """What a signal handler raises, or a task that ends its loop."""


class Turns(Posts):
    """Two waiters are on their way together, and another thread posts a third."""

    #: Whether resuming a waiter runs its task, so that the loop is to be told of those behind.
    runs_tasks = True

    def describe(self) -> str:
        return (
            f"{super().describe()[:-1]}, {'told' if self.runs_tasks else 'not told'})"
        )

    def setup(self) -> None:
        super().setup()
        if self.runs_tasks:
            self.inbox.call_soon = self.call_soon
            self.inbox.loop = lambda: None
        self.send(self.first())
        self.behind = Noted()
        self.send(self.behind)

    def first(self) -> Noted:
        """The waiter that is resumed first."""
        return Noted()

    def send(self, waiter: Noted) -> None:
        self.waiters.append(waiter)
        self.inbox.post(waiter, self.schedule)

    def call_soon(self, _loop: Any, delivery: Callable[[], None]) -> Cancellable:
        call = Cancellable(delivery)
        self.schedule(call)
        return call

    def turn(self) -> None:
        for _ in range(len(self.scheduled)):
            if not self.scheduled:  # a turn inside this one has called the rest
                return
            self.scheduled.pop(0)()

    def other(self) -> None:
        """Replaces the task of the base class: there is no other."""

    def check(self) -> None:
        super().check()
        if not self.is_closed:
            check_resumed(self.waiters)


def check_resumed(waiters: list[Noted]) -> None:
    for waiter in waiters:
        assert waiter.heard == ["resume"], "lost, though the loop is there"


class Nesting(Noted):
    """Its task runs the loop again, until the one behind it has gone on."""

    def __init__(self, scenario: Turns) -> None:
        super().__init__()
        self.scenario = scenario

    def resume(self) -> None:
        super().resume()
        while not self.scenario.behind.heard:
            assert self.scenario.scheduled, "the loop inside has nothing to do"
            self.scenario.turn()


class LoopInside(Turns):
    """The first runs the loop until the second is resumed."""

    def first(self) -> Noted:
        return Nesting(self)


class Raising(Noted):
    """Its task makes a step, and raises."""

    def resume(self) -> None:
        if not self.heard:
            super().resume()
            raise Interruption


class Interrupted(Noted):
    """A signal handler raises as it is about to be resumed."""

    is_next = True

    def resume(self) -> None:
        if self.is_next:
            self.is_next = False
            raise Interruption
        super().resume()


class FirstRaises(Turns):
    """The first raises, and the second is resumed all the same, by this call or by a later one."""

    def first(self) -> Noted:
        return Raising() if self.runs_tasks else Interrupted()

    @task
    def loop(self) -> None:
        with suppress(Interruption):
            self.turn()
        switch()
        self.turn()


class FirstRaisesAndClosing(FirstRaises):
    """The first raises, which closes the loop; the second is lost."""

    @task
    def loop(self) -> None:
        with suppress(Interruption):
            self.turn()
        switch()
        self.close()


class InterruptedPost(Posts):
    """A signal handler raises as a thread schedules its delivery; it is scheduled all the same."""

    def setup(self) -> None:
        self.is_interrupted = False
        super().setup()
        self.is_interrupted = True

    def schedule(self, delivery: Callable[[], None]) -> None:
        if self.is_interrupted:
            self.is_interrupted = False
            raise Interruption
        super().schedule(delivery)

    def post(self) -> None:
        with suppress(Interruption):
            super().post()

    def check(self) -> None:
        super().check()
        check_resumed(self.waiters)
