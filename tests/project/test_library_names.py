# SPDX-License-Identifier: ISC
"""Core knows no concurrency library but threading.

This is the fitness test of the whole design: whoever adds a backend edits no
line of core. Prose may name a library, code may not.
"""

from __future__ import annotations

import re
import tokenize
from pathlib import Path
from typing import Iterator

LIBRARIES = re.compile(
    r"(?<![a-z])(trio|gevent|eventlet|curio|anyio)(?![a-z])", re.IGNORECASE
)

# Says "pip install aiologic-trio" to somebody who runs under trio without it.
TABLE = Path("packages/aiologic-core/src/aiologic/_runtime/hints.py")
LONGEST_TABLE_LINES = 60


def test_core_names_no_library(root: Path) -> None:
    named = [
        f"{path}:{token.start[0]}: {token.line.strip()}"
        for path in sorted(root.glob("packages/aiologic-core/src/**/*.py"))
        if path != root / TABLE
        for token in code(path)
        if LIBRARIES.search(token.string)
    ]

    assert not named


def test_the_one_exception_stays_short(root: Path) -> None:
    lines = (root / TABLE).read_text("utf-8").splitlines()

    assert len(lines) <= LONGEST_TABLE_LINES


def code(path: Path) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a file without comments and docstrings.

    A string that begins a logical line is nobody's value, so it is prose.
    """
    begins_line = True
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in LAYOUT:
                continue
            if not (begins_line and token.type == tokenize.STRING):
                yield token
            begins_line = token.type == tokenize.NEWLINE


LAYOUT = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.INDENT,
    tokenize.NL,
}
