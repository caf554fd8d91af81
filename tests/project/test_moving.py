# SPDX-License-Identifier: ISC
"""The pages about moving show programs that work, before and after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .test_names_of_upstream import load

MOVING = load(Path(__file__).parents[1] / "dependents/moving.py")
PROGRAMS = [program for page in MOVING.PAGES for program in MOVING.programs(page)]

# A program from before shows what is wrong with it: these print something else than the ones from after.
SHOWS_A_FAILURE = ["threads that wait for nobody", "failures:"]


def is_failure(program: Any) -> bool:
    return any(text in program.text for text in SHOWS_A_FAILURE)


def name_of(program: Any) -> str:
    return f"{program.page}-{program.number}-{program.when}"


def test_each_page_has_pairs() -> None:
    assert len(MOVING.PAGES) == 4
    for page in MOVING.PAGES:
        whens = [program.when for program in MOVING.programs(page)]
        assert whens.count("before") == whens.count("after") >= 1
        assert set(whens) <= {"before", "after", "before and after"}


def test_the_session_runs_pages_that_there_are() -> None:
    assert set(MOVING.STRANGERS) <= {page.stem for page in MOVING.PAGES}


def test_the_override_is_the_one_that_is_tested() -> None:
    overrides = MOVING.HOW_TO.parents[1] / "tests/dependents/overrides.txt"
    *_, line = overrides.read_text("utf-8").splitlines()
    page = (MOVING.HOW_TO / "move-from-aiologic.md").read_text("utf-8")

    assert f'override-dependencies = ["{line}"]' in page


PAIRS = [
    (before, after)
    for before, after in zip(PROGRAMS, PROGRAMS[1:])
    if (before.when, after.when) == ("before", "after")
]


@pytest.mark.parametrize(
    ("before", "after"), PAIRS, ids=[name_of(after) for _, after in PAIRS]
)
def test_a_program_moves(before: Any, after: Any) -> None:
    said = MOVING.run(after)

    assert said
    # `nox -s dependents` runs what needs janus; what shows a failure has its own test.
    if "janus" not in before.text and not is_failure(before):
        assert MOVING.run(before) == said


@pytest.mark.parametrize(
    "program",
    [program for program in PROGRAMS if program.when == "before and after"],
    ids=name_of,
)
def test_a_program_need_not_change(program: Any) -> None:
    assert MOVING.run(program) == "got a\ngot b\n"


@pytest.mark.slow  # a process of its own: threads of it may hang for ever
@pytest.mark.parametrize(
    "program",
    [
        program
        for program in PROGRAMS
        if program.when == "before" and is_failure(program)
    ],
    ids=name_of,
)
def test_a_failure_is_shown(program: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program.text],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 0
    assert any(done.stdout.startswith(text) for text in SHOWS_A_FAILURE)
