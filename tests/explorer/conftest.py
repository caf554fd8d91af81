# SPDX-License-Identifier: ISC
"""The fixtures of explorations, and the table of their results."""

from __future__ import annotations

import platform
import sys
from typing import Any, Callable, List

import pytest
from aiologic._engine import waitqueue
from aiologic.testing import Report, Scenario, explore, sample

Explored = Callable[..., Report]
Sampled = Callable[..., Report]

REPORTS = pytest.StashKey[List[Report]]()

# In place of a deep search, and after a shallow one.
SAMPLES = 50

# The tests whose searches take a quarter of a second or more, apart from files that are slow as a whole.
PLANTED = "test_a_planted_bug_is_found"
LONG = {
    "test_asyncio_loops.py": [
        "test_two_tasks[TimeAndWake]",
        "test_two_tasks[WakeA",
        "test_two_tasks[WakeFromBothSides]",
        "test_two_tasks[WakeWhileCancelled]",
        "test_two_tasks[CancelAndWake]",
        "test_three_tasks",
        "test_stirred_tasks[",
        "[looks_before_it_forgets]",
        "[posts_without_a_look]",
    ],
    "test_checkpoints_due.py": [
        "tasks[LibraryAgainstLook]",
        "tasks[SettingAgainstLook]",
    ],
    "test_curio_kernels.py": ["test_two_tasks", "test_three_tasks"],
    "test_eventlet_hubs.py": [
        "test_two_tasks[SleepsAgain]",
        "test_two_tasks[TimeAndWake]",
        "test_two_tasks[WakeAgainstEndOfThread]",
        "test_two_tasks[WakeFromBothSides]",
        "test_three_tasks[WakeTwo]",
    ],
    "test_events.py": [
        "test_three_tasks",
        "test_a_sweep_against_set",
        "[CountdownEvent",
        "[REvent",
    ],
    "test_first_looks.py": [
        "test_two_tasks[ImportAgainstLook]",
        "test_two_tasks[FailedImportAgainstLook]",
        "test_two_tasks[ImportedAnewAgainstLook]",
        "test_two_tasks[LookAgainstName]",
        "test_two_tasks[TwoFirstLooks]",
        "[written_down_with_the_last_change]",
    ],
    "test_gevent_hubs.py": [
        "test_two_tasks",
        "test_three_tasks[Wakes",
        "[counts_one]",
        "[emptied_before_it_is_closed]",
        "[left_after_a_look]",
    ],
    "test_inboxes.py": ["test_two_post_and_the_loop_runs"],
    "test_mutant_rwlocks.py": [
        f"{PLANTED}[ChangedInTwoSteps]",
        f"{PLANTED}[DowngradedInTwoSteps]",
        f"{PLANTED}[DowngradedWithoutALook]",
        f"{PLANTED}[ReadersTakeTurns]",
    ],
    "test_mutants.py": [
        f"{PLANTED}[GivesTheLockAway]",
        f"{PLANTED}[LostWithItsTask]",
        f"{PLANTED}[SweptWithoutFence]",
        f"{PLANTED}[TwoReleasesMakeOne]",
    ],
    "test_mutants_of_several.py": [
        f"{PLANTED}[MakesBlocksForItself]",
        f"{PLANTED}[SplitsInItsHands]",
    ],
    "test_mutants_that_gather.py": [
        f"{PLANTED}[AnnouncedIsTakenForMarked]",
        f"{PLANTED}[ChainIsNotSettled]",
        f"{PLANTED}[IndexAfterTheWakeUp]",
        f"{PLANTED}[LeavesQuietly]",
        f"{PLANTED}[OneEvent]",
        f"{PLANTED}[OnlyTheLastTells]",
        f"{PLANTED}[OutcomeReadTwice]",
        f"{PLANTED}[ResetComesSecond]",
        f"{PLANTED}[WokenBeforeTheOutcome]",
    ],
    "test_once_locks.py": ["test_two_tasks[", "test_three_tasks"],
    "test_single_events.py": ["test_three_tasks"],
    "test_slots.py": ["[TwoUseTwice]", "_tasks[TwoFind", "[ClassAndInstance]"],
    "test_trio_runs.py": [
        "test_two_tasks[TimeAndWake]",
        "test_two_tasks[WakeA",
        "test_two_tasks[WakeFromBothSides]",
        "test_three_tasks[WakeTwo]",
    ],
}


def pytest_itemcollected(item: pytest.Item) -> None:
    if any(part in item.name for part in LONG.get(item.path.name, ())):
        item.add_marker("slow")


@pytest.fixture
def explored(request: pytest.FixtureRequest, sampled: Sampled) -> Explored:
    """``explore``, with its count in the summary of the test run.

    A search with one preemption goes on with a few orders that are chosen at
    random, with more of them. A deep search that is not asked for (with ``-m
    explorer_deep``) is such orders only.

    On PyPy with one preemption less: it traces five times more slowly, and runs the
    same code. (The searches for planted bugs have all preemptions there, too.)
    """
    is_deep = request.node.get_closest_marker("explorer_deep") is not None
    is_left_out = is_deep and "explorer_deep" not in request.config.getoption("-m")

    def explored(scenario: Scenario, preemptions: int, **options: Any) -> Report:
        if preemptions < 2 or is_left_out:
            report = sampled(scenario, SAMPLES, **options)
        if is_left_out:
            return report
        if platform.python_implementation() == "PyPy":
            preemptions -= 1
        report = explore(scenario, preemptions=preemptions, **options)
        request.config.stash.setdefault(REPORTS, []).append(report)
        return report

    return explored


@pytest.fixture
def sampled(request: pytest.FixtureRequest) -> Sampled:
    """``sample``, with its count in the summary of the test run."""

    def sampled(scenario: Scenario, schedules: int, **options: Any) -> Report:
        report = sample(scenario, schedules=schedules, **options)
        request.config.stash.setdefault(REPORTS, []).append(report)
        return report

    return sampled


@pytest.fixture(autouse=True)
def _as_without_greenlets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks and conditions take a short way where no greenlets can be; whether it is searched must not depend on what
    other tests have imported."""
    monkeypatch.delitem(sys.modules, "greenlet", raising=False)


@pytest.fixture
def eager_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue is swept as soon as one of its waiters has left."""
    monkeypatch.setattr(waitqueue, "SMALLEST_SWEEP", 1)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    reports = config.stash.get(REPORTS, [])
    if not reports:
        return
    python = f"{platform.python_implementation()} {platform.python_version()}"
    terminalreporter.section(f"schedules explored on {python}")
    for report in reports:
        terminalreporter.write_line(str(report))
    schedules = sum(report.schedules for report in reports)
    seconds = sum(report.seconds for report in reports)
    terminalreporter.write_line(
        f"all: {schedules} schedules in {seconds:.1f} s, {schedules / seconds:.0f}/s"
    )
