# SPDX-License-Identifier: ISC
"""A test that has nothing to look at is not made, or is skipped and says why; it does not pass."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def leaves_at_once(test: ast.AST) -> bool:
    """Whether it may return where it could as well have been left out of the parameters."""
    for statement in getattr(test, "body", []):
        if isinstance(statement, ast.If) and isinstance(statement.body[0], ast.Return):
            return True
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr, ast.If)):
            return False
    return False


def functions_in(source: bytes) -> list[ast.AST]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.name.startswith("test_")
    ]


@pytest.mark.parametrize(
    ("body", "is_left"),
    [
        ("    if kind is None:\n        return\n    assert kind", True),
        ("    '''Words.'''\n    size = 1\n    if kind:\n        return", True),
        ("    if kind:\n        assert kind\n        return\n    assert 1", False),
        ("    assert kind\n    if kind:\n        return\n    assert 1", False),
        ("    if kind:\n        pytest.skip('why')\n    assert kind", False),
    ],
)
def test_what_is_told(body: str, is_left: bool) -> None:
    (test,) = functions_in(f"def test_it(kind):\n{body}\n".encode())
    assert leaves_at_once(test) is is_left


def test_no_test_leaves_at_once(root: Path) -> None:
    files = list(root.glob("tests/**/*.py"))
    assert len(files) > 100
    assert not [
        f"{path.relative_to(root)}: {getattr(test, 'name', '')}"
        for path in files
        for test in functions_in(path.read_bytes())
        if leaves_at_once(test)
    ]
