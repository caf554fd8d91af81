# SPDX-License-Identifier: ISC
"""What a handler raises as a loop begins anew comes out of the block around that loop, as it would anywhere else in it.

CPython 3.11 and 3.12 look for signals after they have jumped, and what is raised
then counts as raised by the instruction before the one that they jumped to. That
is what stands before the block, if the jump leads to the block's very beginning:

    try:
        while True:
            ...
            continue  # to the beginning: its exception comes out here, unseen
    except BaseException: ...

A round that ends where the loop does jumps behind that. So does any jump, where
another statement stands in the block before the loop. (See docs/decisions/0021.)
"""

from __future__ import annotations

import dis
import sys
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] not in {(3, 11), (3, 12)}
    or sys.implementation.name != "cpython",
    reason="looks for signals before it jumps",
)

BEFORE = """
def run(queue):
    try:
        {statement}
        while True:
            try:
                del queue[0]
            except KeyError:
                continue
    except BaseException:
        queue.clear()
"""


class Blocks:
    """The blocks of a function: each is known by where its handler begins."""

    def __init__(self, code: CodeType) -> None:
        parse: Any = getattr(dis, "_parse_exception_table")  # noqa: B009  # it has no type
        self._entries = parse(code)

    def at(self, offset: int) -> int | None:
        """The innermost block there."""
        for entry in self._entries:
            if entry.start <= offset < entry.end:
                handler: int = entry.target
                return handler
        return None

    def come_out_of(self, offset: int) -> Iterator[int]:
        """The blocks that see what is raised there, innermost first."""
        block = self.at(offset)
        while block is not None:
            yield block
            block = self.at(block)


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def lost(source: bytes | str, name: str) -> list[str]:
    """The loops whose block does not see what is raised as they begin anew."""
    found = set()
    for code in codes(compile(source, name, "exec")):
        blocks = Blocks(code)
        for jump in dis.get_instructions(code):
            if "JUMP_BACKWARD" not in jump.opname or "NO_INTERRUPT" in jump.opname:
                continue
            target: int = jump.argval
            block = blocks.at(target)
            if block is None or block != blocks.at(jump.offset):
                continue
            if block not in blocks.come_out_of(target - 2):
                found.add(f"{name}: {code.co_name}()")
    return sorted(found)


def test_loops(sources: list[Path]) -> None:
    assert [
        each for path in sources for each in lost(path.read_bytes(), path.name)
    ] == []


def test_such_a_loop_is_found() -> None:
    assert lost(BEFORE.format(statement=""), "x") == ["x: run()"]
    assert lost(BEFORE.format(statement="first = queue[0]"), "x") == []
