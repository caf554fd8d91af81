# SPDX-License-Identifier: ISC
"""C15: nobody starts before all have arrived."""

from __future__ import annotations

import aiologic
from aiologic.testing.harness import Operation, until

from .conftest import ASYNC, GREEN, Two, between

PARTIES = 4


@between(ASYNC, GREEN)
def test_the_fourth_lets_all_pass(two: Two) -> None:
    """Whichever of them it is: a task of either loop, or a thread."""
    for last in range(PARTIES):
        gate = aiologic.Latch(PARTIES)
        come = Operation("come", gate.wait, gate.with_)
        stages = [two.first, two.another(0), two.second, two.another(1)]
        stages.append(stages.pop(last))
        calls = []
        for number, stage in enumerate(stages[:-1]):
            calls.append(stage.actor().starts(come))
            until(lambda: gate.waiting == number + 1)  # noqa: B023
        assert not any(call.is_done for call in calls)

        calls.append(stages[-1].actor().starts(come))

        for call in calls:
            call.result()
        assert gate.waiting == 0


@between(ASYNC, GREEN)
def test_who_comes_late_passes_as_well(two: Two) -> None:
    gate = aiologic.Latch(2)
    come = Operation("come", gate.wait, gate.with_)
    first = two.first.actor().starts(come)
    two.second.actor().does(come)
    first.result()

    for stage in (two.first, two.second):
        stage.actor().does(come)
