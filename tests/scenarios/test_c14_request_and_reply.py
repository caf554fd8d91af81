# SPDX-License-Identifier: ISC
"""C14: many ask over one wire, and each gets the reply to its own question."""

from __future__ import annotations

import aiologic
from aiologic.lowlevel import shield
from aiologic.testing.harness import CANCELLED, Operation, until

from .conftest import ASYNC, GREEN, Two, awaits, between

REQUESTS = 20


class Channel:
    """What users write."""

    def __init__(self) -> None:
        self.lock = aiologic.Lock()
        self.wire: aiologic.SimpleQueue[int | None] = aiologic.SimpleQueue()
        self.back: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()

    async def ask(self, question: int) -> int:
        async with self.lock:
            self.wire.put(question)
            # A reply that nobody takes would be taken for the next one's.
            return await shield(self.back.async_get)()

    def ask_sync(self, question: int) -> int:
        with self.lock:
            self.wire.put(question)
            return shield(self.back.green_get)()

    def serve(self) -> Operation:
        """The other end: answers until it is asked None."""

        def green() -> None:
            for question in iter(self.wire.green_get, None):
                self.back.put(-question)

        async def aio() -> None:
            while True:
                question = await self.wire.async_get()
                if question is None:
                    return
                self.back.put(-question)

        return Operation("serve", green, aio)


@between(ASYNC, GREEN)
def test_every_reply_matches(two: Two) -> None:
    channel = Channel()
    stages = [two.first, two.another(0), two.second]

    def requests(asker: int) -> Operation:
        questions = range(1 + asker * REQUESTS, 1 + (asker + 1) * REQUESTS)

        async def aio() -> list[int]:
            return [await channel.ask(question) + question for question in questions]

        def green() -> list[int]:
            return [channel.ask_sync(question) + question for question in questions]

        return Operation("requests", green, aio)

    server = two.another(1).actor().starts(channel.serve())
    calls = [stage.actor().starts(requests(n)) for n, stage in enumerate(stages)]

    for call in calls:
        assert call.result() == [0] * REQUESTS
    channel.wire.put(None)
    server.result()
    assert len(channel.back) == 0


@between(ASYNC, GREEN)
def test_one_that_is_cancelled_takes_its_reply_along(two: Two) -> None:
    """Cancelled after it has asked, and before it is answered."""
    channel = Channel()
    cancelled = two.first.actor().starts(awaits(channel.ask, 1))
    until(lambda: channel.back.waiting == 1)
    asker = two.second.actor()
    call = asker.starts(
        Operation("ask", lambda: channel.ask_sync(2), lambda: channel.ask(2))
    )
    until(lambda: channel.lock.waiting == 1)

    two.first.inside(cancelled.cancel)
    assert not cancelled.is_done
    server = two.another(1).actor().starts(channel.serve())

    # It is raised when the task has its reply; or at its next checkpoint, and there is none (trio, AnyIO, curio).
    assert cancelled.result() in (CANCELLED, -1)
    assert call.result() == -2
    channel.wire.put(None)
    server.result()
