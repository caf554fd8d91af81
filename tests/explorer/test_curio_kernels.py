# SPDX-License-Identifier: ISC
"""Wake-ups from other threads for a kernel of curio's, in every order; and bugs in that, planted and found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("curio", reason="it is about curio, which works up to Python 3.11")

from aiologic_curio import _kernel, _waiter

from . import curio_kernels as scenarios
from .sleepers import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [_kernel, _waiter]

OF_TWO = [
    scenarios.Wake,
    scenarios.WakeAndTime,
    scenarios.TimeAndWake,
    scenarios.WakeFromBothSides,
    scenarios.WakeAll,
    scenarios.SleepsAgain,
    scenarios.WakeAgainstShutdown,
    scenarios.WakeAgainstCrash,
]
OF_THREE = [scenarios.WakeAgainstTime, scenarios.WakeTwo]

pytestmark = counts_references


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curio.kernel.socket", scenarios.modules)
    monkeypatch.setattr("curio.kernel.time", scenarios.modules)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2, trace=TRACED)


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


def rung_before_it_is_left(kernel: Any, function: Any) -> None:
    """Who comes from elsewhere rings, and only then leaves something."""
    wake = kernel._traps["trap_future_wait"].__closure__[_kernel._WAKE].cell_contents
    wake()
    left = wake.__closure__[_kernel._WAKE_QUEUE].cell_contents
    left.append((_kernel._Errand(function), True))


def resumes_at_once(waiter: Any) -> None:
    """Another thread makes the task ready, and does not ring."""
    waiter.resume()


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Planted:
    return Planted(bug, scenario, 2, says, f"aiologic_curio._waiter.{patched}")


PLANTED = [
    planted(scenarios.Wake, rung_before_it_is_left, "deadlock", "call_soon"),
    planted(scenarios.Wake, resumes_at_once, "deadlock", "CurioWaiter.unpark"),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [*TRACED, sys.modules[__name__]])
