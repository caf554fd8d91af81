# SPDX-License-Identifier: ISC
"""Run a share of the tests: all test functions, but each with only a part of its parameters."""

# Most tests are a product: what is promised x the primitive x the world that waits. One interpreter runs all of them.
# On the others that would show little more, since what breaks on one version of Python breaks for many parameters at
# once. So each of them runs a share, and the shares of neighbouring versions add up to the whole:
#
#     uv run pytest --share=2/2
#
# Decision 0033 says what is lost by that.

from __future__ import annotations

import argparse
from itertools import groupby

import pytest


def share(text: str) -> tuple[int, int]:
    """Read "2/5", the second of five shares."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal()):
        raise argparse.ArgumentTypeError(f"a share is like 2/5, and not {text!r}")
    if not 1 <= int(number) <= int(of):
        raise argparse.ArgumentTypeError(f"there is no share {text!r}")
    return int(number), int(of)


def take(items: list[pytest.Item], number: int, of: int) -> list[pytest.Item]:
    """Take a share of the tests of each function, but at least one."""
    taken = []
    for _, group in groupby(items, function_of):
        same = list(group)
        # Every second one, for example, and not the first half: parameters are ordered by world, and each share should
        # contain each world. And each share has at least one.
        first = (number - 1) % len(same)
        taken += same[first :: min(of, len(same))]
    return taken


def function_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


class Share:
    """Deselects the tests that are left to other interpreters."""

    def __init__(self, number: int, of: int) -> None:
        self._number, self._of = number, of

    def pytest_report_header(self) -> str:
        return f"share: {self._number} of {self._of} of each test's parameters"

    # Last, so that the tables of what ran know all tests, and after deselection by markers.
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        kept = set(take(items, self._number, self._of))
        # Slow tests run on one interpreter only, so that runs all of them.
        kept.update(item for item in items if item.get_closest_marker("slow"))
        left = [item for item in items if item not in kept]
        if left:
            config.hook.pytest_deselected(items=left)
            items[:] = [item for item in items if item in kept]
