# SPDX-License-Identifier: ISC
"""If a test of the behaviour suite fails, its advice is shown."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from aiologic.testing.behaviour import counting
from aiologic.testing.plugin import ADVICE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

CONFTEST = """
    import pytest
    from aiologic.testing.behaviour import counting
    from aiologic.testing.harness import THREADS

    pytest_plugins = ["aiologic.testing.plugin"]
    counting.SHORT = "no time-out"


    @pytest.fixture
    def world():
        return THREADS
"""


def test_a_failure_shows_the_advice_of_its_module(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(dedent(CONFTEST), encoding="utf-8")
    (tmp_path / "test_behaviour.py").write_text(
        "from aiologic.testing.behaviour import *\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-x"]
    said = subprocess.run(
        [*command, "-k", "test_as_many_have_it_as_there_are_permits"],
        cwd=str(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
        check=False,
    ).stdout

    assert "1 failed" in said
    _, shown, after = said.partition(f" {ADVICE} ")
    assert shown, said
    *_, advice = (counting.__doc__ or "").partition(f"{ADVICE}: ")
    assert advice.strip() in after
