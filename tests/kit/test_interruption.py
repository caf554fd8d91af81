# SPDX-License-Identifier: ISC
"""Calls that are interrupted at each bytecode in turn."""

from __future__ import annotations

import itertools
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import aiologic
import pytest
from aiologic.testing.harness import Interruption

OURS = [str(Path(aiologic.__file__).parent)]


@pytest.mark.skipif(
    sys.implementation.name != "pypy", reason="only PyPy compiles while it runs"
)
def test_nothing_is_compiled_while_bytecodes_count() -> None:
    """Otherwise each round takes longer than the one before, a hundred times as long in the end."""
    snapshot = import_module("pypyjit").get_stats_snapshot
    compiled = 0

    def number_compiled() -> int:
        counters = snapshot().counters
        total: int = (
            counters["TOTAL_COMPILED_LOOPS"] + counters["TOTAL_COMPILED_BRIDGES"]
        )
        return total

    def call(event: aiologic.Event) -> None:
        nonlocal compiled
        before = number_compiled()
        event.wait(0)
        compiled += number_compiled() - before

    for _ in range(3):
        for number in itertools.count():
            event = aiologic.Event()
            interruption = Interruption(number, event.set, OURS)
            interruption.during(partial(call, event))
            if not interruption.was_made:
                break
        assert number > 100
    assert compiled == 0
