# SPDX-License-Identifier: ISC
"""Threads that start using the library at the same time import one after the other."""

from __future__ import annotations

import contextlib
import itertools
import sys
import threading
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic._runtime import courtesy
from aiologic._runtime.courtesy import Courtesy
from aiologic.testing._interruption import Interrupted, RaisingInterruption

if TYPE_CHECKING:
    from typing import Any

    from aiologic._runtime.detect import Worlds

    from ..crew import Crew


def test_one_thread_looks_at_a_time(
    worlds: Worlds, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    discover = type(worlds.registry).discover
    inside: list[int] = []
    at_once: list[int] = []

    def somebody_waits_or_is_inside_too() -> bool:
        waiting = (
            frame.f_code is Courtesy.call.__code__
            for frame in sys._current_frames().values()
        )
        return len(inside) > 1 or any(waiting)

    def with_all_time(registry: Any) -> None:
        inside.append(threading.get_ident())
        if not at_once:
            crew.wait_until(somebody_waits_or_is_inside_too)
        at_once.append(len(inside))
        discover(registry)
        inside.pop()

    monkeypatch.setattr(type(worlds.registry), "discover", with_all_time)
    crew.race(worlds._choose, worlds._choose)

    assert at_once == [1, 1]


def test_its_own_thread_comes_in_again() -> None:
    ours = Courtesy()
    assert ours.call(lambda: ours.call(lambda: "was in")) == "was in"


def test_who_waits_for_long_goes_in_regardless(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "PATIENCE_SECONDS", 0.001)
    ours = Courtesy()
    for _ in range(2):
        assert ours.call(lambda: crew.run(ours.call, str)) == ""


def is_free(ours: Courtesy, crew: Crew) -> bool:
    """Whether another thread comes in at once."""

    lock = ours._locks.get(None)
    if lock is None:  # the first call creates it
        return True

    def enter() -> bool:
        if not lock.acquire(False):
            return False
        lock.release()
        return True

    return bool(crew.run(enter))


def test_an_exception_leaves_it_to_the_next(crew: Crew) -> None:
    ours = Courtesy()

    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        ours.call(fail)
    assert is_free(ours, crew)


def test_a_handler_that_raises_leaves_it_to_the_next(
    worlds: Worlds, crew: Crew
) -> None:
    """Otherwise all other threads would lose their patience, whenever they look."""
    for number in itertools.count():
        worlds.look_again()
        raising = RaisingInterruption(number, Interrupted.now, aiologic.__path__)
        with contextlib.suppress(Interrupted):
            raising.during(worlds._choose)
        assert is_free(worlds._courtesy, crew), raising.where
        if not raising.was_made:
            break
    assert number > 10
