# SPDX-License-Identifier: ISC
"""Whether there is a GIL, and the one step that has to be retried where there is none."""

# The package's opening comment lists the atomic steps. Without the GIL, a deque may be copied half-way through
# somebody's append; the copy notices, and raises RuntimeError. Everyone who looks at what others change goes through
# here: a repr() that fails now and then is bad enough, and a put() that fails after its item is in is worse.

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    T = TypeVar("T")

# Asked once: the GIL may be turned on later, for an extension that needs it, but never off.
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


def copy_of(row: Iterable[T]) -> list[T]:
    """What is in a deque, or a list, at some moment during the call."""
    while True:
        try:
            return list(row)
        except RuntimeError:
            # With the GIL, no other thread can cause this: a signal handler raised it, and it must not be swallowed.
            if not FREE_THREADED:
                raise
            # Otherwise try again: a newer snapshot is as good.
