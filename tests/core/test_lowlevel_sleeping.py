# SPDX-License-Identifier: ISC
"""What sleeps ask of a backend; and that they ask nothing if their arguments are wrong."""

from __future__ import annotations

import sys
import time
from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._runtime import threads
from aiologic._runtime.detect import worlds
from aiologic._runtime.unpatched import allocate_lock
from aiologic.lowlevel import (
    async_clock,
    async_seconds_per_sleep,
    async_seconds_per_timeout,
    async_sleep,
    async_sleep_forever,
    async_sleep_until,
    green_clock,
    green_seconds_per_sleep,
    green_seconds_per_timeout,
    green_sleep,
    green_sleep_forever,
    green_sleep_until,
)

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .hand_driven import HandWorld


@pytest.fixture
def asked(world: HandWorld, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The lengths of the sleeps that both backends were asked for; their clocks show 100."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    for backend in world, worlds.threads:
        monkeypatch.setattr(type(backend), "clock", lambda _: 100.0)
    monkeypatch.setattr(world, "sleep", sleep)
    monkeypatch.setattr(type(worlds.threads), "sleep", lambda _, s: asked.append(s))
    return asked


@pytest.fixture(params=["green", "async"])
def is_async(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "async")


@pytest.fixture
def sleep(is_async: bool, world: HandWorld) -> Callable[[Any], None]:
    return in_a_task(world, async_sleep) if is_async else green_sleep


@pytest.fixture
def sleep_until(is_async: bool, world: HandWorld) -> Callable[[Any], None]:
    return in_a_task(world, async_sleep_until) if is_async else green_sleep_until


def in_a_task(
    world: HandWorld, function: Callable[[Any], Awaitable[None]]
) -> Callable[[Any], None]:
    async def main(argument: Any) -> None:
        await function(argument)

    return lambda argument: world.run(main(argument))


@pytest.mark.parametrize("seconds", [0, 0.5, 3, 1e300, 10**300])
def test_lengths(
    sleep: Callable[[Any], None], asked: list[float], seconds: float
) -> None:
    sleep(seconds)
    assert asked == [float(seconds)]
    assert isinstance(asked[0], float)


@pytest.mark.parametrize(
    ("deadline", "seconds"),
    [(100.0, 0), (100.5, 0.5), (99, 0), (-inf, 0), (-(10**400), 0), (1e300, 1e300)],
    ids=["now", "soon", "past", "-inf", "-huge", "far"],
)
def test_deadlines(
    sleep_until: Callable[[Any], None],
    asked: list[float],
    deadline: float,
    seconds: float,
) -> None:
    sleep_until(deadline)
    assert asked == [seconds]


# 0.17.1 had two texts (D28); how they began has stayed.
WRONG: list[tuple[Any, type[Exception], str]] = [
    (-1, ValueError, "seconds must be non-negative, got -1"),
    (-inf, ValueError, "seconds must be non-negative, got -inf"),
    (nan, ValueError, "seconds must be non-NaN, got nan"),
    ("1", TypeError, "seconds must be a number, got '1'"),
    (None, TypeError, "seconds must be a number, got None"),
]


@pytest.mark.parametrize(("seconds", "error", "text"), WRONG)
def test_wrong_lengths(
    sleep: Callable[[Any], None],
    asked: list[float],
    seconds: Any,
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error) as refused:
        sleep(seconds)
    assert str(refused.value) == text
    assert asked == []


@pytest.mark.parametrize(("deadline", "error"), [(nan, ValueError), ("1", TypeError)])
def test_wrong_deadlines(
    sleep_until: Callable[[Any], None],
    asked: list[float],
    deadline: Any,
    error: type[Exception],
) -> None:
    with pytest.raises(error, match=r"^deadline must be "):
        sleep_until(deadline)
    assert asked == []


FOREVER: list[Callable[[], Any]] = [
    async_sleep_forever,
    lambda: async_sleep(inf),
    lambda: async_sleep(10**400),
    lambda: async_sleep_until(inf),
    lambda: async_sleep_until(10**400),
]


@pytest.mark.parametrize("forever", FOREVER)
def test_for_ever(world: HandWorld, forever: Callable[[], Any]) -> None:
    task = world.spawn(forever()).step()
    assert task.timeout is None

    with pytest.raises(Cancelled):
        task.cancel(Cancelled())


def test_who_sleeps_for_ever_and_goes_on_hears_of_it(world: HandWorld) -> None:
    """The library has resumed a task that nobody can have woken."""
    task = world.spawn(async_sleep_forever()).step()
    with pytest.raises(RuntimeError, match="should never have been rescheduled"):
        task.time_out()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a timer's signal")
def test_a_thread_that_sleeps_for_ever_can_be_interrupted() -> None:
    import signal

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        waits: list[Callable[[], None]] = [
            green_sleep_forever,
            lambda: green_sleep(inf),
        ]
        for forever in waits:
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            with pytest.raises(KeyboardInterrupt):
                forever()
    finally:
        signal.signal(signal.SIGALRM, before)


def test_clocks(world: HandWorld) -> None:
    before = green_clock()
    green_sleep(0.002)
    assert green_clock() - before >= 0.002

    async def clock() -> float:
        return async_clock()

    assert world.run(clock()) >= before


def test_threads_sleep_and_tell_the_time_unpatched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in "sleep", "monotonic", "perf_counter":
        monkeypatch.setattr(time, name, None)
    deadline = green_clock() + 0.002
    green_sleep(0.001)
    green_sleep_until(deadline)
    assert green_clock() >= deadline


def test_limits(world: HandWorld) -> None:
    async def limits() -> list[float]:
        return [async_seconds_per_sleep(), async_seconds_per_timeout()]

    assert world.run(limits()) == [sys.float_info.max, sys.float_info.max]
    assert allocate_lock().acquire(timeout=green_seconds_per_timeout())
    if sys.platform != "win32":
        counted_in_nanoseconds = sys.version_info >= (3, 11)
        assert green_seconds_per_sleep() == (
            2.0**30 - 1 if counted_in_nanoseconds else 31 * 86400.0
        )
        assert green_seconds_per_timeout() >= 2.0**31


def test_limits_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest number of 32 bits means for ever there, and old Pythons take it for a limit."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(threads, "TIMEOUT_MAX", 4294967.295)
    assert green_seconds_per_sleep() == green_seconds_per_timeout() == 4294967.294
