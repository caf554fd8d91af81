# SPDX-License-Identifier: ISC
"""Several interpreters in one process: each imports its own, and is served as the main one is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from aiologic.testing.harness import LONG

pytest.importorskip("aiologic_asyncio", reason="about threads and asyncio")

# Each thread runs an interpreter, all at once: each has a GIL of its own.
SCRIPT = """
import sys
import threading
from concurrent.interpreters import create

def run_and_tell():
    interpreter = create()
    try:
        interpreter.exec(inside)
    except Exception as error:
        failures.append(error)
    interpreter.close()

inside = f"import sys; sys.path[:] = {sys.path!r}\\n" + '''
import asyncio
import threading

import aiologic

lock = aiologic.Lock()
queue = aiologic.Queue(1)
got = []

def in_a_thread():
    for _ in range(50):
        with lock:
            got.append(queue.green_get())

async def in_a_task():
    for number in range(50):
        await queue.async_put(number)
    async with lock:
        return len(got)

thread = threading.Thread(target=in_a_thread)
thread.start()
asyncio.run(in_a_task())
thread.join()
assert got == list(range(50)), got
assert not lock.locked()
'''

failures = []
threads = [threading.Thread(target=run_and_tell) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for failure in failures:
    print(failure)
sys.exit(len(failures))
"""


@pytest.mark.skipif(
    sys.version_info < (3, 14),
    reason="before Python 3.14, an interpreter that has imported datetime may crash as it ends",
)
def test_interpreters_side_by_side() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=LONG * 4,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
