# SPDX-License-Identifier: ISC
"""A test that does not run is named with its reason, also where nobody asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tests.left_out import count_reasons


def test_the_same_reason_is_told_once() -> None:
    reports = [
        SimpleNamespace(longrepr=(path, 1, f"Skipped: {reason}"))
        for path in ("test_a.py", "test_b.py")
        for reason in ("robot is not installed", f"only for {path}")
    ]

    assert count_reasons(reports) == {
        "robot is not installed": 2,
        "only for test_a.py": 1,
        "only for test_b.py": 1,
    }


def test_a_plain_run_tells() -> None:
    # Its tests are all slow, if they can run at all.
    path = Path(__file__).parents[1] / "nested" / "test_trio_asyncio.py"
    command = [sys.executable, "-m", "pytest", "-q", str(path)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, timeout=50, check=False
    )

    assert done.returncode in (0, 5), done.stdout
    _, section, reasons = done.stdout.partition(" left out ")
    assert section
    assert "need" in reasons
