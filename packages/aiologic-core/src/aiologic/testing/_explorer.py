# SPDX-License-Identifier: ISC
"""Run a scenario in every order that the bounds allow."""

# A stateless search, as in CHESS: run once with all defaults, and record each choice that was open; then go back to the
# last choice that has an option left, run again up to there, take that option, and the defaults from there on. Nothing
# is kept but the path to the current run, and each schedule is run exactly once.

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, NamedTuple

from ._narration import Violation
from ._schedule import parsed
from ._surroundings import Surroundings
from ._tasks import Limits, MisfitError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from ._options import Options
    from ._scenario import Scenario
    from ._schedule import Plan
    from ._scheduler import Scheduler

UNBOUNDED = float("inf")

# Runs between two garbage collections; see _surroundings.py.
RUNS_PER_COLLECTION = 500


class Report(NamedTuple):
    """The result of an exploration that found no violation."""

    scenario: str
    tasks: int
    preemptions: int
    schedules: int
    seconds: float

    @property
    def rate(self) -> float:
        """Schedules per second."""
        return self.schedules / self.seconds

    def __str__(self) -> str:
        return (
            f"{self.scenario}: {self.schedules} schedules of {self.tasks} tasks"
            f" with up to {self.preemptions} preemptions, {self.rate:.0f}/s"
        )


def explore(
    scenario: Scenario | type[Scenario],
    *,
    preemptions: int = 2,
    trace: Iterable[ModuleType] = (),
    every_bytecode: bool = False,
) -> Report:
    """Run a scenario in every order.

    Args:
        scenario: The scenario, or its class.
        preemptions: How many times a run may switch away from a task that
            could go on. A few are enough for nearly every bug; with each, the
            number of schedules grows by a power.
        trace: Other modules of primitives to be tested; those of this package
            always are.
        every_bytecode: Also switch before bytecodes that only affect their own
            frame. Finds nothing more, and takes much longer.

    Raises:
        Violation: Some order breaks the invariant or the final check, raises an
            exception, or leaves tasks behind that wait for ever.
        RuntimeError: The scenario does not behave the same in each run.
        NotImplementedError: The interpreter does not report bytecodes.
    """
    return search(scenario, preemptions, trace, _plans, every_bytecode=every_bytecode)


def search(
    scenario: Scenario | type[Scenario],
    preemptions: int,
    trace: Iterable[ModuleType],
    plans_of: Callable[[Scheduler], Iterator[Plan]],
    *,
    every_bytecode: bool = False,
) -> Report:
    """Run a scenario by one plan after the other, and report what goes wrong; see :func:`explore`.

    The plans are asked for one by one; the scheduler has recorded which choices were
    open in the run before.
    """
    if isinstance(scenario, type):
        scenario = scenario()
    limits = Limits(preemptions, scenario.timeouts, scenario.cancellations)
    trace = tuple(trace)
    begin = time.perf_counter()
    schedules = 0
    with Surroundings(scenario, limits, trace, every_bytecode) as stage:
        plans = plans_of(stage.scheduler)
        is_first_misfit = True
        while True:
            plan = next(plans, None)
            if plan is None:
                return Report(
                    scenario.describe(),
                    len(stage.scheduler.tasks),
                    preemptions,
                    schedules,
                    time.perf_counter() - begin,
                )
            schedules += 1
            try:
                stage.run(plan)
            except RunError as failure:
                found = failure
                schedule = stage.schedule()
                break
            except MisfitError as misfit:
                if not is_first_misfit:
                    raise RuntimeError(
                        f"{scenario.describe()} does not behave alike in each run: {misfit}"
                    ) from None
                # What happens only once in a process (a cache is filled, a module is imported) makes one run differ
                # from those after it. Start again, since it has happened now.
                is_first_misfit = False
                plans = plans_of(stage.scheduler)
                schedules = 0
            if schedules % RUNS_PER_COLLECTION == 0:
                gc.collect(0)
    story, again = _told(scenario, schedule, trace, every_bytecode)
    if again is None or again.problem != found.problem:
        story += "\n  and this time nothing was wrong: the scenario does not behave alike in each run"
    raise Violation(
        scenario.describe(), found.problem, schedule, schedules, story
    ) from found.cause


def replay(
    scenario: Scenario | type[Scenario],
    schedule: str,
    *,
    trace: Iterable[ModuleType] = (),
    every_bytecode: bool = False,
) -> str:
    """Run a scenario once, in the order that a :exc:`Violation` printed.

    Args:
        scenario: As it was given to :func:`explore`.
        schedule: The schedule, as printed by the same version of Python for the
            same code.
        trace: As for :func:`explore`.
        every_bytecode: As for :func:`explore`.

    Returns:
        The story of the run, if nothing went wrong.

    Raises:
        Violation: The same as before.
        ValueError: The schedule is malformed, or does not fit the scenario.
    """
    if isinstance(scenario, type):
        scenario = scenario()
    story, failure = _told(scenario, schedule, trace, every_bytecode)
    if failure is not None:
        raise Violation(
            scenario.describe(), failure.problem, schedule, 1, story
        ) from failure.cause
    return story


def _told(
    scenario: Scenario,
    schedule: str,
    trace: Iterable[ModuleType],
    every_bytecode: bool,
) -> tuple[str, RunError | None]:
    """Run a schedule; return the story of the run, and what was wrong."""
    plan = parsed(schedule)
    failure: RunError | None = None
    limits = Limits(UNBOUNDED, UNBOUNDED, UNBOUNDED)
    with Surroundings(scenario, limits, trace, every_bytecode, narrates=True) as stage:
        try:
            stage.run(plan)
        except RunError as error:
            failure = error
        except MisfitError as misfit:
            raise ValueError(
                f"{schedule!r} does not fit to {scenario.describe()}"
                f" on this Python, or not any more: {misfit}"
            ) from None
        assert stage.narrator is not None
        return stage.narrator.story(), failure


def _plans(scheduler: Scheduler) -> Iterator[Plan]:
    """What to choose in each run; the next plan follows from the choices that the last run has recorded."""
    path: list[tuple[int, Options, int]] = []  # step, options, the one that is taken
    plan: Plan = []  # the choices of the path that are not the default
    while True:
        yield plan
        path += [(step, options, 0) for step, options in scheduler.record]
        while path:
            step, options, taken = path.pop()
            if taken:
                plan.pop()
            taken += 1
            if taken < len(options):
                path.append((step, options, taken))
                plan.append((step, options[taken]))
                break
        else:
            return
