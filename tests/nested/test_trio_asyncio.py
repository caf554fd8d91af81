# SPDX-License-Identifier: ISC
"""asyncio's tasks inside trio's, by trio-asyncio; the tests themselves are in under_trio_asyncio.py."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("under_trio_asyncio.py")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.version_info >= (3, 14),
        reason="trio-asyncio needs the child watchers that asyncio lost in 3.14",
    ),
    pytest.mark.skipif(
        find_spec("trio_asyncio") is None or find_spec("aiologic_trio") is None,
        reason="loops of trio-asyncio need that, and trio's backend",
    ),
]

#: The functions in that script that take no arguments.
NAMES = [
    node.name
    for node in ast.parse(SCRIPT.read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef) and not node.args.args
]


@pytest.mark.parametrize("name", NAMES)
def test_under_trio_asyncio(name: str) -> None:
    run(str(SCRIPT), name)


EARLY_USE = """
import asyncio, runpy, sys
import aiologic
async def main():
    async with aiologic.Lock():
        pass
asyncio.run(main())
sys.argv = ["", "time_runs_out"]
runpy.run_path(%r)
"""


@pytest.mark.xfail(
    strict=True,
    reason="trio-asyncio replaces asyncio's functions when it is imported, and the backend has them by then;"
    " https://github.com/python-trio/trio-asyncio/issues/83",
)
def test_it_is_imported_after_the_first_use() -> None:
    run("-c", EARLY_USE % str(SCRIPT))


def run(*arguments: str) -> None:
    done = subprocess.run(
        # trio-asyncio itself uses what has been deprecated since 3.12.
        [sys.executable, "-W", "ignore::DeprecationWarning", *arguments],
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "passed\n"
