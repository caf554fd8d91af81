# SPDX-License-Identifier: ISC
"""What the crowds of crowds.py wait for, and who waits."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiologic._engine.waiting import async_wait
from aiologic._engine.waitqueue import WaitQueue
from aiologic.backends import GreenWaiter
from aiologic_asyncio import _waiter

if TYPE_CHECKING:
    from .asyncio_loops import Loop


class Gate:
    """What all wait for. It notes what becomes of each waiter, in the order in which they came."""

    def __init__(self) -> None:
        self.queue = WaitQueue()
        self.became: dict[Any, list[str]] = {}

    def join(self, waiter: Any, _request: object = None) -> None:
        waiter.source = self
        self.became[waiter] = []
        self.queue.append(waiter)

    def open(self) -> None:
        """Wake all."""
        queue = self.queue
        while queue and queue.take_turn():
            try:
                queue.wake_all()
            finally:
                queue.turn.append(None)

    def _accept(self, waiter: Any) -> None:
        self.became[waiter].append("accepted")

    def _take_back(self, waiter: Any) -> None:
        self.became[waiter].append("taken back")

    def _leave(self, waiter: Any) -> None:
        self.became[waiter].append("left")


class Sleeper:
    """A task that waits for the gate to open, and then sleeps once more."""

    def __init__(self, loop: Loop, gate: Gate, time_out: float | None) -> None:
        self.loop = loop
        self.outcome: object = None  # of its wait for the gate
        self.is_over = loop.create_future()  # that wait
        self.rest = loop.create_future()
        task: Any = loop.create_task(self.sleep(gate, time_out))
        task._log_destroy_pending = False
        self.task = task
        loop.run_until_complete(asyncio.sleep(0))

    async def sleep(self, gate: Gate, time_out: float | None) -> None:
        waiter = _waiter.create_waiter()
        try:
            self.outcome = await async_wait(waiter, time_out, gate.join)
        except asyncio.CancelledError:
            self.outcome = "cancelled"
        assert asyncio.get_running_loop() is self.loop, "another loop runs it"
        self.is_over.set_result(None)
        await self.rest  # a second wake-up would end this, which is an error


class Stranger(GreenWaiter):
    """A waiter of another library, which stands between those of the loops."""

    __slots__ = ("is_unparked",)

    is_unparked: bool

    def park(self, timeout: float | None) -> bool:
        raise NotImplementedError

    def unpark(self) -> None:
        self.is_unparked = True
