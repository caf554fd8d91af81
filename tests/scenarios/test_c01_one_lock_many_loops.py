# SPDX-License-Identifier: ISC
"""C1: a lock that is created at import guards what tasks of several loops share."""

from __future__ import annotations

import aiologic
from aiologic.lowlevel import async_sleep

from .conftest import ASYNC, Two, awaits, between

LOOPS = 4
SECTIONS = 100


@between(ASYNC, ASYNC)
def test_four_loops_take_turns(two: Two) -> None:
    lock = aiologic.Lock()  # no loop is needed for that
    inside: list[int] = []
    taken: list[int] = []

    async def work(number: int) -> None:
        for _ in range(SECTIONS):
            async with lock:
                inside.append(number)
                assert inside == [number]
                await async_sleep(0)
                assert inside == [number]
                inside.pop()
            taken.append(number)

    stages = [two.first, two.second, two.another(0), two.another(1)]
    calls = [stage.actor().starts(awaits(work, n)) for n, stage in enumerate(stages)]
    for call in calls:
        call.result()

    assert [taken.count(n) for n in range(LOOPS)] == [SECTIONS] * LOOPS
    assert not lock.locked()
    assert lock.waiting == 0
