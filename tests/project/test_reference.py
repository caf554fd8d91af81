# SPDX-License-Identifier: ISC
"""The reference has each public name once, and no other; and says of each what is ours."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import NamedTuple

import pytest

PAGES = Path(__file__).parents[2] / "docs/reference"
ENTRY = re.compile(
    # "()" stands behind what only we make: then its arguments are not shown.
    r"^\.\. (auto\w+|currentmodule|py:data):: ([^\s()]+)(?:\(\))?\n(?:   :type: .+\n)?(?:   :value: (.+)\n)?",
    re.MULTILINE,
)
AT_THE_BASE = {"AsyncLibraryNotFoundError", "GreenLibraryNotFoundError"}

PUBLIC = [
    ("aiologic", set()),
    ("aiologic.lowlevel", AT_THE_BASE),
    ("aiologic.backends", set()),
    ("aiologic.testing", set()),
    ("aiologic.testing.harness", set()),
    ("aiologic.meta", set()),
]


class Entry(NamedTuple):
    """A name that is described, and how."""

    module: str
    name: str
    directive: str
    value: str


def entries() -> list[Entry]:
    found: list[Entry] = []
    for page in sorted(PAGES.glob("*.md")):
        module = ""
        for directive, name, value in ENTRY.findall(page.read_text("utf-8")):
            if name.startswith("aiologic"):
                module = name
            else:
                found.append(Entry(module, name, directive, value))
    return found


@pytest.mark.parametrize(("name", "left_out"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_each_public_name_is_described_once(name: str, left_out: set[str]) -> None:
    public = set(importlib.import_module(name).__all__)
    described = [entry.name for entry in entries() if entry.module == name]
    assert sorted(described) == sorted(public - left_out)


def test_nothing_else_is_described() -> None:
    modules = {entry.module for entry in entries()}
    assert modules == {name for name, _ in PUBLIC}


def test_a_value_that_is_shown_is_the_value() -> None:
    shown = [entry for entry in entries() if entry.value]

    assert {entry.name for entry in shown} >= {"API_VERSION", "PENDING"}
    for module, name, _, value in shown:
        assert repr(getattr(importlib.import_module(module), name)) == value


def test_a_constant_is_not_described_by_its_class() -> None:
    # autodata finds what is written above a name in the very module that it is told; for all others it prints the
    # docstring of the value's class: how to make an integer of a string, and the like.
    for module, name, directive, _ in entries():
        if directive == "autodata":
            source = importlib.import_module(module).__file__
            assert source is not None
            written = rf"^#: .+\n(?:#: .+\n)*{name}\b"
            assert re.search(written, Path(source).read_text("utf-8"), re.MULTILINE)
