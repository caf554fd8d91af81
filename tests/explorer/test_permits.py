# SPDX-License-Identifier: ISC
"""Everything that has permits, in every order.

Two tasks: all schedules with up to two preemptions. Three tasks: with one, and
with two if ``explorer_deep`` is selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Sequence

import aiologic
import pytest
from aiologic.testing.catalogue import COUNTED, OWNED, PERMITS, Kind

from . import permits, releasers
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

Make = Callable[[], Any]


class Both(NamedTuple):
    """A primitive with all of its permits."""

    kind: Kind

    def __call__(self) -> Any:
        return self.kind.make()

    def __str__(self) -> str:
        return f"both of {self.kind}"


def unset() -> Any:
    return aiologic.BinarySemaphore(0)


def unset_bounded() -> Any:
    return aiologic.BoundedBinarySemaphore(0, 1)


OF_TWO = [
    permits.AcquireRelease,
    permits.TimeoutAgainstRelease,
    permits.CancellationAgainstRelease,
]

LEAVING = [
    permits.TimeoutInFrontOfOthers,
    permits.CancellationInFrontOfOthers,
]

OF_THREE = [permits.HandOverChain, permits.NewcomerAgainstHandOver, *LEAVING]

# One of each class. The others are based on ROOTS, and differ in the path without a wait, and in what a grant means.
EACH = list({kind.cls: kind for kind in reversed(PERMITS)}.values())[::-1]
ROOTS = [kind for kind in EACH if kind.cls in {aiologic.Lock, aiologic.BinarySemaphore}]
OTHERS = [kind for kind in EACH if kind not in ROOTS]
# Two may have it, and the third waits.
OF_TWO_PERMITS = [Both(kind) for kind in COUNTED if kind.permits == 2]


def each(
    scenarios: Sequence[Callable[..., Any]],
    makes: Sequence[Any],
    *hands: Hands,
) -> pytest.MarkDecorator:
    """All combinations, with their names as ids."""
    return pytest.mark.parametrize(
        "scenario",
        [
            pytest.param(
                scenario(make, hand),
                id=f"{scenario.__name__}-{getattr(make, '__name__', make)}-{hand.name}",
            )
            for scenario in scenarios
            for make in makes
            for hand in hands
        ],
    )


@each(OF_TWO, ROOTS, GREEN, ASYNC)
def test_two_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@each(OF_TWO, OTHERS, MIXED)
def test_two_tasks_of_two_worlds(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@each(OF_THREE, EACH, MIXED)
def test_three_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@each(OF_THREE, OF_TWO_PERMITS, MIXED)
def test_three_tasks_and_two_permits(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_THREE, EACH, MIXED)
def test_three_tasks_deeply(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


# -- the queue is swept meanwhile -----------------------------------------------------------------------------------


# The queue does not know its primitive, so one primitive for each way to release is enough, except in the deep session:
# one grants to the queue, and the other frees.
SWEPT = [aiologic.BinarySemaphore, aiologic.Lock]


@pytest.mark.usefixtures("eager_sweeps")
@each([permits.TimeoutAgainstRelease], SWEPT, MIXED)
def test_a_sweep_against_a_release(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.usefixtures("eager_sweeps")
@each(LEAVING, SWEPT, MIXED)
def test_a_sweep_in_front_of_others(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.usefixtures("eager_sweeps")
def test_a_sweep_against_a_newcomer(explored: Explored) -> None:
    explored(permits.SweepAgainstNewcomer(unset, MIXED), preemptions=1)
    explored(permits.SweepAgainstReturn(unset, GREEN), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("eager_sweeps")
def test_a_sweep_against_a_return_deeply(explored: Explored) -> None:
    explored(permits.SweepAgainstReturn(unset, GREEN), preemptions=2)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("eager_sweeps")
@each(LEAVING, EACH, MIXED)
def test_a_sweep_in_front_of_others_deeply(
    explored: Explored, scenario: Scenario
) -> None:
    explored(scenario, preemptions=2)


# -- two releasers --------------------------------------------------------------------------------------------------


in_each_world = pytest.mark.parametrize(
    "hands", [GREEN, ASYNC], ids=lambda hands: hands.name
)


@in_each_world
@pytest.mark.parametrize("make", OWNED, ids=str)
def test_only_the_owner_releases(explored: Explored, make: Make, hands: Hands) -> None:
    explored(permits.IllegitimateRelease(make, hands), preemptions=2)


@in_each_world
def test_two_releases_make_one_permit(explored: Explored, hands: Hands) -> None:
    explored(releasers.TwoReleasers(unset, hands), preemptions=2)
    explored(releasers.TwoReleasersOfOnePermit(unset_bounded, hands), preemptions=2)


def test_two_releasers_and_a_waiter(explored: Explored) -> None:
    explored(releasers.TwoReleasersAndAWaiter(unset, MIXED), preemptions=1)


def test_two_releasers_and_one_who_gives_up(explored: Explored) -> None:
    explored(releasers.TwoReleasersAndOneWhoGivesUp(unset, MIXED), preemptions=1)


def test_two_releasers_serve_two(explored: Explored) -> None:
    explored(releasers.TwoReleasersForTwo(unset, MIXED), preemptions=1)


def test_two_releases_serve_two(explored: Explored) -> None:
    explored(releasers.TwoReleasesForTwo(unset, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
def test_two_releases_serve_two_deeply(explored: Explored) -> None:
    explored(releasers.TwoReleasesForTwo(unset, MIXED), preemptions=2)


@each([permits.TwiceOwned], [kind for kind in OWNED if kind.is_reentrant], MIXED)
def test_owned_twice(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)
