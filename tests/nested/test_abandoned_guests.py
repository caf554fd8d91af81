# SPDX-License-Identifier: ISC
"""A guest whose host was closed: what its tasks are given goes to the next in line, and the giver gets no error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("aiologic_asyncio", reason="the host needs its backend")
pytest.importorskip("aiologic_trio", reason="the guest needs its backend")


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("kind", ["Lock", "RLock", "BinarySemaphore", "Event"])
def test_it_is_passed_on(kind: str, count: int) -> None:
    script = Path(__file__).with_name("abandoned_guest.py")
    done = subprocess.run(
        [sys.executable, str(script), kind, str(count)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "passed on\n"), done.stderr
