# SPDX-License-Identifier: ISC
"""A suite that never fails proves nothing: broken backends are caught, each by the tests that are meant for its bug."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiologic.testing import conformance

pytest.importorskip("aiologic_toy", reason="the bugs are planted in the toy backend")

from .planted import BUGS, PLANTED, VARIATIONS

# Each test of the suite has a time-out of its own.
of_a_suite = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[2]
TESTS = "examples/aiologic-toy/tests"
CONFORMANCE = f"{TESTS}/test_conformance.py"
BEHAVIOUR = f"{TESTS}/test_behaviour.py"


def failures(bug: str, tests: set[str], suite: str = CONFORMANCE) -> set[str]:
    """The names of the given tests that fail with a bug."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "tests.kit.planted", suite, "-k", " or ".join(tests)],
        cwd=str(ROOT),
        # With many bugs a wake-up is lost, and need not be waited for so long.
        env={**os.environ, PLANTED: bug, "AIOLOGIC_TESTING_PATIENCE": "0.2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout
    assert re.search(r"\d+ (passed|failed)", done.stdout), done.stdout
    return set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE))


def test_the_guide_tells_how_many_there_are() -> None:
    guide = ROOT / "docs/how-to/write-a-backend.md"

    assert f"{len(BUGS)} broken versions" in guide.read_text(encoding="utf-8")


@pytest.mark.parametrize("bug", list(BUGS))
def test_what_is_to_catch_a_bug_exists(bug: str) -> None:
    assert BUGS[bug].caught_by
    for test in BUGS[bug].caught_by:
        assert hasattr(conformance, test), test


@pytest.mark.slow
@of_a_suite
@pytest.mark.parametrize("bug", list(BUGS))
def test_a_bug_is_caught(bug: str) -> None:
    expected = set(BUGS[bug].caught_by)

    assert failures(bug, expected) >= expected


@pytest.mark.slow
@of_a_suite
def test_without_a_bug_nothing_is_caught() -> None:
    tests = {test for bug in BUGS.values() for test in bug.caught_by}

    assert failures("", tests) == set()


@pytest.mark.slow
@of_a_suite
@pytest.mark.parametrize("variation", list(VARIATIONS))
def test_what_is_only_another_way_fails_nothing(variation: str) -> None:
    of_time = {"conformance/clock", "conformance/timeouts"}

    assert failures(variation, of_time) == set()
    assert failures(variation, {"behaviour/sleeps"}, BEHAVIOUR) == set()
