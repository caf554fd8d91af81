# SPDX-License-Identifier: ISC
"""How tests run the scripts of this folder: a process can't be unpatched, so each test is a process of its own."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent

#: When the process is patched: before aiologic is imported, after that, or after it was used.
BEGINNINGS = ["before", "after", "after use"]


def names_in(script: str) -> list[str]:
    """The tests in a script: its functions without arguments."""
    return [
        node.name
        for node in ast.parse((FOLDER / script).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.args.args
        and node.name != "patch"
    ]


def is_installed(library: str) -> bool:
    """Whether the library is installed, and a backend that serves it."""
    package = f"aiologic_{library}"
    return (
        find_spec(library) is not None
        and find_spec(package) is not None
        and find_spec(f"{package}._backend") is not None
    )


def run(script: str, library: str, *arguments: str) -> None:
    """Run one of them; skip it if the library or its backend is missing."""
    if library != "nobody" and not is_installed(library):
        pytest.skip(f"to be patched by {library} needs that, and its backend")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(FOLDER / script), library, *arguments],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    said = f"exit status {done.returncode}\n{done.stdout}{done.stderr}"
    assert (done.returncode, done.stderr) == (0, ""), said
    assert done.stdout == "passed\n"
