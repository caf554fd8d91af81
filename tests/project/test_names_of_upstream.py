# SPDX-License-Identifier: ISC
"""Each public name of aiologic 0.17.1 is here, or its readers are told what to use instead.

What 0.17.1 has stands in a record, which `nox -s dependents` compares with 0.17.1 itself.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiologic._left_out import INSTEAD

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs/explanation/differences.md"
SECTION = "## Every public name of 0.17.1\n"


def load(path: Path) -> Any:
    """The script of the session; the folder of the session's files is no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES = load(ROOT / "tests/dependents/names.py")


class Row(NamedTuple):
    names: frozenset[str]
    verdict: str
    remark: str


def code(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


def rows() -> list[Row]:
    """The table, with whole names."""
    found: list[Row] = []
    module = ""
    for line in TABLE.read_text("utf-8").partition(SECTION)[2].splitlines():
        if line.startswith("### "):
            (module,) = code(line)
        elif line.startswith("| `"):
            tops, attributes, verdict, remark = (
                cell.strip() for cell in line[2:-2].split(" | ")
            )
            classes = [f"{module}.{top}" for top in code(tops)]
            members = [f"{top}.{name}" for top in classes for name in code(attributes)]
            found.append(Row(frozenset(classes + members), verdict, remark))
    return found


ROWS = rows()


def test_the_table_has_each_name_of_upstream_once() -> None:
    listed = [name for row in ROWS for name in row.names]

    assert set(listed) == NAMES.recorded()
    assert len(listed) == len(set(listed))


def test_what_is_not_left_out_is_here() -> None:
    kept = {name for row in ROWS if row.verdict != "left out" for name in row.names}

    assert kept - NAMES.public_names() == set()


def test_what_is_left_out_is_not_here() -> None:
    gone = {name for row in ROWS if row.verdict == "left out" for name in row.names}

    assert gone & NAMES.public_names() == set()
    assert {f"aiologic.meta.{name}" for name in INSTEAD} == {
        name for name in gone if name.count(".") == 2
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: min(row.names))
def test_the_remark_says_how_or_what_instead(row: Row) -> None:
    assert row.verdict in {"same", "better", "left out"}
    assert bool(row.remark) == (row.verdict != "same")
    if row.verdict == "left out":
        # What a reader of the table is told is what a program is told.
        assert row.remark == INSTEAD[min(row.names).rpartition(".")[2]]


@pytest.mark.parametrize("name", INSTEAD)
def test_what_to_use_instead_is_python(name: str) -> None:
    for expression in code(INSTEAD[name]):
        compile(expression, name, "exec")
