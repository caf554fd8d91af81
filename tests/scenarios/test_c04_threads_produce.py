# SPDX-License-Identifier: ISC
"""C4: threads produce, a coroutine consumes, and a producer that is too fast waits."""

from __future__ import annotations

import aiologic
import pytest
from aiologic.lowlevel import async_sleep
from aiologic.testing.harness import CANCELLED, get, put, until

from .conftest import ASYNC, GREEN, Two, awaits, between, blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AsyncIterator

    Token = tuple[int, int]

BOUND = 5
PRODUCERS = 3
TOKENS = 40


class Stream:
    """What users write."""

    def __init__(self) -> None:
        self.queue: aiologic.Queue[Token | None] = aiologic.Queue(BOUND)

    def on_token(self, token: Token | None) -> None:
        self.queue.green_put(token)

    async def tokens(self) -> AsyncIterator[Token]:
        while True:
            token = await self.queue.async_get()
            if token is None:
                return
            yield token


@between(GREEN, ASYNC)
def test_order_is_kept_and_the_bound_as_well(two: Two) -> None:
    stream = Stream()
    lengths: list[int] = []

    def produce(producer: int) -> None:
        for number in range(TOKENS):
            stream.on_token((producer, number))
            lengths.append(len(stream.queue))

    async def consume() -> list[Token]:
        got: list[Token] = []
        async for token in stream.tokens():
            got.append(token)
            lengths.append(len(stream.queue))
            await async_sleep(0)  # a slow client
        return got

    consuming = two.second.actor().starts(awaits(consume))
    producing = [two.first.actor().starts(blocks(produce, n)) for n in range(PRODUCERS)]
    for call in producing:
        call.result()
    two.first.actor().does(blocks(stream.on_token, None))
    got = consuming.result()

    for producer in range(PRODUCERS):
        numbers = [number for who, number in got if who == producer]
        assert numbers == list(range(TOKENS))
    assert len(got) == PRODUCERS * TOKENS
    assert max(lengths) <= BOUND


@between(GREEN, ASYNC)
def test_a_thread_waits_for_a_slow_client_and_drops_nothing(two: Two) -> None:
    stream = Stream()
    producer, consumer = two.first.actor(), two.second.actor()

    def produce() -> None:
        for number in range(BOUND + 1):
            stream.on_token((0, number))

    call = producer.starts(blocks(produce))
    until(lambda: stream.queue.putting == 1)
    assert len(stream.queue) == BOUND
    assert not call.is_done

    assert consumer.does(get(stream.queue)) == (0, 0)
    call.result()
    rest = [consumer.does(get(stream.queue))[1] for _ in range(BOUND)]
    assert rest == list(range(1, BOUND + 1))


@between(GREEN, ASYNC)
def test_a_cancelled_stream_lets_go_of_nothing_twice(two: Two) -> None:
    """It waits for a token, and is given one at the moment at which it is cancelled."""
    stream = Stream()
    producer, consumer, next_one = (
        two.first.actor(),
        two.second.actor(),
        two.second.actor(),
    )
    call = consumer.starts(awaits(stream.tokens().__anext__))
    until(lambda: stream.queue.waiting == 1)

    with two.second.frozen() as inside:
        inside(call.cancel)
        producer.does(put(stream.queue, (0, 0)))

    assert call.result() == CANCELLED
    assert len(stream.queue) == 1
    assert next_one.does(get(stream.queue)) == (0, 0)
    # There are as many places as before, and no more.
    for number in range(BOUND):
        assert producer.does(put(stream.queue, (1, number), timeout=0)) is None
    with pytest.raises(aiologic.QueueFull):
        producer.does(put(stream.queue, (1, BOUND), blocking=False))
