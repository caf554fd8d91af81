# SPDX-License-Identifier: ISC
"""Shielded calls with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import Any

from aiologic.backends import ShieldedCall


class LeavesAtOnce(ShieldedCall):
    """Who is cancelled does not wait for the end of the call."""

    def wait(self, create_waiter: Any, *_: Any) -> Any:
        if not self._is_done:
            self._waiter = waiter = create_waiter()
            waiter.source = None
            waiter.park(None)
        return self._result


class KeepsOne(ShieldedCall):
    """Of what is thrown, only the first is kept."""

    def wait(
        self, create_waiter: Any, held_back: Any, interrupt_soon: Any, _again: Any
    ) -> Any:
        return super().wait(create_waiter, held_back, interrupt_soon, bool)


class WakesWhoWaitedBefore(ShieldedCall):
    """Who is cancelled waits anew, and the helper does not look for that."""

    def run(self) -> None:
        waiter = self._waiter
        self._waiter = None
        self._has_begun = True
        self._result = self._function()
        self._is_done = True
        if waiter is not None:
            waiter.wake()


class InterruptsNewborns(ShieldedCall):
    """What is thrown on may come before the helper has begun."""

    def interrupt(self, throw: Any, error: BaseException) -> None:
        if not self._is_done:
            self._thrown.remove(error)
            throw(error)


class InterruptsTheDead(ShieldedCall):
    """What is thrown on may come after the helper has ended."""

    def interrupt(self, throw: Any, error: BaseException) -> None:
        if self._has_begun:
            if error in self._thrown:
                self._thrown.remove(error)
            throw(error)
