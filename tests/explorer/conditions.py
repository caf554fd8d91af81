# SPDX-License-Identifier: ISC
"""Scenarios for conditions."""

# Every scenario checks three properties:
#
# exclusion     no two tasks are inside at once, even if their wait has ended early
# conservation  in the end the lock is free, no task waits, no work is left over, and the turn is in its place
# no loss       a task that waits for what has been notified is woken; otherwise the scheduler reports a deadlock

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from aiologic._once_lock import ThreadOnceLock
from aiologic.backends import AsyncWaiter
from aiologic.testing import Scenario, switch, task

from .locks_of_threads import LockOfThreads
from .permits import LONG, check_conservation, check_queue, overtaken, standing

if TYPE_CHECKING:
    from .hands import Async, Green, Hands

#: The kinds of locks that keep nobody out; the second one once somebody has waited.
FOR_EVERYBODY = (type(None), ThreadOnceLock)


class ConditionScenario(Scenario):
    """What these scenarios have in common."""

    #: Whether others can run while a notifier has the lock. It doubles the schedules.
    notifier_dwells = False

    def __init__(self, make: Callable[[], Any], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make.__name__}, {self.hands.name})"

    def setup(self) -> None:
        self.condition = self.make()
        self.inside = 0
        self.items = 0
        self.notified = 0
        self.woken = 0

    def be_inside(self) -> None:
        if isinstance(self.condition.lock, FOR_EVERYBODY):
            return
        self.inside += 1
        assert self.inside == 1, "two are inside at once"
        switch()
        self.inside -= 1

    async def wait_once(self, hand: Green | Async, **how: Any) -> bool:
        """Wait in a block, without a predicate; be inside afterwards, however the wait ends."""
        await hand.enter(self.condition)
        try:
            woken = await hand.wait(self.condition, **how)
            self.woken += woken
        finally:
            self.be_inside()
            await hand.leave(self.condition)
        return woken

    async def wait_for_item(self, hand: Green | Async) -> None:
        """Wait in a block until there is an item, but do not take it."""
        await hand.enter(self.condition)
        try:
            while not self.items:
                assert await hand.wait(self.condition)
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    async def put(self, hand: Green | Async, count: int = 1) -> None:
        """Put an item, and notify."""
        await hand.enter(self.condition)
        self.items += 1
        notified = self.condition.notify(count)
        self.notified += notified
        if self.notifier_dwells:
            self.be_inside()
        await hand.leave(self.condition)

    def check(self) -> None:
        assert self.condition.waiting == 0, "somebody waits for what has been notified"
        check_queue(self.condition._queue)
        assert not standing(self.condition), "a ticket is left over"
        lock = self.condition.lock
        if isinstance(lock, ThreadOnceLock):
            assert not lock.locked(), "it was not opened"
        elif isinstance(lock, LockOfThreads):
            assert not lock.is_held, "the lock is held"
            assert not lock.waiting, "somebody waits for the lock"
        elif lock is not None:
            check_conservation(lock)
            assert not getattr(self.condition._kind, "_entered", None)


class NotifyAgainstWait(ConditionScenario):
    """One waits for an item, the other puts it."""

    @task
    async def waiter(self) -> None:
        await self.wait_for_item(self.hands.first)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.second)


class NotifyAgainstTwoWaiters(ConditionScenario):
    """Two wait, and are notified at once: each is inside, one after the other."""

    @task
    async def waiter(self) -> None:
        await self.wait_for_item(self.hands.first)

    @task
    async def other_waiter(self) -> None:
        await self.wait_for_item(self.hands.second)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third, -1)


class NotifiedTogether(NotifyAgainstTwoWaiters):
    """The same, and the notifier stays inside: the tasks that are stirred check too early."""

    notifier_dwells = True


class TogetherAgainstTimeout(ConditionScenario):
    """Two are notified at once, and time may run out for either, stirred or not."""

    time_passes = True

    @task
    async def impatient(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    @task
    async def other_waiter(self) -> None:
        await self.wait_once(self.hands.second, timeout=LONG)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third, -1)

    def check(self) -> None:
        super().check()
        assert self.notified >= self.woken, "more were woken than notified"


class TogetherAgainstCancellation(TogetherAgainstTimeout):
    """The same, and the first is cancelled."""

    timeouts = 0

    @task(cancellable=True)
    async def impatient(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)


class NotifyAgainstTimeout(ConditionScenario):
    """Time runs out for a waiter while it is notified, moved to the lock's queue, or handed the lock."""

    time_passes = True  # since the wait may begin after the notification

    @task
    async def impatient(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.second)

    def check(self) -> None:
        super().check()
        assert self.notified >= self.woken, "more were woken than notified"


class LongNotifyAgainstTimeout(NotifyAgainstTimeout):
    """The same, and the notifier stays inside, so that a waiter that leaves without the lock is noticed."""

    notifier_dwells = True


class NotifyAgainstCancellation(ConditionScenario):
    """A waiter is cancelled while it is notified, moved to the lock's queue, or handed the lock."""

    time_passes = True  # the wait may begin after the notification
    timeouts = 0  # but only when no other task can go on

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.second)


class CancelledTwice(NotifyAgainstCancellation):
    """D2: a second cancellation comes while the task waits for the lock."""

    cancellations = 2


class PassedOn(ConditionScenario):
    """One notification for two: the first waiter passes it on, even if it leaves early."""

    @task
    async def patient(self) -> None:
        await self.wait_for_item(self.hands.second)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third)

    async def wait_and_tell(self, **how: Any) -> None:
        """The notification is not for this task: if the task gets it, it notifies again."""
        hand = self.hands.first
        await hand.enter(self.condition)
        try:
            if not self.items and await hand.wait(self.condition, **how):
                self.condition.notify()
        finally:
            self.be_inside()
            await hand.leave(self.condition)


class TimeoutPassesOn(PassedOn):
    """Time runs out for a waiter that may have been notified."""

    time_passes = True

    @task
    async def impatient(self) -> None:
        await self.wait_and_tell(timeout=LONG)


class CancellationPassesOn(PassedOn):
    """A waiter is cancelled that may have been notified."""

    time_passes = True

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.wait_and_tell(timeout=LONG)


class OneForTwo(NotifyAgainstTimeout):
    """One notification for two, and time runs out for one of them: no more than one is woken."""

    @task
    async def other_waiter(self) -> None:
        await self.wait_once(self.hands.third, timeout=LONG)


class NewcomerAgainstNotify(NotifyAgainstWait):
    """A newcomer wants the lock while the waiter moves to the lock's queue: they are served in queue order."""

    @task
    async def newcomer(self) -> None:
        lock = self.condition.lock
        before = standing(lock)
        await self.hands.third.acquire(lock)
        assert not overtaken(before), "somebody who had come earlier was overtaken"
        self.be_inside()
        self.hands.third.release(lock)


class TwoNotifiers(ConditionScenario):
    """Two notify at once, without a lock; the sum of what they return is the number of tasks woken."""

    time_passes = True

    @task
    async def waiter(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    @task
    async def notifier(self) -> None:
        notified = self.condition.notify()
        self.notified += notified

    @task
    async def other_notifier(self) -> None:
        notified = self.condition.notify()
        self.notified += notified

    def check(self) -> None:
        super().check()
        assert self.notified >= self.woken, "more were woken than notified"


class NotifyAgainstSweep(ConditionScenario):
    """Without a lock, one leaves, and sweeps the queue, while another is notified."""

    time_passes = True

    @task
    async def leaver(self) -> None:
        await self.wait_once(self.hands.first, timeout=LONG)

    @task
    async def patient(self) -> None:
        assert await self.wait_once(self.hands.second)

    @task
    async def notifier(self) -> None:
        # Nothing notifies this task: it times out when no other can go on, and by then the patient one is queued.
        while not self.patient_stands():
            await self.hands.third.wait(self.condition, timeout=LONG)
        self.condition.notify(-1)

    def patient_stands(self) -> bool:
        tickets = standing(self.condition)
        return any(isinstance(ticket[0][0], AsyncWaiter) for ticket in tickets)


class Delegated(ConditionScenario):
    """Two wait for different values; one false predicate does not keep the other task from being notified."""

    async def wait_until(self, hand: Green | Async, least: int, **how: Any) -> None:
        await hand.enter(self.condition)
        try:
            assert await hand.wait_for(
                self.condition, lambda: self.items >= least, **how
            )
            assert self.items >= least, "it is not true"
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    @task
    async def first_value(self) -> None:
        await self.wait_until(self.hands.first, 2)

    @task
    async def second_value(self) -> None:
        await self.wait_until(self.hands.second, 1)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third)
        await self.put(self.hands.third)


class DelegatedAndCancelled(Delegated):
    """The same, and one of them is cancelled: its notification goes to the other."""

    @task(cancellable=True)
    async def first_value(self) -> None:
        await self.wait_until(self.hands.first, 1)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third, 2)


class TakenBackAgainstTimeout(ConditionScenario):
    """A predicate that the notifier found true is false again before the waiter has the lock, and time may be up."""

    time_passes = True

    @task
    async def impatient(self) -> None:
        hand = self.hands.first
        await hand.enter(self.condition)
        try:
            found = await hand.wait_for(
                self.condition, lambda: self.items, timeout=LONG
            )
            assert not found, "it was never true with this task's lock"
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    @task
    async def notifier(self) -> None:
        hand = self.hands.second
        await hand.enter(self.condition)
        self.items += 1
        self.condition.notify()
        self.be_inside()
        self.items -= 1
        await hand.leave(self.condition)
