# SPDX-License-Identifier: ISC
"""Nobody in a relay is lost if a task ends the loop, a handler raises, or one is cancelled; and no loop is kept."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import weakref
from itertools import count
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic.testing._interruption import Interrupted, RaisingInterruption
from aiologic_asyncio import _relay
from aiologic_asyncio._relay import STEPS
from aiologic_asyncio._waiter import _asleep

from .pairs import Pair
from .steps import finish, slice_of, start, until_waiting

if TYPE_CHECKING:
    from typing import Any

Loop = asyncio.AbstractEventLoop


def test_one_that_ends_the_loop_has_woken_another(loop: Loop) -> None:
    """The other goes on when the loop runs again."""
    begin = aiologic.Event()
    event = aiologic.Event()

    async def end() -> None:
        await begin
        event.set()
        raise SystemExit

    async def main() -> None:
        begin.set()

    def turns() -> None:
        for _ in range(3):
            slice_of(loop)

    other = start(loop, event.with_())
    ending = start(loop, end())
    until_waiting(loop, begin)
    beginning = start(loop, main())
    with pytest.raises(SystemExit):
        turns()
    assert beginning.done()
    slice_of(loop)

    assert other.done()
    assert isinstance(ending.exception(), SystemExit)


@pytest.mark.skipif(
    sys.version_info < (3, 10) or sys.implementation.name != "cpython",
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)
def test_a_handler_that_raises_in_a_relay_keeps_nobody_asleep(loop: Loop) -> None:
    """Before its first step, between two, and after the last; also in what it makes the loop do."""
    files = [_relay.__file__, asyncio.base_events.__file__, asyncio.events.__file__]
    for number in count():
        event = aiologic.Event()
        tasks = [start(loop, event.with_()) for _ in range(3)]
        until_waiting(loop, event, 3)
        waiters = [*(event._queue or ())]
        event._queue = None
        relay = _relay.Relay(loop)
        relay.extend(_asleep(waiters))
        interruption = RaisingInterruption(number, Interrupted.now, files)

        def interrupted(relay: Any = relay, interruption: Any = interruption) -> None:
            with contextlib.suppress(Interrupted):
                interruption.during(relay)

        loop.call_soon(interrupted)
        for _ in range(4):
            slice_of(loop)

        # As the call of the relay itself begins, the loop drops it: no code of ours has run.
        if "__call__" in interruption.where and len(relay) == 3:
            loop.call_soon(relay)
            slice_of(loop)
        assert [task.done() for task in tasks] == [True] * 3, interruption.where
        assert not _relay._at_work
        if not interruption.was_made:
            break
    assert number > 5


def test_one_that_stands_in_a_relay_is_cancelled(loop: Loop) -> None:
    """A wakes B, and cancels it; B was woken, and what it was given goes to C."""
    semaphore = aiologic.Semaphore(0)
    begin = aiologic.Event()
    got: list[str] = []

    async def get(name: str) -> None:
        await semaphore.async_acquire()
        got.append(name)

    async def cancel() -> None:
        await begin
        semaphore.release()
        b.cancel()

    b = start(loop, get("b"))
    until_waiting(loop, semaphore)
    c = start(loop, get("c"))
    until_waiting(loop, semaphore, 2)
    a = start(loop, cancel())
    until_waiting(loop, begin)

    async def main() -> None:
        begin.set()
        await asyncio.gather(a, c)

    finish(loop, main())

    assert b.cancelled()
    assert got == ["c"]


def test_a_loop_that_is_forgotten_goes() -> None:
    loop = asyncio.new_event_loop()
    pair = Pair(3 * STEPS)
    tasks = pair.start(loop)

    async def main() -> None:
        pair.turns[0].release()

    loop.run_until_complete(main())
    loop.run_until_complete(asyncio.gather(*tasks))
    assert not _relay._at_work
    loop.close()
    gone = weakref.ref(loop)
    del loop, tasks

    for _ in range(3):  # PyPy notices bit by bit
        gc.collect()

    assert gone() is None
