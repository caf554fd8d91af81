# SPDX-License-Identifier: ISC
"""The waiters of lowlevel, in every order of waits, wake-ups, time-outs and cancellations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic._engine.waiter import _reports
from aiologic._engine.waiting import give_up
from aiologic.backends import PENDING, GreenWaiter
from aiologic.lowlevel import create_async_waiter, create_green_waiter
from aiologic.testing import Cancelled, Scenario, task

from .permits import LONG

if TYPE_CHECKING:
    from .conftest import Explored


class TwoWakers(Scenario):
    """Two wake it at any time, even before it waits; one of them twice."""

    #: None, or seconds.
    timeout: float | None = None
    shield = False

    def describe(self) -> str:
        kind = type(self).__name__
        return f"{kind}(timeout={self.timeout}, shield={self.shield})"

    def setup(self) -> None:
        self.waiter: Any = None
        self.was_woken = False
        self.outcome: object = None

    def made(self, waiter: Any) -> Any:
        self.waiter = waiter
        if self.was_woken:  # before there was a waiter
            waiter.wake()
        return waiter

    def wake(self) -> None:
        self.was_woken = True
        if self.waiter is not None:
            self.waiter.wake()

    @task
    def waker(self) -> None:
        self.wake()

    @task
    async def async_waker(self) -> None:
        self.wake()
        self.wake()

    def check(self) -> None:
        timed_out = self.timeout is not None and self.outcome is False
        assert self.outcome is True or timed_out


class AsyncWait(TwoWakers):
    """An async task waits."""

    @task
    async def waiting(self) -> None:
        waiter = self.made(create_async_waiter(shield=self.shield))
        self.outcome = await waiter.with_(self.timeout)


class GreenWait(TwoWakers):
    """A green task waits."""

    @task
    def waiting(self) -> None:
        waiter = self.made(create_green_waiter(shield=self.shield))
        self.outcome = waiter.wait(self.timeout)


class CancelledWait(TwoWakers):
    """A cancellation ends a wait, unless that is shielded."""

    @task(cancellable=True)
    async def waiting(self) -> None:
        waiter = self.made(create_async_waiter(shield=self.shield))
        try:
            self.outcome = await waiter.with_(self.timeout)
        except Cancelled:
            self.outcome = "cancelled"
            assert not self.shield, "it was shielded"
            raise

    def check(self) -> None:
        if self.outcome != "cancelled":
            super().check()


@pytest.mark.parametrize("shield", [False, True], ids=["bare", "shielded"])
@pytest.mark.parametrize("timeout", [None, LONG], ids=["for ever", "with a time-out"])
@pytest.mark.parametrize("kind", [AsyncWait, GreenWait, CancelledWait])
def test_waiters(
    explored: Explored, kind: type[TwoWakers], timeout: float | None, shield: bool
) -> None:
    scenario = kind()
    scenario.timeout = timeout
    scenario.shield = shield
    explored(scenario, preemptions=1)


class Asleep(GreenWaiter):
    """A wait in a loop that has gone."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        raise NotImplementedError

    def unpark(self) -> None:
        """Nobody is there."""


class LostAndThrownOut(Scenario):
    """It was granted after its loop was closed; and as that is found out, its coroutine is closed, too."""

    def setup(self) -> None:
        self.given_back = 0
        self.waiter = Asleep(PENDING)
        self.waiter.source = self
        assert self.waiter.claim()

    def _take_back(self, _waiter: object) -> None:
        self.given_back += 1

    def _leave(self, _waiter: object) -> None:
        """It is as if it had never been granted."""

    @task
    def waker(self) -> None:
        self.waiter.lost()

    @task
    def sleeper(self) -> None:
        give_up(self.waiter)

    def check(self) -> None:
        assert self.given_back == 1, f"it is given back {self.given_back} times"
        assert not _reports, "a report has no end"


class LostTwice(LostAndThrownOut):
    """It was woken twice, as the first time was interrupted. Its loop is closed as that is found out: both report it."""

    @task
    def sleeper(self) -> None:
        self.waiter.lost()


class LostTwiceAndThrownOut(LostAndThrownOut):
    """The same, and its coroutine is closed, too."""

    @task
    def closer(self) -> None:
        self.waiter.lost()


@pytest.mark.parametrize("kind", [LostAndThrownOut, LostTwice])
def test_a_grant_is_given_back_once(
    explored: Explored, kind: type[LostAndThrownOut]
) -> None:
    explored(kind(), preemptions=3)


@pytest.mark.slow
def test_a_grant_is_given_back_once_by_three(explored: Explored) -> None:
    explored(LostTwiceAndThrownOut(), preemptions=2)
