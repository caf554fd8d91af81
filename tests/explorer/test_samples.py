# SPDX-License-Identifier: ISC
"""Schedules that are chosen at random."""

from __future__ import annotations

import pytest
from aiologic.testing import Report, Scenario, Violation, replay, sample, switch, task


class LostUpdates(Scenario):
    """Three add to a number in two steps; at least one of them adds to what the others have made."""

    updates = 2

    def setup(self) -> None:
        self.number = 0

    def add(self) -> None:
        for _ in range(self.updates):
            number = self.number
            switch()
            self.number = number + 1

    @task
    def first(self) -> None:
        self.add()

    @task
    def second(self) -> None:
        self.add()

    @task
    def third(self) -> None:
        self.add()

    def check(self) -> None:
        # A well-known riddle: it can be as little as two, however often they add.
        assert self.number > 2, "nearly all updates were lost"


class RecordedUpdates(LostUpdates):
    """Nothing is wrong with it; it remembers how each run ended."""

    def __init__(self) -> None:
        self.ends: list[int] = []

    def check(self) -> None:
        self.ends.append(self.number)


def ends(seed: int) -> list[int]:
    scenario = RecordedUpdates()
    report = sample(scenario, schedules=200, seed=seed)
    assert len(scenario.ends) == report.schedules == 200
    return scenario.ends


def test_what_takes_many_switches_is_found_and_can_be_replayed() -> None:
    with pytest.raises(Violation, match="nearly all") as found:
        sample(LostUpdates, schedules=5_000)
    assert found.value.schedules < 5_000
    with pytest.raises(Violation, match="nearly all") as again:
        replay(LostUpdates, found.value.schedule)
    assert again.value.story == found.value.story


def test_a_seed_determines_the_schedules() -> None:
    assert ends(1) == ends(1)
    assert ends(1) != ends(2)


def test_the_report_counts_them() -> None:
    report = sample(RecordedUpdates(), schedules=7, preemptions=3)
    assert isinstance(report, Report)
    assert report.tasks == 3
    assert report.preemptions == 3
    assert report.schedules == 7


def test_without_a_choice_all_are_the_same() -> None:
    class Alone(RecordedUpdates):
        second = third = None  # type: ignore[assignment]

    scenario = Alone()
    assert sample(scenario, schedules=5).schedules == 5
    assert scenario.ends == [2] * 5


@pytest.mark.parametrize(
    ("schedules", "error"),
    [(0, r"ValueError: schedules must be >= 1, got 0"), (1.5, "TypeError: schedules")],
)
def test_wrong_numbers_are_refused(schedules: int, error: str) -> None:
    with pytest.raises((ValueError, TypeError)) as refused:
        sample(RecordedUpdates(), schedules=schedules)
    assert f"{refused.typename}: {refused.value}".startswith(error)
