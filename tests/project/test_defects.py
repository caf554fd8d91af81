# SPDX-License-Identifier: ISC
"""Each defect that the page about them names has a test that names it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests import contract

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = contract.ROOT / "docs" / "explanation" / "defects.md"
# Those of the primitives, by the numbers of the contract's list.
ENTRIES = {*range(1, 15), 16, 18, 20, 24, 25, 26, 27}


def rows() -> Iterator[tuple[str, contract.Test]]:
    for entry, name in re.findall(
        r"^\| (D\d+) \| `(.+?)` \|", PAGE.read_text("utf-8"), re.MULTILINE
    ):
        yield entry, contract.Test(*name.split("::"))


def test_each_entry_is_there() -> None:
    assert {entry for entry, _ in rows()} == {f"D{number}" for number in ENTRIES}


@pytest.mark.parametrize(("entry", "test"), list(rows()), ids=str)
def test_its_test_names_it(entry: str, test: contract.Test) -> None:
    assert test.exists
    after = test.path.read_text("utf-8").partition(f"def {test.function}(")[2]
    own = re.split(r"^(?:@|def |class )", after, maxsplit=1, flags=re.MULTILINE)[0]
    assert re.search(rf"\b{entry}\b", own)
