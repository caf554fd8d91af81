# SPDX-License-Identifier: ISC
"""The waiters of lowlevel, in every order of waits, wake-ups, time-outs and cancellations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
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
