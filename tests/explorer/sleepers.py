# SPDX-License-Identifier: ISC
"""Loops and hubs that other threads wake, as they are played for the explorer; and who sleeps in them."""

# The library's own part of a backend is played: what its loop or hub does between two calls of ours is one step, and where
# it would sleep, its thread is parked. The backend's part is the real one, and so is core's: a wait is made as a primitive
# makes it.

from __future__ import annotations

import sys
from typing import Any

import pytest
from aiologic._engine.waiting import async_wait, finish, give_up, green_wait
from aiologic.testing import switch
from aiologic.testing._virtual import VirtualGreenBackend

counts_references = pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="what a closed loop drops is finalized by the collector, which is no part of a schedule",
)

_threads = VirtualGreenBackend()


class Bell:
    """What a thread sleeps on; remembered if it is rung before."""

    def __init__(self) -> None:
        self._is_rung = False
        self._sleeper: Any = None

    def ring(self) -> None:
        """Wake it, from any thread."""
        self._is_rung = True
        sleeper, self._sleeper = self._sleeper, None
        if sleeper is not None:
            sleeper.unpark()

    def wait(self) -> None:
        """Sleep until it is rung."""
        if self._is_rung:
            switch()
        else:
            self._sleeper = _threads.create_waiter()
            self._sleeper.park(None)
        self._is_rung = False


class GoneError(BaseException):
    """What a task ends with whose loop or hub will not run again."""


class Turn:
    """What a waiter waits for; it notes what becomes of it."""

    def __init__(self, waiter: Any) -> None:
        self.became: list[str] = []
        self.is_granted = False
        self.waiter = waiter
        waiter.source = self

    def _accept(self, _waiter: Any) -> None:
        self.became.append("accepted")

    def _take_back(self, _waiter: Any) -> None:
        self.became.append("taken back")

    def _leave(self, _waiter: Any) -> None:
        self.became.append("left")

    def grant(self) -> None:
        """Wake who waits, from any thread."""
        self.is_granted = self.waiter.wake() or self.is_granted

    def await_green(self, timeout: float | None = None) -> None:
        """In the waiter's own thread, or greenlet."""
        try:
            green_wait(self.waiter, timeout)
        except GoneError:
            assert self.became, "nobody has looked after it"

    async def await_async(self, timeout: float | None = None) -> None:
        """In the waiter's own task."""
        await async_wait(self.waiter, timeout)

    async def await_stirred(self) -> None:
        """The same, where it may be stirred."""
        waiter = self.waiter
        try:
            await waiter.park(None)
            while waiter:
                await waiter.park_again(None)
            finish(waiter, True)
        except BaseException:
            give_up(waiter)
            raise

    def check(self) -> None:
        """It is given once if it was given, and went where nobody else can have it."""
        became = list(self.became)
        if "taken back" in became and "left" in became:
            became.remove(
                "left"
            )  # it was lost, and is as if nobody had ever granted it
        allowed = (["accepted"], ["taken back"]) if self.is_granted else (["left"], [])
        assert became in allowed, f"{self.became} is what became of it"
