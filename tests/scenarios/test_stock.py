# SPDX-License-Identifier: ISC
"""What becomes of the scenarios without us: each fails, in the way that its program reports."""

# A test that a user's wish is fulfilled would be worth little if it passed without us, too. Each program is a scenario
# in small, made of what the standard library (or gevent, or trio) has. They hang, and leave threads behind: so each has
# a process of its own, and a time limit.

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

STOCK = Path(__file__).with_name("stock")

ANOTHER_LOOP = "different (event )?loop"

#: What each says, in any order; and what it needs beside the standard library.
FAILS: dict[str, tuple[list[str], str]] = {
    "c01": ([ANOTHER_LOOP], ""),
    "c02": (["two tasks are inside at once", "the loop stands still"], ""),
    "c03": (["the loop stands still, and nobody is told"], ""),
    "c04": (["a thread can't wait for a place", "is not woken"], ""),
    "c05": (["the one who waits is not woken", "Non-thread-safe operation"], ""),
    "c06": (["cannot reuse already awaited coroutine", "it was loaded twice"], ""),
    "c07": (["the one who waits does not leave"], ""),
    "c08": ([ANOTHER_LOOP], ""),
    "c09": ([ANOTHER_LOOP], ""),
    "c10": (["This operation would block forever"], "gevent"),
    "c11": (["refused: ", "the loop stands still"], "trio"),
    "c12": (["5 threads wait on", "a ghost has the permit"], ""),
    "c13": (["the handler waits for its own thread"], ""),
    "c14": (["asked: two, replied: re: one"], ""),
    "c15": (["broken: not all could come"], ""),
}
if sys.version_info >= (3, 10):  # before, a lock belongs to a loop from its creation
    FAILS["c01"][0].append("the lock is free, and the one who waits is not woken")


@pytest.mark.slow
@pytest.mark.parametrize("name", FAILS)
def test_the_stock_library_fails(name: str) -> None:
    says, needs = FAILS[name]
    if needs:
        pytest.importorskip(needs, reason=f"it is about {needs}")
    done = subprocess.run(
        [sys.executable, "-u", str(STOCK / f"{name}.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=20,
        check=False,
    )

    missing = [line for line in says if not re.search(line, done.stdout)]
    assert not missing, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    assert done.returncode == 0


def test_each_scenario_has_one() -> None:
    scenarios = sorted(path.name[5:8] for path in STOCK.parent.glob("test_c*.py"))
    assert (
        scenarios == sorted(FAILS) == sorted(path.stem for path in STOCK.glob("*.py"))
    )
