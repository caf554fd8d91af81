# SPDX-License-Identifier: ISC
# mypy: disable-error-code="no-untyped-call"
"""The timers of waits: of any length, counted from now, and gone when the wait is over."""

from __future__ import annotations

import time
from types import SimpleNamespace

import aiologic
import gevent
import gevent.event
import pytest
from aiologic.testing.harness import run
from aiologic_gevent import _clock
from aiologic_gevent._clock import Overdue

from .steps import in_hub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor

TIMEOUT = 0.05
#: libuv counts whole milliseconds.
TOLERANCE = 0.003


@pytest.mark.parametrize("portion", [0.01, 0.03, 1000.0])
def test_a_long_wait_is_waited_in_portions(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, portion: float
) -> None:
    """None is counted from a time that has long passed: the loop's own, when the greenlet has run for a while."""
    monkeypatch.setattr(_clock, "LONGEST_DELAY_SECONDS", portion)
    event = aiologic.Event()

    def play() -> float:
        began = time.monotonic()
        while time.monotonic() < began + TIMEOUT:
            pass
        began = time.monotonic()
        assert event.wait(TIMEOUT) is False
        return time.monotonic() - began

    assert actor.does(run(play)) >= TIMEOUT - TOLERANCE


class Loop:
    """A loop of gevent's that records what becomes of its timers."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self.approx_timer_resolution = loop.approx_timer_resolution
        self.ptr = loop.ptr
        self.heard: list[str] = []

    def timer(self, seconds: float) -> Handle:
        self.heard.append("made")
        return Handle(self, self._loop.timer(seconds))


class Handle:
    def __init__(self, loop: Loop, timer: Any) -> None:
        self._loop = loop
        self._timer = timer
        self.start = timer.start

    def close(self) -> None:
        self._loop.heard.append("closed")
        self._timer.close()


def test_a_portion_that_is_over_leaves_no_timer(
    make_hub: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one is closed when it has fired."""
    monkeypatch.setattr(_clock, "LONGEST_DELAY_SECONDS", 0.001)

    def play(hub: Any) -> list[str]:
        loop = Loop(hub.loop)
        done: Any = gevent.event.AsyncResult()
        timer = _clock.Timer(loop, 0.003, done.set, "done")
        assert done.get() == "done"
        timer.cancel()
        return loop.heard

    heard = in_hub(make_hub, play)
    assert heard == ["made", "closed"] * (len(heard) // 2)
    assert len(heard) > 4


def test_a_timer_of_a_destroyed_loop_is_left_alone(make_hub: Callable[[], Any]) -> None:
    """The loop has dropped it, and would raise."""

    def play(hub: Any) -> list[str]:
        loop = Loop(hub.loop)
        timer = _clock.Timer(loop, 1000, pytest.fail, "it was left alone")
        handle = timer._handle
        loop.ptr = None
        timer.cancel()
        heard = [*loop.heard]
        handle.close()
        return heard

    assert in_hub(make_hub, play) == ["made"]


def test_what_stands_for_the_timer_of_an_expired_timeout_is_both() -> None:
    """The callback that is on its way, and the timer, which may be started again."""
    heard: list[str] = []

    class Part:
        pending = active = False

        def __init__(self, name: str) -> None:
            self.name = name

        def stop(self) -> None:
            heard.append(f"{self.name} stopped")

        def close(self) -> None:
            heard.append(f"{self.name} closed")

    callback, timer = Part("callback"), Part("timer")
    loop = SimpleNamespace(run_callback=lambda *_: callback)
    overdue = Overdue(loop, timer, heard.append, "called")

    pending = [overdue.pending]
    for part in callback, timer:
        part.pending = True
        pending.append(overdue.pending)
        part.pending = False
    assert pending == [False, True, True]
    overdue.stop()
    assert heard == ["callback stopped", "timer stopped"]
    overdue.close()
    assert heard[2:] == ["callback stopped", "timer closed"]
