# SPDX-License-Identifier: ISC
"""Types and documentation stand in the code that they are about."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_there_is_no_stub_file(root: Path) -> None:
    # A .pyi beside a .py switches the type checker off for the .py.
    assert not list(root.glob("packages/**/*.pyi"))


def test_every_distribution_is_marked_as_typed(packages: list[Path]) -> None:
    for package in packages:
        (init,) = package.glob("src/*/__init__.py")
        assert (init.parent / "py.typed").exists()


def test_no_docstring_is_a_placeholder(sources: list[Path]) -> None:
    # To a tool, an empty docstring counts as documentation. None is more honest.
    placeholders = [
        f"{path}: {getattr(node, 'name', 'module')}"
        for path in sources
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(
            node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        )
        and (ast.get_docstring(node) or "text").strip(".") == ""
    ]

    assert not placeholders
