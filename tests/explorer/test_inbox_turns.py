# SPDX-License-Identifier: ISC
"""Inboxes whose loop runs inside one of its calls, or is interrupted in one, in every order; and planted bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from . import inbox_turns, inboxes, mutant_inboxes as bugs
from .test_inboxes import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

# `uv run nox -s explorer`.
pytestmark = pytest.mark.slow


def made(scenario: Any, runs_tasks: bool = True) -> Any:
    one = scenario()
    one.runs_tasks = runs_tasks
    return one


@pytest.mark.parametrize(
    "scenario",
    [
        made(inbox_turns.LoopInside),
        made(inbox_turns.FirstRaises),
        made(inbox_turns.FirstRaises, runs_tasks=False),
        pytest.param(made(inbox_turns.FirstRaisesAndClosing), marks=counts_references),
    ],
    ids=lambda scenario: scenario.describe(),
)
def test_turns(scenario: Any, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


def test_an_interrupted_post(explored: Explored) -> None:
    assert explored(inbox_turns.InterruptedPost(), 1).schedules > 1


def planted(scenario: Any, bug: Any, says: str, runs_tasks: bool = True) -> Planted:
    delivery = "aiologic._engine.inbox._Delivery"
    return Planted(bug, lambda: made(scenario, runs_tasks), 2, says, delivery)


def of_posts(scenario: Any, bug: Any, preemptions: int, says: str) -> Planted:
    inbox = "tests.explorer.inboxes.Posts.inbox_class"
    return Planted(bug, scenario, preemptions, says, inbox)


PLANTED = [
    planted(inbox_turns.LoopInside, bugs.TellsNobody, "nothing to do"),
    planted(inbox_turns.LoopInside, bugs.TakesWhatItCounted, "IndexError"),
    planted(inbox_turns.FirstRaises, bugs.CancelsTheRest, "has heard"),
    planted(inbox_turns.FirstRaises, bugs.DoesNotGoOn, "has heard", runs_tasks=False),
    pytest.param(
        planted(inbox_turns.FirstRaisesAndClosing, bugs.GoesOnAsSpare, "has heard"),
        marks=counts_references,
    ),
    of_posts(inbox_turns.InterruptedPost, bugs.SchedulesOnce, 1, "the loop is there"),
    pytest.param(
        of_posts(inboxes.PostsAndClosing, bugs.SendsOnACopy, 2, "has heard"),
        marks=counts_references,
    ),
]


@pytest.mark.parametrize(
    "planted",
    PLANTED,
    ids=lambda planted: planted.bug.__name__,
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs])
