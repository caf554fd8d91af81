# SPDX-License-Identifier: ISC
"""A scenario for coroutines that are closed where they wait for a condition."""

# A coroutine that is closed can't wait any more: it leaves without the lock, and passes on what it was given. Another
# thread may have the lock meanwhile, and notify.

from __future__ import annotations

from aiologic.testing import switch, task

from .conditions import ConditionScenario


class ClosedAgainstNotify(ConditionScenario):
    """One notification for a coroutine that is being closed, and one for a task that waits behind it."""

    @task
    async def closed(self) -> None:
        await self.condition.__aenter__()
        wait = self.condition.with_()
        wait.send(None)  # nobody continues it
        switch()
        wait.close()
        await self.condition.__aexit__(GeneratorExit, GeneratorExit(), None)

    @task
    async def patient(self) -> None:
        await self.wait_for_item(self.hands.second)

    @task
    async def notifier(self) -> None:
        hand = self.hands.third
        await hand.enter(self.condition)
        self.items += 1
        for _ in range(2):
            self.condition.notify()
        await hand.leave(self.condition)
