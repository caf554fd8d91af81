# SPDX-License-Identifier: ISC
"""`import aiologic` costs nothing that the importing program may not need."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

LEFT_ALONE = {
    "anyio",
    "asyncio",
    "curio",
    "eventlet",
    "gevent",
    "greenlet",
    "importlib.metadata",
    "pluggy",
    "sniffio",
    "trio",
    "typing_extensions",
    "wrapt",
}

# What an interpreter brings along at start-up is not our doing.
SCRIPT = """
import sys
before = set(sys.modules)
import {module}
print(*sorted(set(sys.modules) - before))
"""

LOWLEVEL = "aiologic.lowlevel"

# What is imported when one of its names is first asked for.
LAZY = {
    "aiologic._constant_events",
    "aiologic._event_kinds",
    "aiologic._lazy_content",
    "aiologic._lazy_deque",
    "aiologic._lazy_queue",
    "aiologic._locking_events",
    "aiologic._once_lock",
    "aiologic._once",
    "aiologic._queue",
    "aiologic._rendezvous",
    "aiologic._rwlock",
    "aiologic._simple_queue",
    "aiologic._single_events",
    "aiologic._thread_locks",
    "aiologic._waiter_protocols",
}


def test_what_is_lazy_is_there() -> None:
    """Else the tests below would look for a name that nothing has any more."""
    assert [name for name in sorted(LAZY) if find_spec(name) is None] == []


@pytest.mark.parametrize("module", ["aiologic", LOWLEVEL])
def test_import_loads_no_library(module: str) -> None:
    output = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout

    loaded = set(output.split())
    assert "aiologic" in loaded
    assert not loaded & (LEFT_ALONE | LAZY)


def test_lowlevel_costs_nothing_beyond() -> None:
    """Nobody pays for more of its names than are asked for."""
    output = subprocess.run(
        [sys.executable, "-c", "import aiologic\n" + SCRIPT.format(module=LOWLEVEL)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout

    assert output.split() == [LOWLEVEL]
