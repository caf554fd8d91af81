# SPDX-License-Identifier: ISC
"""Functions that run once, in every order; and with planted bugs: see test_mutants.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import _once, once
from aiologic._runtime.detect import worlds

from . import mutant_once as mutants, once as scenarios
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from typing import Callable

    from .conftest import Explored

OF_TWO = [
    scenarios.TwoCallers,
    scenarios.FailureAgainstSecond,
    scenarios.CancellationAgainstSecond,
]
OF_THREE = [
    scenarios.ThreeCallers,
    scenarios.FailureAgainstTwo,
    scenarios.CancellationAgainstTwo,
]


@pytest.fixture(autouse=True)
def threads_of_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain function blocks the threads of its callers, which are virtual here."""
    monkeypatch.setattr(_once, "create_waiter", worlds.create_green_waiter)


@pytest.mark.parametrize("is_async", [False, True], ids=["green", "async"])
@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_callers(
    explored: Explored, scenario: Callable[..., Any], is_async: bool
) -> None:
    explored(scenario(once, is_async), preemptions=1)


@pytest.mark.slow
@pytest.mark.parametrize("is_async", [False, True], ids=["green", "async"])
@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_callers_who_are_interrupted_twice(
    explored: Explored, scenario: Callable[..., Any], is_async: bool
) -> None:
    explored(scenario(once, is_async), preemptions=2)


@pytest.mark.slow
@pytest.mark.parametrize("is_async", [False, True], ids=["green", "async"])
@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_callers(
    explored: Explored, scenario: Callable[..., Any], is_async: bool
) -> None:
    explored(scenario(once, is_async), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("is_async", [False, True], ids=["green", "async"])
@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_callers_deeply(
    explored: Explored, scenario: Callable[..., Any], is_async: bool
) -> None:
    explored(scenario(once, is_async), preemptions=2)


def of_two(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(
        bug, lambda: scenario(once, True), 1, says, patched="aiologic._once.Once"
    )


PLANTED = [
    of_two(scenarios.TwoCallers, mutants.NoSecondLook, "it ran again"),
    of_two(scenarios.TwoCallers, mutants.GoneBeforeItIsThere, "it ran again"),
    of_two(scenarios.TwoCallers, mutants.LooksAndThenWrites, "it ran again"),
    of_two(scenarios.FailureAgainstSecond, mutants.StaysInside, "deadlock"),
    of_two(scenarios.FailureAgainstSecond, mutants.NobodyIsWoken, "deadlock"),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [mutants])
