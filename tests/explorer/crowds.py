# SPDX-License-Identifier: ISC
"""Scenarios for waiters of two loops that are woken together, as an event wakes them."""

# All sleep before a run begins: the search is about the way from the waker to the tasks. The loops are those of
# asyncio_loops.py. The second is run in the end, when nothing is searched any more, unless the scenario says otherwise.

from __future__ import annotations

import asyncio
import os
import sys
from _thread import get_ident
from typing import Any

from aiologic._engine import waiter as waiters, waitqueue
from aiologic.backends import PENDING
from aiologic.testing import Scenario, task
from aiologic.testing._interruption import Interrupted, RaisingInterruption
from aiologic_asyncio import _waiter

from .asyncio_loops import Loop
from .gates import Gate, Sleeper, Stranger


class Wake(Scenario):
    """A thread wakes the tasks of two loops; another runs one of the loops."""

    order: tuple[int | None, ...] = (0, 1, 0)  # whose loops; None: a stranger's
    time_out: float | None = None  # of the first

    def setup(self) -> None:
        self.gate = Gate()
        self.loops = [Loop(), Loop()]
        self.errors: list[Any] = []
        for loop in self.loops:
            loop.set_exception_handler(lambda _, error: self.errors.append(error))
        self.sleepers: list[Sleeper] = []
        self.strangers: list[Stranger] = []
        for number in self.order:
            if number is None:
                self.add_stranger()
            else:
                time_out = None if self.sleepers else self.time_out
                sleeper = Sleeper(self.loops[number], self.gate, time_out)
                self.sleepers.append(sleeper)

    def add_stranger(self) -> None:
        stranger = Stranger(PENDING)
        stranger.is_unparked = False
        self.gate.join(stranger)
        self.strangers.append(stranger)

    @task
    def runner(self) -> None:
        self.run(self.loops[0])

    def run(self, loop: Loop) -> None:
        loop.thread = get_ident()
        loop.run_until_complete(self.all_over(loop))

    async def all_over(self, loop: Loop) -> None:
        for sleeper in self.of(loop):
            await sleeper.is_over

    def of(self, loop: Loop) -> list[Sleeper]:
        return [sleeper for sleeper in self.sleepers if sleeper.loop is loop]

    @task
    def waker(self) -> None:
        self.wake()

    def wake(self) -> None:
        self.gate.open()

    def check(self) -> None:
        for loop in self.loops:
            if not loop.is_closed():
                loop.run_until_complete(self.all_end(loop))
                loop.close()
        for sleeper in self.sleepers:
            sleeper.task.get_coro().close()  # of those who sleep for ever
        assert not self.errors, f"a loop reports {self.errors}"
        assert not any(self.gate.queue), "somebody is left in the queue"
        assert not waiters._reports, "a report of a loss has no end"
        for stranger in self.strangers:
            assert stranger.is_unparked, "the stranger is left"
            del self.gate.became[stranger]
        for sleeper, became in zip(self.sleepers, self.gate.became.values()):
            self.check_one(sleeper, became)

    async def all_end(self, loop: Loop) -> None:
        await asyncio.sleep(0)  # for wake-ups that are on their way
        for sleeper in self.of(loop):
            if sleeper.outcome is not None:
                sleeper.rest.set_result(None)
                await sleeper.task

    def check_one(self, sleeper: Sleeper, became: list[str]) -> None:
        assert sleeper.outcome is True, f"{sleeper.outcome} is the outcome"
        assert became == ["accepted"], f"{became} is what became of it"


class WakeOfStranger(Wake):
    """A waiter of another library is woken between them."""

    order = (0, 1, None, 0)


class WakeInTwoThreads(Wake):
    """Each loop is run by a thread."""

    @task
    def another_runner(self) -> None:
        self.run(self.loops[1])


class WakeFromInside(WakeInTwoThreads):
    """A task of one of the loops wakes all."""

    def setup(self) -> None:
        super().setup()
        self.waking: Any = None

    def run(self, loop: Loop) -> None:
        if loop is self.loops[0]:
            self.waking = loop.create_task(self.wake_inside())
        super().run(loop)

    async def wake_inside(self) -> None:
        self.wake()

    def waker(self) -> None:
        """There is no other thread."""


class WakeTwoCrowds(Wake):
    """One more waits for another gate, in one of the loops. Another thread opens that."""

    order = (0, 1)

    def setup(self) -> None:
        super().setup()
        self.another_gate = Gate()
        self.another_gate.became = self.gate.became
        self.sleepers.append(Sleeper(self.loops[0], self.another_gate, None))

    @task
    def another_waker(self) -> None:
        self.another_gate.open()


class WakeAgainstTime(Wake):
    """Time is up for the first meanwhile."""

    time_out = 1

    def run(self, loop: Loop) -> None:
        loop.now = 100.0
        super().run(loop)

    def check_one(self, sleeper: Sleeper, became: list[str]) -> None:
        if sleeper.outcome is False and sleeper is self.sleepers[0]:
            assert became == ["left"], f"{became} is what became of it"
        else:
            super().check_one(sleeper, became)


class WakeAgainstCancel(Wake):
    """The first is cancelled meanwhile."""

    def run(self, loop: Loop) -> None:
        loop.call_soon(self.cancel)
        super().run(loop)

    def cancel(self) -> None:
        first = self.sleepers[0]
        if not first.is_over.done():
            first.task.cancel()

    def check_one(self, sleeper: Sleeper, became: list[str]) -> None:
        if sleeper.outcome == "cancelled" and sleeper is self.sleepers[0]:
            assert became in (["left"], ["taken back"]), f"{became} is what became"
        else:
            super().check_one(sleeper, became)


class WakeAgainstClose(Wake):
    """The loop of two of them is closed meanwhile. Its tasks are there until nobody can wake them any more."""

    def run(self, loop: Loop) -> None:
        loop.thread = get_ident()
        loop.close()

    def check(self) -> None:
        # Before their coroutines are closed, as that would hide it.
        of_closed = list(self.gate.became.values())[::2]
        assert of_closed == [["taken back"]] * 2, f"{of_closed} is what became of them"
        super().check()

    def check_one(self, sleeper: Sleeper, became: list[str]) -> None:
        if sleeper.loop is not self.loops[0]:
            super().check_one(sleeper, became)


class Signal(RaisingInterruption):
    """A handler that raises as soon as it can, once the signal has come."""

    def __init__(self) -> None:
        modules = waitqueue, _waiter
        places = [os.path.dirname(str(module.__file__)) for module in modules]
        super().__init__(sys.maxsize, Interrupted.now, places)

    def come(self) -> None:
        self._left = 0


class WakeAgainstSignal(Wake):
    """A signal comes, and its handler raises in the thread that wakes them, which then does so once more."""

    def setup(self) -> None:
        super().setup()
        self.signal = Signal()

    def wake(self) -> None:
        try:
            self.signal.during(super().wake)
        except Interrupted:
            super().wake()  # it may have come before the first step

    @task
    def sender(self) -> None:
        self.signal.come()


class WakeFromInsideAgainstSignal(WakeFromInside, WakeAgainstSignal):
    """The same in a task of one of the loops."""

    def another_runner(self) -> None:
        """The other loop is run in the end."""


class WakeAgainstCloseAndSignal(WakeAgainstClose, WakeAgainstSignal):
    """The same, and the loop of two of them is closed meanwhile."""
