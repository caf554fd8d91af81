# SPDX-License-Identifier: ISC
"""toyloop keeps its promises to other threads, so that failures of the suites are the backend's fault."""

from __future__ import annotations

import threading

import pytest
import toyloop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 10


class Running:
    """A loop in a thread, which ends when its main task is resumed."""

    def __init__(self) -> None:
        began = threading.Event()

        async def live() -> None:
            main = toyloop.current_task()
            assert main is not None
            self.main, self.loop = main, main.loop
            began.set()
            await toyloop.suspend()

        self.thread = threading.Thread(target=toyloop.run, args=[live()])
        self.thread.start()
        assert began.wait(PATIENCE)

    def joins(self) -> None:
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def after_the_ring(loop: toyloop.Loop, then: Callable[[], object]) -> None:
    """Call a function in the middle of the next call_soon_threadsafe(): it has rung, and not yet checked."""
    ring = loop._ring

    def ring_and_then() -> None:
        ring()
        then()

    loop._ring = ring_and_then  # type: ignore[method-assign]


def test_a_function_that_ends_the_loop_was_not_refused() -> None:
    """caller: appends, rings; loop: runs the function, is closed; caller: checks, and must not refuse it."""
    running = Running()
    after_the_ring(running.loop, running.joins)

    running.loop.call_soon_threadsafe(running.main.resume)

    assert running.loop.is_closed


def test_a_function_that_comes_too_late_is_refused_and_not_kept() -> None:
    """loop: ends, is closed; caller: appends, rings, checks, and refuses."""
    running = Running()
    called: list[object] = []
    running.loop.call_soon_threadsafe(running.main.resume)
    running.joins()

    with pytest.raises(RuntimeError, match="closed"):
        running.loop.call_soon_threadsafe(lambda: called.append(1))

    assert called == []
    assert not running.loop._ready
