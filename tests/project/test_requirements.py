# SPDX-License-Identifier: ISC
"""What a package imports, it requires by itself: what comes along with something else may be of any version."""

from __future__ import annotations

import ast
import re
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Iterator

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(
    sys.version_info < (3, 10), reason="tells its own modules from Python 3.10 on"
)
def test_what_is_imported_is_required(packages: list[Path]) -> None:
    for package in packages:
        required = {
            re.split(r"[^\w-]", requirement, maxsplit=1)[0]
            for requirement in metadata.requires(package.name) or ()
        }
        ours = {folder.name for folder in package.glob("src/*")}
        imported = {
            name
            for path in package.glob("src/**/*.py")
            for name in imports(ast.parse(path.read_bytes()))
        }

        strangers = imported - ours - sys.stdlib_module_names
        assert strangers
        provided = {name.replace("aiologic-core", "aiologic") for name in required}
        assert strangers <= provided, package.name


def imports(tree: ast.AST) -> Iterator[str]:
    """What a program can't do without."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]
        elif not is_for_type_checkers(node) and not does_without(node):
            yield from imports(node)


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def does_without(node: ast.AST) -> bool:
    """Whether what it imports may be missing."""
    if not isinstance(node, ast.Try):
        return False
    caught = {ast.unparse(handler.type) for handler in node.handlers if handler.type}
    return not caught.isdisjoint({"ImportError", "ModuleNotFoundError"})
