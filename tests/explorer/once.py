# SPDX-License-Identifier: ISC
"""Scenarios for functions that run once."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from aiologic.testing import Cancelled, Scenario, switch, task

if TYPE_CHECKING:
    from typing import Callable


class Failure(Exception):  # noqa: N818
    """The exception that the function raises."""


class OnceScenario(Scenario):
    """What these scenarios have in common: in the end there is one result, and all calls return it."""

    #: How many calls of the function fail.
    failures = 0

    def __init__(self, decorate: Callable[[Any], Any], is_async: bool) -> None:
        self.decorate = decorate
        self.is_async = is_async

    def describe(self) -> str:
        kind = "async" if self.is_async else "green"
        return f"{type(self).__name__}({self.decorate.__name__}, {kind})"

    def setup(self) -> None:
        self.runs = 0
        self.running = 0
        self.failed = 0
        self.results: list[object] = []
        if self.is_async:

            async def make() -> object:
                return self._make()

        else:

            def make() -> object:  # type: ignore[misc]
                return self._make()

        self.made = self.decorate(make)

    def _make(self) -> object:
        self.runs += 1
        mine = self.runs
        self.running += 1
        try:
            switch()
            if mine <= self.failures:
                raise Failure
            return object()
        finally:
            self.running -= 1

    async def call(self) -> None:
        try:
            self.results.append(await self.made() if self.is_async else self.made())
        except Failure:
            self.failed += 1
        except Cancelled:
            pass

    def invariant(self) -> None:
        assert self.running <= 1, "it runs twice at once"

    def check(self) -> None:
        assert self.failed == self.failures, "a failure is kept, or forgotten"
        assert len(set(map(id, self.results))) <= 1, "there are two results"
        state = inspect.getclosurevars(self.made).nonlocals["state"]
        assert not state._attempts, "somebody is still inside"


class TwoCallers(OnceScenario):
    """Two call it at once."""

    @task
    async def first(self) -> None:
        await self.call()

    @task
    async def second(self) -> None:
        await self.call()

    def check(self) -> None:
        super().check()
        assert self.runs == self.failures + 1, "it ran again"
        assert len(self.results) == 2 - self.failures


class FailureAgainstSecond(TwoCallers):
    """The first call fails while the second one comes."""

    failures = 1


class CancellationAgainstSecond(OnceScenario):
    """Either is cancelled while it waits; a coroutine function is also cancelled while it runs."""

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.call()

    @task
    async def second(self) -> None:
        await self.call()

    def check(self) -> None:
        super().check()
        assert self.results


class ThreeCallers(TwoCallers):
    """Three call it at once."""

    @task
    async def third(self) -> None:
        await self.call()

    def check(self) -> None:
        OnceScenario.check(self)
        assert self.runs == self.failures + 1, "it ran again"
        assert len(self.results) == 3 - self.failures


class FailureAgainstTwo(ThreeCallers):
    """The first call fails while two others wait, or come."""

    failures = 1


class CancellationAgainstTwo(CancellationAgainstSecond):
    """One is cancelled while two wait, or come."""

    @task
    async def third(self) -> None:
        await self.call()
