# SPDX-License-Identifier: ISC
"""Show what a reader behind a cancelled writer does, with three libraries.

::

    S=benchmarks/readers_behind_a_cancelled_writer.py
    uv run python $S aiologic
    uv run --no-project --with aiorwlock==1.5.1 python $S aiorwlock
    uv run --no-project --with culsans==0.11.0 python $S culsans
"""

# This needs other libraries, one of which requires aiologic 0.17.1; so it is a script to be run by hand, and not a
# test.

from __future__ import annotations

import asyncio
import sys
from importlib import import_module
from typing import Any, Callable

SECONDS = 0.5


async def second_reader_is_in(new_sides: Callable[[], Any]) -> str:
    """A reads; B waits to write and is cancelled; C, who came after B, wants to read with A."""
    reading, writing = new_sides()
    is_in = asyncio.Event()

    async def write() -> None:
        async with writing():
            raise AssertionError("a writer came in where another reads")

    async def read() -> None:
        async with reading():
            is_in.set()

    async with reading():
        writer = asyncio.ensure_future(write())
        await asyncio.sleep(0.01)
        reader = asyncio.ensure_future(read())
        await asyncio.sleep(0.01)
        waited = not is_in.is_set()
        writer.cancel()
        try:
            await asyncio.wait_for(is_in.wait(), SECONDS)
            after = "goes on at once"
        except asyncio.TimeoutError:
            after = f"still waits after {SECONDS} s"
    await reader
    return f"{after}{'' if waited else ' (it had never waited for the writer)'}"


# Each library has an RWLock; these are the names of its two sides.
SIDES = {
    "aiologic": ("reading", "writing"),
    "aiorwlock": ("reader", "writer"),
    "culsans": ("reading", "writing"),
}


def main(library: str) -> None:
    reading, writing = SIDES[library]

    def new_sides() -> Any:
        lock = import_module(library).RWLock()
        return lambda: getattr(lock, reading), lambda: getattr(lock, writing)

    says = asyncio.run(second_reader_is_in(new_sides))
    print(f"{library}: the reader {says}")


if __name__ == "__main__":
    main(sys.argv[1])
