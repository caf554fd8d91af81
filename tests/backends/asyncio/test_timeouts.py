# SPDX-License-Identifier: ISC
"""Time-outs that are too long for any loop; and time-outs that end in the turn of the grant."""

from __future__ import annotations

import asyncio
import sys
import time

import aiologic
from aiologic.lowlevel import async_seconds_per_sleep
from aiologic.testing.harness import SHORT

from .steps import finish, slice_of, start, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pytest

Loop = asyncio.AbstractEventLoop


def test_a_long_time_is_waited_for_in_portions(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiologic_asyncio._clock.LONGEST_DELAY_SECONDS", SHORT / 4)
    event = aiologic.Event()
    begin = time.monotonic()

    assert finish(loop, event.with_(SHORT)) is False

    # A millisecond less, because uvloop's clock counts in milliseconds.
    assert time.monotonic() - begin > SHORT - 0.002


def test_a_wait_in_portions_can_be_woken_in_any_of_them(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiologic_asyncio._clock.LONGEST_DELAY_SECONDS", SHORT / 4)
    event = aiologic.Event()
    waiting = start(loop, event.with_(1e9))
    until_waiting(loop, event)
    loop.run_until_complete(asyncio.sleep(SHORT))

    assert not waiting.done()
    event.set()
    assert finish(loop, waiting) is True


def test_no_timer_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait that ended early has cancelled its timer, however it ended."""
    loop = asyncio.new_event_loop()
    timers: list[asyncio.TimerHandle] = []
    original = loop.call_later

    def call_later(*args: object, **kwargs: object) -> asyncio.TimerHandle:
        timers.append(original(*args, **kwargs))  # type: ignore[arg-type]
        return timers[-1]

    monkeypatch.setattr(loop, "call_later", call_later)
    event = aiologic.Event()
    woken, cancelled = start(loop, event.with_(99)), start(loop, event.with_(99))
    until_waiting(loop, event, 2)
    assert len(timers) == 2
    cancelled.cancel()
    slice_of(loop)
    event.set()
    assert loop.run_until_complete(woken) is True

    assert [timer.cancelled() for timer in timers] == [True, True]
    loop.close()


def test_time_is_up_and_then_it_is_granted_in_one_turn_of_the_loop(loop: Loop) -> None:
    """The timer has spoken, the task has not run, and the lock comes: it has the lock.

    A's timer fires.  B's, due right after it, releases the lock to A.  Only now
    A runs: it finds itself granted, and says so; to say "no" would lose the lock.
    """
    semaphore = aiologic.BinarySemaphore(0)
    order: list[str] = []

    async def waits() -> bool:
        got = await semaphore.async_acquire(timeout=SHORT)
        order.append("ran")
        return got

    waiting = start(loop, waits())
    until_waiting(loop, semaphore)

    def release() -> None:
        order.append("released")
        semaphore.release()

    # Its timer was set before ours, for the same delay: both are due when the loop comes around.
    loop.call_later(SHORT, release)
    end = time.monotonic() + 2 * SHORT
    while time.monotonic() < end:
        pass

    got = finish(loop, waiting)

    assert order == ["released", "ran"]
    assert got is True
    assert semaphore.value == 0
    assert semaphore.waiting == 0


def test_nought_is_one_trip_through_the_scheduler(loop: Loop) -> None:
    """Whatever is ready when the wait begins gets its chance."""
    semaphore = aiologic.BinarySemaphore(0)

    async def main() -> bool:
        loop.call_soon(semaphore.release)
        return await semaphore.async_acquire(timeout=0)

    # asyncio's timers come after what is ready; uvloop's may come before. Either way, nothing is lost.
    got = finish(loop, main())
    assert semaphore.value == (0 if got else 1)
    assert semaphore.waiting == 0


def test_the_longest_sleep_is_that_of_the_loop() -> None:
    """For loops that nobody knows, it is the shortest that any of them has."""

    async def longest_sleep() -> float:
        return async_seconds_per_sleep()

    def longest_in(loop: Loop) -> float:
        try:
            return finish(loop, longest_sleep())
        finally:
            loop.close()

    class OwnLoop(asyncio.SelectorEventLoop):
        pass

    assert longest_in(asyncio.SelectorEventLoop()) == sys.float_info.max
    assert longest_in(OwnLoop()) == 2147483.647
