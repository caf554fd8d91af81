# SPDX-License-Identifier: ISC
"""sys.monitoring leads to the same search as a tracer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from aiologic.testing import _monitoring

ROOT = Path(__file__).parents[2]

# In a process of its own, and with the tracer first: see _monitoring.py. A run is shown as its plan, choices and steps.
SCRIPT = """
import aiologic
from aiologic.testing import _monitoring, _surroundings, explore
from tests.explorer import events, permits
from tests.explorer.hands import ASYNC, GREEN, MIXED

SCENARIOS = [
    permits.AcquireRelease(aiologic.Lock, GREEN),
    permits.CancellationAgainstRelease(aiologic.RLock, ASYNC),
    events.TimeoutInFrontOfOthers(aiologic.Event, MIXED),
]

run_one = _surroundings.Surroundings._run
runs = []


def run(stage, plan):
    run_one(stage, plan)
    scheduler = stage.scheduler
    runs.append((list(plan), scheduler.record, scheduler.segments, scheduler.step))


def searched():
    found = []
    for scenario in SCENARIOS:
        explore(scenario, preemptions=1)  # what happens once is over now
        runs.clear()
        explore(scenario, preemptions=1)
        # Of those that were repeated, the last; the plan grows in the meantime.
        again = [run for run, after in zip(runs, runs[1:]) if run[0] != after[0]]
        found.append(again + runs[-1:])
    return found


_surroundings.Surroundings._run = run
_monitoring.IS_THERE = False
traced = searched()
_monitoring.IS_THERE = True
monitored = searched()
assert traced == monitored
print(sum(map(len, traced)))
"""


@pytest.mark.slow
@pytest.mark.skipif(not _monitoring.IS_THERE, reason="this Python has the tracer alone")
def test_it_has_the_same_switch_points_as_a_tracer() -> None:
    command = [sys.executable, "-c", SCRIPT]

    outcome = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    )

    assert int(outcome.stdout) > 1000
