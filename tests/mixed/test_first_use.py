# SPDX-License-Identifier: ISC
"""The very first operation of a process behaves like all later ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Each runs in a process of its own, because what is loaded at first use stays loaded.
SWITCHES_OF_THE_FIRST_CALL = """
import asyncio, sys
{imports}
import aiologic
from aiologic.testing.harness import switches_of

async def happened():
    event = aiologic.Event()
    event.set()
    return await event

async def entered(lock):
    async with lock:
        pass

async def main():
    print(await switches_of({call}))

{run}
"""
CALLS = {
    "Lock": "aiologic.Lock().async_acquire()",
    "BinarySemaphore": "aiologic.BinarySemaphore().async_acquire()",
    "Event": "happened()",
    "Lock's block": "entered(aiologic.Lock())",
    "BinarySemaphore's block": "entered(aiologic.BinarySemaphore())",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("library", "imports", "expected"),
    [
        ("trio", "import trio", 1),
        ("trio", "import trio, anyio", 1),
        ("asyncio", "import trio, sniffio", 0),
    ],
)
@pytest.mark.slow
def test_it_is_a_checkpoint_if_its_library_says_so(
    library: str, imports: str, expected: int, call: str
) -> None:
    for name in imports.replace("import ", "").split(", "):
        pytest.importorskip(name, reason=f"the first call with {name} imported")
    run = "trio.run(main)" if library == "trio" else "asyncio.run(main())"
    script = SWITCHES_OF_THE_FIRST_CALL.format(imports=imports, call=call, run=run)

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith(f", {expected})")
