# SPDX-License-Identifier: ISC
"""C8: one limit for a whole process, whichever task wants a part of what it limits."""

from __future__ import annotations

import threading

import aiologic
from aiologic.lowlevel import async_sleep, green_sleep
from aiologic.testing.harness import CANCELLED, Operation, acquire, release, until

from .conftest import ASYNC, GREEN, Two, awaits, between

LIMIT = 3
JOBS = 15
STORM = 20


class Gauge:
    """How many tasks are inside, and the highest number so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = 0

    def up(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def down(self) -> None:
        with self._lock:
            self.now -= 1


@between(ASYNC, GREEN)
def test_two_loops_and_two_threads_never_exceed_it(two: Two) -> None:
    """And they reach it: nobody goes on before three are inside."""
    limit, gauge, full = aiologic.CapacityLimiter(LIMIT), Gauge(), aiologic.Event()

    def enter() -> None:
        gauge.up()
        if gauge.now == LIMIT:
            full.set()

    async def aio() -> None:
        for _ in range(JOBS):
            async with limit:
                enter()
                await full
                await async_sleep(0)
                gauge.down()

    def green() -> None:
        for _ in range(JOBS):
            with limit:
                enter()
                full.wait()
                green_sleep(0)
                gauge.down()

    job = Operation("job", green, aio)
    stages = [two.first, two.another(0), two.second, two.another(1)]
    for call in [stage.actor().starts(job) for stage in stages]:
        call.result()

    assert gauge.most == LIMIT
    assert limit.available_tokens == LIMIT
    assert limit.waiting == 0


@between(ASYNC, GREEN)
def test_a_storm_of_cancellations_leaves_all_free(two: Two) -> None:
    """All waiting tasks are cancelled at once, while tokens are returned in another thread."""
    limit = aiologic.CapacityLimiter(LIMIT)
    holders = [two.second.actor() for _ in range(LIMIT)]
    for holder in holders:
        holder.does(acquire(limit))

    async def want() -> None:
        async with limit:
            await async_sleep(0)

    victims = [two.first.actor().starts(awaits(want)) for _ in range(STORM)]
    until(lambda: limit.waiting == STORM)

    with two.first.frozen() as inside:
        for number, victim in enumerate(victims):
            inside(victim.cancel)
            if number < LIMIT:
                holders[number].does(release(limit))

    for victim in victims:
        assert victim.result() == CANCELLED
    assert limit.available_tokens == LIMIT
    assert limit.waiting == 0
    assert not limit.borrowers
