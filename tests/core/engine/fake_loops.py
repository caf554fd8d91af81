# SPDX-License-Identifier: ISC
"""Loops and waiters that do what a test says, for the tests of inboxes."""

from __future__ import annotations

import gc
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable

    from aiologic.backends import Inbox


class FakeWaiter:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.when_resumed: Callable[[], None] = lambda: None

    def resume(self) -> None:
        self.heard.append("resume")
        self.when_resumed()

    def lost(self) -> None:
        self.heard.append("lost")


class FakeLoop:
    """A loop that runs its scheduled calls when the test says so."""

    def __init__(self) -> None:
        self.scheduled: deque[Callable[[], None]] = deque()
        self.calls = 0
        self.is_closed = False

    def schedule(self, delivery: Callable[[], None]) -> None:
        if self.is_closed:
            raise RuntimeError("the loop is closed")
        self.calls += 1
        self.scheduled.append(delivery)

    def turn(self) -> None:
        for _ in range(len(self.scheduled)):
            self.scheduled.popleft()()

    def close(self) -> None:
        self.is_closed = True
        self.scheduled.clear()
        gc.collect()  # for interpreters without reference counts


class Cancellable:
    """The handle that a loop returns for a scheduled call."""

    def __init__(self, function: Callable[[], None]) -> None:
        self.function: Callable[[], None] | None = function

    def __call__(self) -> None:
        if self.function is not None:
            self.function()

    def cancel(self) -> None:
        self.function = None


def post_all(inbox: Inbox, loop: FakeLoop, waiters: list[FakeWaiter]) -> None:
    for waiter in waiters:
        inbox.post(waiter, loop.schedule)
