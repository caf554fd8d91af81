# SPDX-License-Identifier: ISC
"""Scenarios for events that happen again, and for those that count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from aiologic.testing import Cancelled, Scenario, task

from .permits import LONG, check_queue

if TYPE_CHECKING:
    from .hands import Async, Green, Hands


class RecurringScenario(Scenario):
    """What these scenarios have in common. A task that comes too late waits until nothing else can go on."""

    time_passes = True

    def __init__(self, make: Callable[..., Any], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make.__name__}, {self.hands.name})"

    def setup(self) -> None:
        self.event = self.make()
        self.owed = 0
        self.released = 0

    async def wait(self, hand: Green | Async) -> bool:
        happened = await hand.wait(self.event, timeout=LONG)
        self.released += happened
        return happened


# -- set and clear ---------------------------------------------------------------------------------------------------


class SetThenClear(RecurringScenario):
    """A task that waits when it is set is released, although it is cleared at once."""

    timeouts = 0

    @task
    async def waiter(self) -> None:
        await self.wait(self.hands.first)

    @task
    def setter(self) -> None:
        self.owed = self.event.waiting
        self.event.set()
        self.event.clear()

    def check(self) -> None:
        assert self.released >= self.owed, "who stood there was not released"
        assert not self.event.is_set()
        assert self.event.waiting == 0
        check_queue(self.event._queue)


class TwoWaitersSetThenClear(SetThenClear):
    """The same for two."""

    @task
    async def other_waiter(self) -> None:
        await self.wait(self.hands.second)


class TimeoutAgainstSetThenClear(SetThenClear):
    """The same, and the waiter's time runs out meanwhile."""

    timeouts = 1

    def check(self) -> None:
        assert not self.event.is_set()
        assert self.event.waiting == 0


class CancellationAgainstSetThenClear(RecurringScenario):
    """One is cancelled while it is set and cleared; the other waiting task is released."""

    timeouts = 0

    @task(cancellable=True)
    async def cancelled(self) -> None:
        try:
            await self.wait(self.hands.first)
        except Cancelled:
            self.released += 1
            raise

    @task
    async def patient(self) -> None:
        await self.wait(self.hands.second)

    @task
    def setter(self) -> None:
        self.owed = self.event.waiting
        self.event.set()
        self.event.clear()

    def check(self) -> None:
        assert self.released >= self.owed, "who stood there was not released"
        assert self.event.waiting == 0


class NewcomerAfterClear(RecurringScenario):
    """A task that comes after it was cleared is not released by the set() before."""

    timeouts = 0

    def setup(self) -> None:
        super().setup()
        self.is_cleared = False

    @task
    async def waiter(self) -> None:
        await self.wait(self.hands.first)

    @task
    async def newcomer(self) -> None:
        is_late = self.is_cleared
        happened = await self.wait(self.hands.second)
        assert not (is_late and happened), "it was cleared before"

    @task
    def setter(self) -> None:
        self.owed = self.event.waiting
        self.event.set()
        self.event.clear()
        self.is_cleared = True


class NewcomerWhileSet(RecurringScenario):
    """The same, but another task clears it, perhaps while the first is still waking the others."""

    timeouts = 0

    def setup(self) -> None:
        super().setup()
        self.is_cleared = False

    @task
    async def newcomer(self) -> None:
        is_late = self.is_cleared
        happened = await self.wait(self.hands.first)
        assert not (is_late and happened), "it was cleared before"

    @task
    def setter(self) -> None:
        self.event.set()

    @task
    def clearer(self) -> None:
        was_set = self.event.is_set()
        self.event.clear()
        self.is_cleared = was_set


class TwoClear(RecurringScenario):
    """It is set; two clear it at once, and the last of them sets it for all that have come."""

    time_passes = False

    def setup(self) -> None:
        super().setup()
        self.event.set()
        self.clears = 0

    @task
    def clearer(self) -> None:
        self.clear()

    @task
    def other_clearer(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.event.clear()
        self.clears += 1
        if self.clears == 2:
            self.event.set()

    @task
    async def waiter(self) -> None:
        assert await self.hands.third.wait(self.event)

    def check(self) -> None:
        assert self.event.is_set()
        assert self.event.waiting == 0


# -- up and down -----------------------------------------------------------------------------------------------------


class TwoComeDown(RecurringScenario):
    """Two count down from two, and one waits."""

    timeouts = 0

    def setup(self) -> None:
        self.event = self.make(2)

    @task
    def one(self) -> None:
        self.event.down()

    @task
    def other(self) -> None:
        self.event.down()

    @task
    async def waiter(self) -> None:
        assert await self.hands.third.wait(self.event)
        assert self.event.value == 0, "it is not at nought"

    def check(self) -> None:
        assert self.event.value == 0, "a count was lost"
        assert self.event.waiting == 0


class OneTooMany(RecurringScenario):
    """Two count down from one."""

    def setup(self) -> None:
        self.event = self.make(1)
        self.refused = 0

    @task
    def one(self) -> None:
        self.down()

    @task
    def other(self) -> None:
        self.down()

    def down(self) -> None:
        try:
            self.event.down()
        except RuntimeError:
            self.refused += 1

    def check(self) -> None:
        assert self.refused == 1, f"{self.refused} were refused"
        assert self.event.value == 0


class UpAgainstDown(RecurringScenario):
    """One counts up and down, the other down."""

    def setup(self) -> None:
        self.event = self.make(1)

    @task
    def one(self) -> None:
        self.event.up(2)
        self.event.down()
        self.event.down()

    @task
    def other(self) -> None:
        self.event.down()

    def check(self) -> None:
        assert self.event.value == 0, f"it came to {self.event.value}"


class DownThenUp(RecurringScenario):
    """A task that waits when it comes to 0 is released, although it goes up at once."""

    timeouts = 0

    def setup(self) -> None:
        self.event = self.make(1)
        self.released = 0
        self.owed = 0
        self.is_up = False

    @task
    async def waiter(self) -> None:
        is_late = self.is_up
        happened = await self.wait(self.hands.first)
        assert not (is_late and happened), "it was up again before"

    @task
    def counter(self) -> None:
        self.owed = self.event.waiting
        self.event.down()
        self.event.up()
        self.is_up = True

    def check(self) -> None:
        assert self.released >= self.owed, "who stood there was not released"
        assert self.event.value == 1
        assert self.event.waiting == 0


class OneDownAnotherUp(RecurringScenario):
    """One counts down to 0, another up: if it was 0 for a moment, the waiter has to be released."""

    timeouts = 0

    def setup(self) -> None:
        self.event = self.make(1)
        self.released = 0
        self.owed = 0

    @task
    async def waiter(self) -> None:
        await self.wait(self.hands.first)

    @task
    def down(self) -> None:
        self.standing = self.event.waiting
        self.event.down()

    @task
    def up(self) -> None:
        if self.event.value == 0:
            self.owed = self.standing
        self.event.up()

    def check(self) -> None:
        assert self.released >= self.owed, "who stood there was not released"
        assert self.event.value == 1
        assert self.event.waiting == 0


class ClearAgainstUp(RecurringScenario):
    """One clears, another counts up and down."""

    timeouts = 0

    def setup(self) -> None:
        self.event = self.make(1)

    @task
    def clearer(self) -> None:
        self.event.clear()

    @task
    def other(self) -> None:
        self.event.up()

    def check(self) -> None:
        assert self.event.value in (0, 1), f"it came to {self.event.value}"
        self.event.clear()
        assert self.event.value == 0


class CancellationAgainstDown(RecurringScenario):
    """One is cancelled while another counts down; a third, which waits, is released."""

    timeouts = 0

    def setup(self) -> None:
        self.event = self.make(1)

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.hands.first.wait(self.event)

    @task
    async def patient(self) -> None:
        assert await self.hands.second.wait(self.event)

    @task
    def counter(self) -> None:
        self.event.down()

    def check(self) -> None:
        assert self.event.waiting == 0


class TimeoutAgainstDown(RecurringScenario):
    """Time runs out for one while another counts down."""

    def setup(self) -> None:
        self.event = self.make(1)

    @task
    async def impatient(self) -> None:
        await self.hands.first.wait(self.event, timeout=LONG)

    @task
    def counter(self) -> None:
        self.event.down()

    def check(self) -> None:
        assert self.event.waiting == 0
