# SPDX-License-Identifier: ISC
"""The table of the contract: which tests hold us to what we promise, row by row."""

# The rows are in contract_rows.py and contract_rows_lowlevel.py, with the tests that stand for each. Tests are named
# there, and not rows in the tests: one generic test stands for a row of many primitives, and one row often takes
# several tests, of several rings. Since the names are checked, a test that is renamed or lost is noticed.
#
# `uv run python -m tests.contract` tells what is missing, with `--write` it also writes the table into the
# documentation, and tests/project/test_contract.py says when it is out of date.

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import aiologic
from aiologic import lowlevel

from tests.contract_rows import GENERIC, OWN, PRIMITIVES
from tests.contract_rows_lowlevel import LOWLEVEL

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "contract-tests.md"
BEGIN, END = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"
# Where the first part of a test's name points to.
FOLDERS = {
    "behaviour": ROOT / "packages/aiologic-core/src/aiologic/testing/behaviour",
    "": ROOT / "tests",
}


class Test(NamedTuple):
    """A test that is named by a row."""

    module: str
    function: str

    def __str__(self) -> str:
        return f"{self.module}::{self.function}"

    @property
    def path(self) -> Path:
        folder, _, name = self.module.rpartition("/")
        if folder in FOLDERS:
            return FOLDERS[folder] / f"{name}.py"
        return FOLDERS[""] / f"{self.module}.py"

    @property
    def exists(self) -> bool:
        return self.function in functions_of(self.path)


class Row(NamedTuple):
    """One promise of one primitive, or of several names together."""

    section: str
    primitive: str
    words: str
    tests: tuple[Test, ...]

    def __str__(self) -> str:
        return f"{self.section} {self.primitive}: {self.words}"

    @property
    def is_due(self) -> bool:
        """Whether that primitive can be used already."""
        public = {*aiologic.__all__, *lowlevel.__all__}
        return public.issuperset(self.primitive.split(", "))

    @property
    def held_by(self) -> list[Test]:
        """Those of its tests that there are."""
        return [test for test in self.tests if test.exists]


@lru_cache(maxsize=None)
def functions_of(path: Path) -> frozenset[str]:
    """The tests that are written in a file; none, if there is no such file."""
    if not path.exists():
        return frozenset()
    text = path.read_text("utf-8")
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE))


def tests_of(named: str) -> tuple[Test, ...]:
    """Read ``core/test_lock: test_repr test_state; behaviour/leaving: test_x``."""
    tests: list[Test] = []
    for part in filter(None, named.split("; ")):
        module, functions = part.split(": ")
        tests += [Test(module, function) for function in functions.split()]
    return tuple(tests)


def rows() -> list[Row]:
    """All rows, section by section."""
    together = [
        Row(section, ", ".join(names), words, tests_of(named))
        for section, names, promises in LOWLEVEL
        for words, named in promises.items()
    ]
    alone = [
        Row(section, name, words, tests_of(named))
        for name, (section, kinds) in PRIMITIVES.items()
        for promises in (*(GENERIC[kind] for kind in kinds), OWN.get(name, {}))
        for words, named in promises.items()
    ]
    # Those of one section stand together, in their order.
    return sorted([*alone, *together], key=lambda row: numbers(row.section))


def numbers(section: str) -> list[int]:
    return [int(number) for number in section.split(".")]


def missing() -> list[Row]:
    """Rows that no test holds us to, of primitives that there are."""
    return [row for row in rows() if row.is_due and not row.held_by]


def misnamed() -> list[Test]:
    """Tests that are named and do not exist, though their file does, or their primitive."""
    named = {
        test for row in rows() for test in row.tests if row.is_due or test.path.exists()
    }
    return sorted(test for test in named if not test.exists)


def text() -> str:
    """The tables, in Markdown."""
    lines: list[str] = []
    section = names = ""
    for row in rows():
        if row.section != section:
            section, names = row.section, ""
            head = ["primitive", "what", "tests"]
            lines += ["", f"## {section}", "", *map(line, (head, ["---"] * 3))]
        tests = "<br>".join(f"`{test}`" for test in row.held_by)
        several = ", " in row.primitive
        again = several and row.primitive == names
        names = row.primitive
        shown = "the same" if again else f"`{names}`".replace(", ", "`, `")
        lines.append(line([shown, row.words, tests or "none yet"]))
    return "\n".join([*lines[1:], ""])


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page() -> str:
    """The page with these tables."""
    return re.sub(
        f"(?<={BEGIN}).*(?={END})",
        lambda _: f"\n{text()}\n",
        PAGE.read_text("utf-8"),
        flags=re.DOTALL,
    )


def main() -> int:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    everything = rows()
    held = [row for row in everything if row.held_by]
    print(f"{len(held)} of {len(everything)} rows have a test")
    for row in everything:
        if not row.held_by:
            print(f"{'missing' if row.is_due else 'to come'}: {row}")
    for test in misnamed():
        print(f"no such test: {test}")
    return 1 if missing() or misnamed() else 0


if __name__ == "__main__":
    sys.exit(main())
