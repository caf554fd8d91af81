# SPDX-License-Identifier: ISC
"""Where the tests of the project itself find its files."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPILED = {"aiologic-gevent", "aiologic-eventlet"}


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def packages() -> list[Path]:
    """The folder of each distribution; its name is the distribution's name."""
    folders = sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))
    if platform.python_implementation() != "CPython":
        # The workspace leaves out there what needs compiled greenlets.
        return [folder for folder in folders if folder.name not in COMPILED]
    return folders


@pytest.fixture
def sources() -> list[Path]:
    """Every Python file that we ship."""
    return sorted(ROOT.glob("packages/*/src/**/*.py"))
