# SPDX-License-Identifier: ISC
"""Scenarios for predicates of conditions that raise in the notifier."""

# Besides the properties of conditions.py: whatever is raised is told once. The waiter gets it, or it is logged if the
# waiter has gone.

from __future__ import annotations

import logging
from typing import Any

from aiologic.testing import task

from .notifiers import OnTrial
from .permits import LONG


class OopsError(Exception):
    """Raised by a predicate."""


class Log(logging.Handler):
    """Counts what is logged."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


#: A fixture makes it the handler of what is logged about predicates whose tasks have gone.
LOG = Log()


class Raises(OnTrial):
    """A predicate raises in the notifier: its waiter gets that, with the lock; and the other is notified."""

    count = 2

    def setup(self) -> None:
        super().setup()
        LOG.count = 0
        self.raised = 0
        self.caught = 0

    def raise_at_item(self) -> bool:
        if self.items:
            self.raised += 1
            raise OopsError
        return False

    async def wait_for_error(self, **how: Any) -> None:
        hand = self.hands.first
        await hand.enter(self.condition)
        try:
            assert not await hand.wait_for(self.condition, self.raise_at_item, **how)
        except OopsError:
            self.caught += 1
            self.condition.notify()  # if the notification was for one only
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    @task
    async def on_trial(self) -> None:
        await self.wait_for_error()

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.third, self.count)

    def check(self) -> None:
        super().check()
        told = self.caught + LOG.count
        assert told == self.raised, f"{self.raised} were raised, and {told} told"


class RaisesAgainstTimeout(Raises):
    """The same with a notification for one, and time may run out for the task whose predicate raises."""

    time_passes = True
    timeouts = 1
    count = 1

    @task
    async def on_trial(self) -> None:
        await self.wait_for_error(timeout=LONG)


class RaisesAgainstCancellation(RaisesAgainstTimeout):
    """It waits alone, and may be cancelled."""

    timeouts = 0

    async def patient(self) -> None:
        """No task here."""

    @task(cancellable=True)
    async def on_trial(self) -> None:
        await self.wait_for_error(timeout=LONG)
