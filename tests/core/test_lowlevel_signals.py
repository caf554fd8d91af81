# SPDX-License-Identifier: ISC
"""What was said about signal handlers is remembered, and changes nothing.

That wake-ups from real handlers are prompt without it is tested where loops
are: tests/backends/asyncio/test_signals.py, tests/backends/trio/test_runs.py.
"""

from __future__ import annotations

import signal
import sys
from contextvars import copy_context
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic.lowlevel import (
    current_async_library,
    current_green_library,
    disable_signal_safety,
    enable_signal_safety,
    signal_safety_enabled,
)

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


def test_off_unless_somebody_says_so() -> None:
    assert signal_safety_enabled() is False


def test_blocks(world: HandWorld) -> None:
    with enable_signal_safety() as is_on:
        assert is_on is True
        assert signal_safety_enabled() is True
        with disable_signal_safety() as is_on_inside:
            assert is_on_inside is False
            assert signal_safety_enabled() is False
        assert signal_safety_enabled() is True

    async def work() -> None:
        async with enable_signal_safety() as is_on:
            assert is_on is True
            assert signal_safety_enabled() is True
        assert signal_safety_enabled() is False

    world.run(work())


def test_functions_and_awaitables(world: HandWorld) -> None:
    @enable_signal_safety
    def green(number: int) -> tuple[int, bool]:
        """Say it."""
        return number, signal_safety_enabled()

    @enable_signal_safety
    async def aio(number: int) -> tuple[int, bool]:
        return number, signal_safety_enabled()

    async def work() -> None:
        assert await aio(2) == (2, True)
        assert await disable_signal_safety(aio)(3) == (3, True)
        assert await enable_signal_safety(plain()) is True

    async def plain() -> bool:
        return signal_safety_enabled()

    assert green(1) == (1, True)
    assert green.__doc__ == "Say it."
    world.run(work())
    assert signal_safety_enabled() is False


def test_it_is_the_threads_own(crew: Crew) -> None:
    with enable_signal_safety():
        context = copy_context()
        assert context.run(signal_safety_enabled) is True
        assert crew.run(context.run, signal_safety_enabled) is False


def test_nothing_else_changes(world: HandWorld) -> None:
    """In 0.17.1, no library was found in such a block, and nothing could be awaited."""
    event = aiologic.Event()

    async def work() -> str:
        with enable_signal_safety():
            await event
            assert current_green_library() == "threading"
            return current_async_library()

    task = world.spawn(work()).step()
    assert event.waiting == 1
    with enable_signal_safety():
        event.set()
    assert task.step().result == "handdriven"


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGUSR1")
def test_in_a_handler(crew: Crew) -> None:
    """As async-kernel does for SIGINT."""
    event = aiologic.Event()

    def handler(*_: object) -> None:
        with enable_signal_safety():
            event.set()

    waiting = crew.start(event.wait, 20)
    crew.wait_for_waiters(event, 1)
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert waiting.result() is True
    assert signal_safety_enabled() is False
