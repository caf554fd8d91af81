# SPDX-License-Identifier: ISC
"""What we show to readers works."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


COOKBOOK = sorted(ROOT.glob("examples/cookbook/*.py"))

# An interpreter for each would take longer than they do; each says who it is in the traceback.
ONE_AFTER_THE_OTHER = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
"""


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("examples/*.py")), ids=lambda path: path.stem
)
def test_example_runs(path: Path) -> None:
    run(str(path))


def test_the_cookbook_runs() -> None:
    # Not those of a library that can't be installed here.
    there = [path for path in COOKBOOK if all(map(find_spec, imports_of(path)))]

    assert len(there) > len(COOKBOOK) - 3
    run("-c", ONE_AFTER_THE_OTHER, *map(str, there))


def imports_of(path: Path) -> list[str]:
    return re.findall(r"^import (\w+)$", path.read_text("utf-8"), re.MULTILINE)


def test_the_cookbook_has_each_program_and_scenario() -> None:
    page = (ROOT / "docs/how-to/cookbook.md").read_text("utf-8")
    included = re.findall(
        r"literalinclude\} \.\./\.\./examples/cookbook/(\w+\.py)", page
    )
    told = [path.read_text("utf-8").splitlines()[1] for path in COOKBOOK]

    assert sorted(included) == [path.name for path in COOKBOOK]
    # Each says in its docstring which it is, as the page does in its headings.
    names = [re.match(r'"""(C\d+): ', line) for line in told]
    numbers = [name and name[1] for name in names]
    assert sorted(map(str, numbers)) == sorted(
        re.findall(r"^## (C\d+): ", page, re.MULTILINE)
    )
    assert len(set(numbers)) == len(list(ROOT.glob("tests/scenarios/test_c*.py")))


def test_the_readme_lists_each_example() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    listed = set(re.findall(r"`(\w+\.py)`", readme))

    assert listed == {path.name for path in ROOT.glob("examples/*.py")}


def test_the_readme_runs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)

    assert blocks
    for block in blocks:
        run("-c", block)


def run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )

    # An error in a thread does not show in the exit code.
    assert (done.returncode, done.stderr) == (0, "")
