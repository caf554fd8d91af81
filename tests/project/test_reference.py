# SPDX-License-Identifier: ISC
"""The reference has each public name once, and no other."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs/reference"
ENTRY = re.compile(r"^\.\. (?:auto\w+::|currentmodule::) (\S+)$", re.MULTILINE)
# What a public name returns is described where it is public; and those who wait are a backend's.
ELSEWHERE = {"aiologic._queue_views"}
SHOWN_AS_OF_BACKENDS = {"AsyncWaiter", "GreenWaiter", "Waiter"}
AT_THE_BASE = {"AsyncLibraryNotFoundError", "GreenLibraryNotFoundError"}

PUBLIC = [
    ("aiologic", set()),
    ("aiologic.lowlevel", SHOWN_AS_OF_BACKENDS | AT_THE_BASE),
    ("aiologic.backends", set()),
    ("aiologic.testing", set()),
    ("aiologic.testing.harness", set()),
    ("aiologic.meta", set()),
]


def entries() -> dict[str, list[str]]:
    """What is described, by module."""
    found: dict[str, list[str]] = {}
    for page in sorted(PAGES.glob("*.md")):
        module = ""
        for name in ENTRY.findall(page.read_text("utf-8")):
            if name.startswith("aiologic"):
                module = name
            else:
                found.setdefault(module, []).append(name)
    return found


@pytest.mark.parametrize(("name", "left_out"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_each_public_name_is_described_once(name: str, left_out: set[str]) -> None:
    public = set(importlib.import_module(name).__all__)
    assert sorted(entries()[name]) == sorted(public - left_out)


def test_nothing_else_is_described() -> None:
    assert set(entries()) == {name for name, _ in PUBLIC} | ELSEWHERE
