# SPDX-License-Identifier: ISC
"""Count the objects of this process, to find what is left behind by calls that should leave nothing."""

# Objects of all types are counted, by the names of these types, since anything may be left: a handle of a loop, a
# cancelled timer, a frame. Objects that the garbage collector does not track (numbers, tuples of numbers) show up in
# the number of allocated blocks.

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

#: Where the system lists the descriptors of a process, if it does.
DESCRIPTORS = "/proc/self/fd"

# Of these, not even one may be left.
PRECIOUS = ("descriptors", "threads", "waiters")


def census() -> Census:
    """Count what exists now, without garbage."""
    gc.collect()
    things = gc.get_objects()
    counted: Census = dict(Counter(map(_name_of, map(type, things))))
    # Not with isinstance(): an abstract class remembers each type that it was asked about, which would be counted.
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
    """What there is more of than before, and how many more."""
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
    """Wake the other side, and sleep until it answers; ``times`` times."""

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
