# SPDX-License-Identifier: ISC
"""Two tasks that hand over to each other, as those do whose wake-ups share a turn of the loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiologic

from .steps import start, until_waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Loop = asyncio.AbstractEventLoop


class Pair:
    """Two tasks, of which each wakes the other and then waits for it."""

    def __init__(self, hand_overs: int) -> None:
        self.left = hand_overs
        self.turns = [aiologic.Semaphore(0), aiologic.Semaphore(0)]

    async def play(self, side: int, each_time: Callable[[], object] = int) -> None:
        while True:
            await self.turns[side].async_acquire()
            each_time()
            self.left -= 1
            self.turns[1 - side].release()
            if self.left <= 0:
                return

    def start(self, loop: Loop, each_time: Callable[[], object] = int) -> list[Any]:
        tasks = [start(loop, self.play(side, each_time)) for side in range(2)]
        until_waiting(loop, self.turns[1])
        return tasks
