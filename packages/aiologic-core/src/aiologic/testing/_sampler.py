# SPDX-License-Identifier: ISC
"""Run a scenario in some of the orders that are beyond the reach of a complete search."""

# With each preemption that is allowed, the number of schedules grows by a power; so explore() ends at two or three. What
# needs more may be found by chance: a walk goes down the tree that explore() searches. It begins with the default
# schedule, takes one of the choices that were open in that run, runs again with it, takes one of those that are open
# after it, and so on, until nothing is open any more; then the next walk begins. Each run on the way is a schedule of
# its own. Of 37 bugs planted in queues, half were found within nine schedules, the last after 1,062.
#
# Rejected:
# * Priorities that are drawn for all tasks, and change at steps that are drawn before the run, as in PCT (Burckhardt and
#   others, 2010). That has a lower bound for how likely a bug is found; but it needs the number of steps in advance, and
#   such a run is not what a plan can tell.
# * To prefer choices that come soon after the last one. It found one of those bugs no more, and the rest no sooner.

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from .._numbers import checked_number
from ._explorer import Report, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from ._scenario import Scenario
    from ._schedule import Plan
    from ._scheduler import Scheduler


def sample(
    scenario: Scenario | type[Scenario],
    *,
    schedules: int = 1_000,
    preemptions: int = 6,
    seed: int = 0,
    trace: Iterable[ModuleType] = (),
) -> Report:
    """Run a scenario in orders that are chosen at random, with more preemptions than :func:`explore` could search.

    It finds most bugs sooner, and some that are beyond a complete search; but if it
    finds none, that proves nothing. So it is for scenarios with many tasks or many
    steps, and for a first look while a primitive is being written.

    Args:
        scenario: The scenario, or its class.
        schedules: In how many orders to run it, at least 1. Some may be the same.
        preemptions: As for :func:`explore`.
        seed: Determines which orders are chosen: with the same seed, the same
            Python and the same code, they are the same.
        trace: As for :func:`explore`.

    Raises:
        Violation: As from :func:`explore`; its schedule can be replayed.
        RuntimeError: The scenario does not behave the same in each run.
        NotImplementedError: The interpreter does not report bytecodes.
        ValueError: ``schedules`` is less than 1.
        TypeError: ``schedules`` is not an integer.
    """
    schedules = checked_number("schedules", schedules, 1)

    def walks(scheduler: Scheduler) -> Iterator[Plan]:
        dice = Random(seed)
        plan: Plan = []
        for _ in range(schedules):
            yield plan
            record = scheduler.record
            if not record:
                plan = []
                continue
            step, options = dice.choice(record)
            plan.append((step, dice.choice(options[1:])))

    return search(scenario, preemptions, trace, walks)
