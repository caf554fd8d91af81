# SPDX-License-Identifier: ISC
"""Run threads that take turns on one core, which is faster."""

# Only one virtual task's thread runs at a time, and each switch between them also releases the GIL. If the threads are
# on two cores, each switch costs two wake-ups of the other core; on one core, it costs a context switch. This makes a
# search a third faster. The core is the one that the caller runs on: other busy threads are on other cores, or will
# soon move there.

from __future__ import annotations

import os
from pathlib import Path


class OneCore:
    """While the block lasts, the calling thread and those that it starts run on one core, if the system allows that."""

    def __init__(self) -> None:
        self._before: set[int] | None = None

    def __enter__(self) -> None:
        core = this_core()
        if core is None:
            return
        before = os.sched_getaffinity(0)
        try:
            os.sched_setaffinity(0, {core})
        except OSError:  # a container may forbid it; then the search only takes longer
            return
        self._before = before

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            os.sched_setaffinity(0, self._before)


def this_core() -> int | None:
    """The core that the calling thread runs on, if threads can be bound here."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    try:
        status = Path("/proc/thread-self/stat").read_text()
    except OSError:
        return None
    # The 39th field; the second is a name in parentheses, which may have spaces.
    return int(status.rpartition(")")[2].split()[36])
