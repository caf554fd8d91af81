# SPDX-License-Identifier: ISC
"""What there is in this process, counted: to see what is left of what should leave nothing."""

# Objects are counted by the names of their types, for what is left may be anybody's: a handle of a loop, a cancelled
# timer, a frame. What the garbage collector does not track (numbers, tuples of numbers) shows in the blocks of memory.

from __future__ import annotations

import gc
import os
import sys
from collections import Counter

from .._engine.waiter import Waiter
from ._stage import Operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

    import aiologic

    Census = Dict[str, int]

#: Where the system shows the descriptors of a process, if it does.
DESCRIPTORS = "/proc/self/fd"

# Of these, not a single one may be left.
PRECIOUS = ("descriptors", "threads", "waiters")


def census() -> Census:
    """Count what there is now, garbage excepted."""
    gc.collect()
    things = gc.get_objects()
    counted: Census = dict(Counter(map(_name_of, map(type, things))))
    # Not by isinstance(), for an abstract class remembers each type that it was asked about.
    counted["waiters"] = sum(Waiter in type(thing).__mro__ for thing in things)
    del things
    counted["threads"] = len(sys._current_frames())
    if os.path.isdir(DESCRIPTORS):
        counted["descriptors"] = len(os.listdir(DESCRIPTORS))
    if hasattr(sys, "getallocatedblocks"):  # not on PyPy
        counted["blocks"] = sys.getallocatedblocks()
    return counted


def _name_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def growth(before: Census, after: Census) -> Census:
    """What there is more of than before."""
    return {
        kind: number - before.get(kind, 0)
        for kind, number in after.items()
        if number > before.get(kind, 0)
    }


def asking(
    there: aiologic.BinarySemaphore,
    back: aiologic.BinarySemaphore,
    times: int,
    timeout: float | None,
) -> Operation:
    """Let somebody else run, and sleep until he answers; over and over."""

    def green() -> None:
        for _ in range(times):
            there.green_release()
            assert back.green_acquire(timeout=timeout) is True

    async def aio() -> None:
        for _ in range(times):
            there.async_release()
            assert await back.async_acquire(timeout=timeout) is True

    return Operation(f"be woken {times} times", green, aio)


def answering(
    there: aiologic.BinarySemaphore, back: aiologic.BinarySemaphore, times: int
) -> Operation:
    """The other side of :func:`asking`; for threads."""

    def green() -> None:
        for _ in range(times):
            there.green_acquire()
            back.green_release()

    async def aio() -> None:
        raise AssertionError("threads don't await")

    return Operation(f"answer {times} times", green, aio)
