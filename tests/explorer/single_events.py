# SPDX-License-Identifier: ISC
"""Scenarios for the events of lowlevel: one task waits, others set, and there is one outcome."""

from __future__ import annotations

from typing import Any

from aiologic import _single_events
from aiologic.testing import Cancelled, Scenario, task

from .permits import LONG


class SingleEventScenario(Scenario):
    """What these scenarios have in common: one task waits, and all are told the same outcome."""

    #: None, or seconds.
    timeout: float | None = None

    def __init__(self, is_async: bool, shield: bool = False) -> None:
        self.is_async = is_async
        self.shield = shield

    def describe(self) -> str:
        kind = "async" if self.is_async else "green"
        return f"{type(self).__name__}({kind}, shield={self.shield})"

    def setup(self) -> None:
        # Not created by the functions that users call, since the mutants replace classes.
        kind = "SingleAsyncEvent" if self.is_async else "SingleGreenEvent"
        self.event: Any = getattr(_single_events, kind)(self.shield, False)
        self.heard: list[object] = []
        self.said: list[bool] = []

    async def wait(self) -> None:
        event = self.event
        try:
            if self.is_async:
                self.heard.append(await event.with_(self.timeout))
            else:
                self.heard.append(event.wait(self.timeout))
        except Cancelled:
            self.heard.append("cancelled")
            raise

    def set(self) -> None:
        said = self.event.set()
        self.said.append(said)
        assert self.event.is_set() or not said, "set, and not set"
        assert self.event.is_set() or self.event.cancelled(), "it has no end"

    def invariant(self) -> None:
        event = self.event
        assert not (event.is_set() and event.cancelled()), "two outcomes"

    def check(self) -> None:
        event = self.event
        assert self.said.count(True) == event.is_set(), "a set is told wrongly"
        assert event.cancelled() is not event.is_set()
        may_end = self.timeout is not None or "cancelled" in self.heard
        assert event.is_set() or may_end, "cancelled by nobody"
        # A task that is cancelled is not told the outcome.
        heard = [event.is_set() if what == "cancelled" else what for what in self.heard]
        assert set(heard) <= {event.is_set()}, "the wait is told something else"
        assert len(event._story) <= 1 + len(self.said), "a waiter is kept"


class SetAgainstWait(SingleEventScenario):
    """It is set before, while, or after a task begins to wait."""

    @task
    async def waiting(self) -> None:
        await self.wait()

    @task
    def setter(self) -> None:
        self.set()


class SetAgainstTimeout(SetAgainstWait):
    """It is set as the time of the wait runs out."""

    timeout = LONG


class SetAgainstCancellation(SingleEventScenario):
    """It is set as the wait is cancelled."""

    @task(cancellable=True)
    async def waiting(self) -> None:
        await self.wait()

    @task
    async def setter(self) -> None:
        self.set()

    def check(self) -> None:
        assert not (self.shield and self.event.cancelled()), "it was shielded"
        super().check()


class TwoSetters(SetAgainstTimeout):
    """Two set it, and time may run out."""

    @task
    def other_setter(self) -> None:
        self.set()


class TwoSettersAlone(SingleEventScenario):
    """Two set it, and no task waits."""

    @task
    def setter(self) -> None:
        self.set()

    @task
    def other_setter(self) -> None:
        self.set()


class TwoWait(SingleEventScenario):
    """Two begin to wait, and it is set: one of them waits, the other is refused or comes late."""

    def setup(self) -> None:
        super().setup()
        self.refused = 0

    async def wait_or_not(self) -> None:
        try:
            await self.wait()
        except RuntimeError:
            self.refused += 1

    @task
    async def waiting(self) -> None:
        await self.wait_or_not()

    @task
    async def also_waiting(self) -> None:
        await self.wait_or_not()

    @task
    def setter(self) -> None:
        self.set()

    def check(self) -> None:
        super().check()
        assert self.refused <= 1, "nobody waits"
        assert len(self.heard) == 2 - self.refused
