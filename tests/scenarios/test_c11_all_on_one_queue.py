# SPDX-License-Identifier: ISC
"""C11: trio, asyncio, and threads, on one queue."""

from __future__ import annotations

import aiologic
import pytest
from aiologic.lowlevel import async_sleep
from aiologic.testing.harness import CANCELLED, Operation, get, put, run, until

from tests.worlds.catalogue import CANCELLING_NAMES

from .conftest import ASYNC, GREEN, Two, between

ITEMS = 300


def consume(queue: aiologic.SimpleQueue[int | None], got: list[int]) -> Operation:
    """Take items until there are no more."""

    def green() -> None:
        while True:
            item = queue.green_get()
            if item is None:
                return
            got.append(item)

    async def aio() -> None:
        while True:
            item = await queue.async_get()
            if item is None:
                return
            got.append(item)
            await async_sleep(0)

    return Operation("consume", green, aio)


@pytest.mark.parametrize("green", GREEN)
@between(ASYNC, ASYNC)
def test_each_item_is_had_once(two: Two, green: str) -> None:
    queue: aiologic.SimpleQueue[int | None] = aiologic.SimpleQueue()
    shares: list[list[int]] = [[], [], []]
    stages = [two.first, two.second, two.of(green)]
    calls = [
        stage.actor().starts(consume(queue, got)) for stage, got in zip(stages, shares)
    ]

    def produce() -> None:
        for number in range(ITEMS):
            queue.put(number)

    two.first.actor().does(run(produce))
    for _ in stages:
        queue.put(None)
    for call in calls:
        call.result()

    for got in shares:
        assert got == sorted(got)
    assert sorted(item for got in shares for item in got) == list(range(ITEMS))


@between(CANCELLING_NAMES, CANCELLING_NAMES)
def test_a_cancelled_consumer_hands_its_item_on(two: Two) -> None:
    """It is given one at the moment at which it is cancelled; the task behind it gets that item."""
    queue: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()
    victim = two.first.actor().starts(get(queue))
    until(lambda: queue.waiting == 1)
    next_one = two.second.actor().starts(get(queue))
    until(lambda: queue.waiting == 2)

    with two.first.frozen() as inside:
        inside(victim.cancel)
        two.another(1).actor().does(put(queue, 1))

    assert victim.result() == CANCELLED
    assert next_one.result() == 1
    assert len(queue) == 0
