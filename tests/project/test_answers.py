# SPDX-License-Identifier: ISC
"""The programs on pages that answer questions print what is written behind each `print`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / "docs/reference/environment.md"
PAGES = [ROOT / "docs/how-to/questions.md", ENVIRONMENT]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PRINTED = re.compile(r"^ *print\(.+\)  # (.+)$", re.MULTILINE)

PROGRAMS = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, text in enumerate(BLOCK.findall(page.read_text("utf-8")))
]

# What the sources say to themselves, or to others.
OF_NO_USE_TO_USERS = {"AIOLOGIC_TESTING_OWN_PROCESS", "AIOLOGIC_WAIT"}


# A process for each: one forks, and one prints at exit.
@pytest.mark.parametrize("text", PROGRAMS)
def test_a_program_prints_what_is_written(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", text],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert PRINTED.findall(text) == done.stdout.splitlines() != []


def test_the_readme_of_core_shows_the_program_of_the_readme() -> None:
    # test_examples.py runs that; and only this one is shown where packages are.
    readme = (ROOT / "README.md").read_text("utf-8")
    of_core = (ROOT / "packages/aiologic-core/README.md").read_text("utf-8")

    assert BLOCK.findall(of_core) == BLOCK.findall(readme) != []


def test_each_variable_is_told() -> None:
    named = {
        name
        for path in ROOT.glob("packages/*/src/**/*.py")
        for name in re.findall(r'"(AIOLOGIC_[A-Z_]+)', path.read_text("utf-8"))
    }
    told = set(
        re.findall(
            r"^\| `(AIOLOGIC_[A-Z_]+)", ENVIRONMENT.read_text("utf-8"), re.MULTILINE
        )
    )

    assert "AIOLOGIC_BLOCKING" in named
    assert named - OF_NO_USE_TO_USERS <= told
