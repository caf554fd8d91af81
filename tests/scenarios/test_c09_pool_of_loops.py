# SPDX-License-Identifier: ISC
"""C9: a pool of threads with a loop each, which take jobs from one queue; a task in another loop waits for the end."""

from __future__ import annotations

from collections import Counter

import aiologic
from aiologic.lowlevel import async_sleep
from aiologic.testing.harness import until

from .conftest import ASYNC, Two, awaits, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Job = Callable[[], Awaitable[None]]

LOOPS = 4
JOBS = 200


@between(ASYNC, ASYNC)
def test_each_job_is_done_once(two: Two) -> None:
    work: aiologic.SimpleQueue[Job | None] = aiologic.SimpleQueue()
    left = aiologic.CountdownEvent(JOBS)
    done: Counter[int] = Counter()
    done_by: Counter[int] = Counter()

    async def worker(who: int) -> None:
        while True:
            job = await work.async_get()
            if job is None:
                break
            await job()
            done_by[who] += 1
            left.down()

    def job(number: int) -> Job:
        async def run() -> None:
            await async_sleep(0)
            done[number] += 1

        return run

    stages = [two.first, two.second, two.another(0), two.another(1)]
    workers = [
        stage.actor().starts(awaits(worker, n)) for n, stage in enumerate(stages)
    ]
    end = two.another(0).actor().starts(awaits(left.with_))
    until(lambda: left.waiting == 1 and work.waiting == LOOPS)
    for number in range(JOBS):
        work.put(job(number))

    assert end.result() is True
    assert done == dict.fromkeys(range(JOBS), 1)
    for _ in range(LOOPS):
        work.put(None)
    for call in workers:
        call.result()
    assert left.value == 0
    assert sum(done_by.values()) == JOBS
