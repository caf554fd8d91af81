# SPDX-License-Identifier: ISC
"""The tests of one module of a suite can be selected by its name, although ``import *`` brings all into one file."""

from __future__ import annotations

import re
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from aiologic.testing.conformance import clock, tokens

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

pytestmark = pytest.mark.slow

CONFTEST = """
    import pytest
    from aiologic.testing.harness import THREADS

    pytest_plugins = ["aiologic.testing.plugin"]


    @pytest.fixture
    def world():
        return THREADS
"""


@pytest.mark.parametrize("module", [clock, tokens], ids=lambda it: it.__name__)
def test_one_module_is_selected(tmp_path: Path, module: ModuleType) -> None:
    name = module.__name__.rpartition(".")[2]
    (tmp_path / "conftest.py").write_text(dedent(CONFTEST), encoding="utf-8")
    (tmp_path / "test_conformance.py").write_text(
        "from aiologic.testing.conformance import *\n", encoding="utf-8"
    )

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run(
        [*command, "--collect-only", "-k", f"conformance/{name}"],
        cwd=str(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
        check=False,
    ).stdout

    written = {
        key
        for key, value in vars(module).items()
        if key.startswith("test_") and value.__module__ == module.__name__
    }
    assert (
        set(re.findall(r"^test_conformance\.py::(\w+)", listed, re.MULTILINE))
        == written
    )
