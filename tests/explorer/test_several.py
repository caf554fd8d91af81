# SPDX-License-Identifier: ISC
"""Semaphores and capacity limiters with several permits, in every order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import (
    BoundedSemaphore,
    CapacityLimiter,
    Semaphore,
    _pool,
)

from . import permits, several
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

in_each_world = pytest.mark.parametrize(
    "hands", [GREEN, ASYNC], ids=lambda hands: hands.name
)
one_release = pytest.mark.parametrize(
    "scenario",
    [
        several.OneReleaseForTwo,
        several.OneReleaseAgainstTimeout,
        several.OneReleaseAgainstCancellation,
        several.OneReleaseAgainstNewcomer,
    ],
)


def none_yet() -> Any:
    return Semaphore(0)


def bounded_none_yet() -> Any:
    return BoundedSemaphore(0, 2)


@in_each_world
@pytest.mark.parametrize(
    "scenario", [several.ReleasesAddUp, several.ReleaseAgainstImpatient]
)
def test_two_tasks_and_releases_of_several(
    explored: Explored, scenario: Any, hands: Hands
) -> None:
    explored(scenario(none_yet, hands), preemptions=2)


@in_each_world
def test_a_bounded_one_refuses_all_or_nothing(explored: Explored, hands: Hands) -> None:
    explored(several.BoundedReleases(bounded_none_yet, hands), preemptions=2)


@one_release
@pytest.mark.parametrize("make", [none_yet, bounded_none_yet])
def test_one_release_for_several(explored: Explored, scenario: Any, make: Any) -> None:
    explored(scenario(make, MIXED), preemptions=1)


@pytest.mark.parametrize("kind", [Semaphore, BoundedSemaphore, CapacityLimiter])
def test_three_tasks_and_two_permits(explored: Explored, kind: Any) -> None:
    explored(several.MoreThanPermits(lambda: kind(2), MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@one_release
def test_one_release_for_several_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(none_yet, MIXED), preemptions=2)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", [Semaphore, BoundedSemaphore, CapacityLimiter])
def test_three_tasks_and_two_permits_deeply(explored: Explored, kind: Any) -> None:
    explored(several.MoreThanPermits(lambda: kind(2), MIXED), preemptions=2)


@pytest.mark.usefixtures("eager_sweeps")
def test_a_limiter_is_left_while_it_is_swept(explored: Explored) -> None:
    explored(permits.TimeoutInFrontOfOthers(CapacityLimiter, MIXED), preemptions=1)


# -- pools ----------------------------------------------------------------------------------------------------------


def test_a_pool_never_looks_empty(
    explored: Explored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With blocks of one permit each, so that what can happen between blocks happens often."""
    monkeypatch.setattr(_pool, "LARGEST_LIST", 1)
    explored(several.PoolInUse(), preemptions=2)
    explored(several.LastOfPool(), preemptions=2)


def test_permits_from_a_pool(
    explored: Explored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_pool, "LARGEST_LIST", 1)
    explored(several.MoreThanPermits(lambda: Semaphore(2), MIXED), preemptions=1)
