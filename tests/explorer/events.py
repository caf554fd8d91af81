# SPDX-License-Identifier: ISC
"""Scenarios for events that happen once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from aiologic.testing import Scenario, task
from aiologic.testing.catalogue import happen

from .permits import LONG, check_queue

if TYPE_CHECKING:
    from .hands import Hands


class EventScenario(Scenario):
    """What these scenarios have in common: in the end the event is set, and no waiter was forgotten."""

    def __init__(self, make: Callable[[], Any], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        kind = getattr(self.make, "__name__", str(self.make))
        return f"{type(self).__name__}({kind}, {self.hands.name})"

    def setup(self) -> None:
        self.event = self.make()

    def check(self) -> None:
        assert self.event
        assert self.event.waiting == 0, "somebody waits for what has happened"
        check_queue(getattr(self.event, "_queue", None))


class SetAgainstWait(EventScenario):
    """One waits, the other sets."""

    @task
    async def waiter(self) -> None:
        assert await self.hands.first.wait(self.event)
        assert self.event, "it has not happened"

    @task
    async def setter(self) -> None:
        happen(self.event)


class SetAgainstTwoWaiters(SetAgainstWait):
    """Two wait, and both are woken."""

    @task
    async def other_waiter(self) -> None:
        assert await self.hands.second.wait(self.event)
        assert self.event, "it has not happened"


class TimeoutAgainstSet(EventScenario):
    """Time runs out for a waiter while it happens."""

    @task
    async def impatient(self) -> None:
        await self.hands.first.wait(self.event, timeout=LONG)

    @task
    async def setter(self) -> None:
        happen(self.event)


class TimeoutInFrontOfOthers(TimeoutAgainstSet):
    """The same, with another waiter queued behind, or in front of, the one that leaves."""

    @task
    async def patient(self) -> None:
        assert await self.hands.second.wait(self.event)


class CancellationAgainstSet(EventScenario):
    """A waiter is cancelled while it happens."""

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.hands.first.wait(self.event)

    @task
    async def setter(self) -> None:
        happen(self.event)


class CancellationInFrontOfOthers(CancellationAgainstSet):
    """The same, with another waiter queued behind, or in front of, the one that leaves."""

    @task
    async def patient(self) -> None:
        assert await self.hands.second.wait(self.event)


class TwoSetters(EventScenario):
    """Two set it at once."""

    @task
    async def setter(self) -> None:
        happen(self.event)

    @task
    async def other_setter(self) -> None:
        happen(self.event)


class TwoSettersAndAWaiter(TwoSetters):
    """Two set it at once, and one waits."""

    @task
    async def waiter(self) -> None:
        assert await self.hands.third.wait(self.event)


class NewcomerAgainstSet(SetAgainstWait):
    """A newcomer checks without waiting; the answer must be true."""

    @task
    async def newcomer(self) -> None:
        was_set = bool(self.event)
        happened = await self.hands.third.wait(self.event, timeout=0)
        assert happened >= was_set, "it had happened before"
        assert bool(self.event) >= happened, "it has not happened"
