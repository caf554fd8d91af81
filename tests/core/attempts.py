# SPDX-License-Identifier: ISC
"""Functions for the tests of once: some fail a number of times, and coroutine functions wait."""

from __future__ import annotations

import inspect
import threading
from typing import Any

import aiologic


class Thing:
    """An object that is made once."""


class Failing:
    """Makes a thing after it has failed a given number of times; records each call."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: list[int] = []
        self.failures = failures

    def __call__(self) -> Thing:
        self.calls.append(threading.get_ident())
        if len(self.calls) <= self.failures:
            raise LookupError(f"failure {len(self.calls)}")
        return Thing()


def waiting(function: Any) -> int:
    """How many tasks wait for the call that runs now."""
    state = inspect.getclosurevars(function).nonlocals["state"]
    attempt = state._attempts.get(None)
    return 0 if attempt is None else attempt.over.waiting


class Steps:
    """A coroutine function that waits for an event, for a different one in each call."""

    def __init__(self) -> None:
        self.events: list[aiologic.Event] = []

    async def __call__(self) -> Thing:
        self.events.append(aiologic.Event())
        await self.events[-1]
        return Thing()
