# SPDX-License-Identifier: ISC
"""World.deviations names what a world can't do: those tests must fail, and each name must be that of a test."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# Threads, but with a world that is wrong about checkpoints, so that one test fails.
CONFTEST = """
    import pytest
    from aiologic.testing.harness import THREADS

    pytest_plugins = ["aiologic.testing.plugin"]


    @pytest.fixture
    def world():
        return THREADS._replace(checkpoints={checkpoints}, deviations={deviations})
"""
WRONG = "test_the_default_is_told"


def suite(
    folder: Path, tests: str, deviations: dict[str, str], *, checkpoints: bool = True
) -> str:
    """Run some tests of the conformance suite; return the last line that pytest prints."""
    conftest = dedent(CONFTEST).format(checkpoints=checkpoints, deviations=deviations)
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    (folder / "test_conformance.py").write_text(
        "from aiologic.testing.conformance import *\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", tests],
        cwd=str(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
        check=False,
    )
    return done.stdout.splitlines()[-1].partition(" in ")[0]


def test_a_test_that_fails_fails_the_suite(tmp_path: Path) -> None:
    assert suite(tmp_path, WRONG, {}).startswith("1 failed")


def test_a_deviation_is_expected_to_fail(tmp_path: Path) -> None:
    said = suite(tmp_path, WRONG, {WRONG: "it can't"})

    assert said.endswith("1 xfailed")
    assert "failed," not in said


def test_a_deviation_that_does_not_fail_is_an_error(tmp_path: Path) -> None:
    said = suite(tmp_path, WRONG, {WRONG: "it can't"}, checkpoints=False)

    assert said.startswith("1 failed")


def test_one_case_of_a_test_deviates(tmp_path: Path) -> None:
    """The other cases are tested as usual; here the one that is named does not fail."""
    name = "test_a_task_sleeps_until_it_is_woken"
    said = suite(tmp_path, name, {f"{name}[callback]": "it can't"})

    assert said.startswith("1 failed, 2 passed")


def test_a_deviation_of_no_test_is_an_error(tmp_path: Path) -> None:
    said = suite(tmp_path, "deviation", {"test_of_old": "it can't"})

    assert said.startswith("1 failed")


def test_a_deviation_without_a_reason_is_an_error(tmp_path: Path) -> None:
    said = suite(tmp_path, "deviation", {WRONG: " "})

    assert said.startswith("1 failed")
