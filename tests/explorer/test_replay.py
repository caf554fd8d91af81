# SPDX-License-Identifier: ISC
"""What the explorer finds can be replayed."""

from __future__ import annotations

import sys

import pytest
from aiologic import Event
from aiologic.testing import (
    Scenario,
    Violation,
    explore,
    replay,
    task,
)
from aiologic.testing._schedule import RUN, TIMEOUT, Segment, parsed, printed

from .test_switch_points import Dying, this_module


class Forgotten(Scenario):
    """If the setter comes first, the event is never set."""

    def setup(self) -> None:
        self.event = Event()

    @task
    def setter(self) -> None:
        if self.event.waiting:
            self.event.set()

    @task
    async def waiter(self) -> None:
        await self.event


def test_a_found_schedule_is_replayed_exactly() -> None:
    with pytest.raises(Violation) as found:
        explore(Forgotten)
    for _ in range(3):
        with pytest.raises(Violation) as again:
            replay(Forgotten, found.value.schedule)
        assert again.value.problem == found.value.problem
        assert again.value.story == found.value.story


def test_a_violation_tells_all_that_one_needs() -> None:
    with pytest.raises(Violation) as found:
        explore(Forgotten)
    text = str(found.value)
    assert text.startswith(
        "Forgotten: deadlock: nobody can go on; waiter is parked (still pending)"
    )
    assert "  a setter\n" in text
    assert "  b waiter\n" in text
    assert "queue.append(waiter)" in text
    assert f'replay(<the scenario>, "{found.value.schedule}")' in text
    assert sys.version.split()[0] in text


def test_a_schedule_without_a_violation_tells_its_story() -> None:
    story = replay(Forgotten, "b")

    assert story.index("b waiter") < story.index("a setter")
    assert "self._is_set = True" in story


def test_the_printed_form() -> None:
    segments = [
        Segment(1, (0, RUN), False),
        Segment(13, (1, RUN), True),
        Segment(20, (0, TIMEOUT), False),
    ]

    line = printed(segments, 25)

    assert line == "a12! b7 a:timeout5"
    assert parsed(line) == [(1, (0, RUN)), (13, (1, RUN)), (20, (0, TIMEOUT))]


@pytest.mark.parametrize("line", ["", "A1", "a1 b:later", "12"])
def test_a_malformed_schedule_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="schedule"):
        replay(Forgotten, line)


@pytest.mark.parametrize("line", ["a1 c", "a1 a:timeout", "b9999 a", "a1! b1 z"])
def test_a_schedule_that_does_not_fit_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        replay(Forgotten, line)


class OfCallsThatEnd(Scenario):
    """What is called dies as its call returns."""

    def setup(self) -> None:
        self.log: list[str] = []

    @task
    def one(self) -> None:
        Dying(self.log)()
        self.log.append("went on")

    @task
    def other(self) -> None:
        Dying([])()

    def check(self) -> None:
        assert self.log == ["called", "died", "went on"]


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="an object dies there when the collector finds it, which is no part of a schedule",
)
def test_what_dies_with_a_call_dies_as_it_returns() -> None:
    # Whether or not there was a choice there, which is noted in the first of two runs.
    explore(OfCallsThatEnd, preemptions=2, trace=[this_module()])
