# SPDX-License-Identifier: ISC
"""Scenarios for what notifiers decide: deadlines, and predicates that are evaluated on trial."""

# The properties are those of conditions.py. A condition without a lock, or over a once-lock, can't promise that who is
# about to wait is notified; so where that matters, the notifier first waits until the others stand in the queue.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic._runtime.detect import worlds
from aiologic.testing import switch, task

from .conditions import ConditionScenario
from .permits import LONG, standing

if TYPE_CHECKING:
    from .hands import Async, Green


def rest() -> None:
    """Wait until time passes, which it does when no other task can go on: nobody wakes this wait."""
    worlds.create_green_waiter().park(LONG)


# -- deadlines --------------------------------------------------------------------------------------------------------


class NotifyTheOld(ConditionScenario):
    """One is notified if it waited at the deadline, and not if it came later."""

    time_passes = True
    timeouts = 0

    def setup(self) -> None:
        super().setup()
        self.waits = False
        self.is_old = False

    @task
    async def waiter(self) -> None:
        hand = self.hands.first
        await hand.enter(self.condition)
        self.waits = True  # nobody else has the lock before the wait has begun
        woken = await hand.wait(self.condition, timeout=LONG)
        self.be_inside()
        await hand.leave(self.condition)
        assert woken == self.is_old, "the wrong one was notified, or none"

    @task
    async def notifier(self) -> None:
        hand = self.hands.second
        await hand.enter(self.condition)
        deadline = self.condition.timer()
        self.is_old = self.waits
        await hand.leave(self.condition)
        switch()
        await hand.enter(self.condition)
        self.condition.notify(deadline=deadline)
        await hand.leave(self.condition)


class ToldByItself(ConditionScenario):
    """A task notifies while another is at the queue, and then waits: what it left to the other is not for itself."""

    time_passes = True
    timeouts = 0

    @task
    async def waiter(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    @task
    async def other_notifier(self) -> None:
        self.condition.notify(deadline=0)  # nobody is so old

    @task
    async def notifier(self) -> None:
        self.condition.notify(-1)
        woken = await self.hands.third.wait(self.condition, timeout=LONG)
        assert not woken, "it was woken by itself"


# -- on trial ---------------------------------------------------------------------------------------------------------


class OnTrial(ConditionScenario):
    """One is notified whose predicate is false. The other must be told."""

    time_passes = True
    timeouts = 0

    def be_inside(self) -> None:
        """Alone, which the scenarios of conditions.py search. Without a switch there are half as many schedules."""

    def has_item(self) -> bool:
        return self.items >= 1

    async def wait_until(self, hand: Green | Async, predicate: Any, **how: Any) -> Any:
        await hand.enter(self.condition)
        try:
            return await hand.wait_for(self.condition, predicate, **how)
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    async def wait_for_two(self) -> None:
        found = await self.wait_until(
            self.hands.first, lambda: self.items >= 2, timeout=LONG
        )
        assert not found, "there are not two"

    @task
    async def on_trial(self) -> None:
        await self.wait_for_two()

    @task
    async def patient(self) -> None:
        assert await self.wait_until(self.hands.second, self.has_item)

    @task
    async def notifier(self) -> None:
        while not self.patient_stands():
            rest()
        await self.put(self.hands.third)

    def patient_stands(self) -> bool:
        delegates = [ticket[0][2] for ticket in standing(self.condition)]
        return any(
            delegate is not None and delegate.predicate == self.has_item
            for delegate in delegates
        )


class TrialAgainstTimeout(OnTrial):
    """Its time may run out meanwhile."""

    timeouts = 1


class TrialAgainstCancellation(OnTrial):
    """It may be cancelled meanwhile."""

    @task(cancellable=True)
    async def on_trial(self) -> None:
        await self.wait_for_two()


class OldAgainstCancellation(OnTrial):
    """Two are old enough. The first to be notified may be cancelled: then the other is."""

    @task(cancellable=True)
    async def on_trial(self) -> None:
        # The notification is not for this task: if the task gets it, it notifies again.
        if await self.hands.first.wait(self.condition, timeout=LONG):
            self.condition.notify()

    @task
    async def notifier(self) -> None:
        while not self.patient_stands():
            rest()
        self.items += 1
        self.condition.notify(deadline=self.condition.timer())


class TrialAgainstNotifier(OnTrial):
    """It may pass the notification on while a notifier is at the queue, who then does that work, too."""

    def setup(self) -> None:
        super().setup()
        self.is_told = False

    @task
    async def on_trial(self) -> None:
        await self.wait_for_two()
        # Time has passed, so nobody could go on. (And a task that leaves looks for work that was left behind.)
        assert self.is_told or not self.items, "the other is told too late"

    @task
    async def patient(self) -> None:
        await super().patient()
        self.is_told = True

    @task
    async def notifier(self) -> None:
        await super().notifier()
        self.condition.notify(deadline=0)


class TrialOfTheNotifier(OnTrial):
    """A notifier that waits afterwards does not get its own notification, when it is passed on."""

    async def patient(self) -> None:
        """No task here, so that the notification is for none."""

    @task
    async def notifier(self) -> None:
        rest()
        await self.put(self.hands.second)
        looks: list[None] = []
        await self.wait_until(
            self.hands.second, lambda: looks.append(None), timeout=LONG
        )
        assert len(looks) == 1, "it was notified by itself"


class TrialAfterTimeout(OnTrial):
    """One leaves, and passes its notification on to the notifier itself, whose predicate is false and stays so."""

    timeouts = 1

    @task
    async def on_trial(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    async def patient(self) -> None:
        """No task here."""

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.second)
        found = await self.wait_until(
            self.hands.second, lambda: self.items >= 2, timeout=LONG
        )
        assert found is False, "there are not two"


class FalseAgainstTimeout(OnTrial):
    """A notifier finds a predicate false, and lets its task stand at the end of the queue; its time may be up."""

    timeouts = 1

    @task
    async def on_trial(self) -> None:
        await self.wait_for_two()

    async def patient(self) -> None:
        """No task here."""

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.second, -1)


class TrueAgain(OnTrial):
    """A predicate is true, false before its task has the lock, and then true for good."""

    @task
    async def on_trial(self) -> None:
        assert await self.wait_until(self.hands.first, lambda: self.items > 0)
        assert self.items == 1, "it was false"

    async def patient(self) -> None:
        """No task here."""

    @task
    async def notifier(self) -> None:
        hand = self.hands.second
        await hand.enter(self.condition)
        self.items += 1
        self.condition.notify()
        self.items -= 1
        await hand.leave(self.condition)
        switch()
        await self.put(hand)


class TrueAgainstTimeout(OnTrial):
    """A predicate becomes true as time runs out for its task: then the other is told, by whomever."""

    timeouts = 1

    @task
    async def on_trial(self) -> None:
        hand = self.hands.first
        await hand.enter(self.condition)
        try:
            found = await hand.wait_for(self.condition, self.has_item, timeout=LONG)
            if found:
                self.condition.notify()
            else:
                assert found is False
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third)
