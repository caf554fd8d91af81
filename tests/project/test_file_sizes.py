# SPDX-License-Identifier: ISC
"""One idea, one file."""

from __future__ import annotations

import tokenize
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_FILE_LINES = 400


def test_a_long_file_opens_with_its_reason(sources: list[Path]) -> None:
    unexplained = [
        path
        for path in sources
        if len(path.read_bytes().splitlines()) > LONGEST_FILE_LINES
        and "reason" not in opening(path)
    ]

    assert not unexplained


def opening(path: Path) -> str:
    """The comments and the docstring before a file's first statement."""
    prose = {
        tokenize.COMMENT,
        tokenize.ENCODING,
        tokenize.NEWLINE,
        tokenize.NL,
        tokenize.STRING,
    }
    with path.open("rb") as file:
        tokens = tokenize.tokenize(file.readline)
        return " ".join(
            token.string for token in takewhile(lambda t: t.type in prose, tokens)
        )
