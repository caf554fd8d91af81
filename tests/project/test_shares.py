# SPDX-License-Identifier: ISC
"""The shares of the tests are the whole, and each has a test of every function."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

import pytest

from tests.shares import function_of, share, take


class Item:
    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid


@pytest.fixture
def items() -> Any:
    """One test without parameters, two with three, and one with 24."""
    names = ["t.py::test_a", *(f"t.py::test_{n}[{i}]" for n in "bc" for i in range(3))]
    names += [f"t.py::test_d[{n}-{i}]" for n in ("x", "y") for i in range(12)]
    return [Item(name) for name in names]


@pytest.mark.parametrize("of", [1, 2, 3, 5, 7])
def test_all_shares_are_the_whole(items: Any, of: int) -> None:
    taken = [set(take(items, number, of)) for number in range(1, of + 1)]
    assert set().union(*taken) == set(items)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_share_has_each_function(items: Any, number: int) -> None:
    found = Counter(map(function_of, take(items, number, 5)))
    assert sorted(found) == sorted(set(map(function_of, items)))
    assert found["t.py::test_d"] in {4, 5}


def test_the_order_stays(items: Any) -> None:
    taken = take(items, 2, 5)
    assert sorted(taken, key=items.index) == taken


@pytest.mark.parametrize("text", ["", "2", "0/5", "6/5", "a/b", "-1/5"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        share(text)
