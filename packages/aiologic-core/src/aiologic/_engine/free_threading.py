# SPDX-License-Identifier: ISC
"""Whether there is a GIL, and the one step that is to be done again where there is none."""

# Which steps there are is told in the package's opening comment. Without the GIL, a deque may be copied half-way through
# somebody's append; the copy notices, and raises RuntimeError. All who look at what others change go through here: a
# repr() that fails now and then is bad enough, and a put() that fails behind its item is worse.

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    T = TypeVar("T")

# Asked once: there may be a GIL later, for an extension that needs it, but never none again.
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


def copy_of(row: Iterable[T]) -> list[T]:
    """What is in a deque, or a list, at some moment during the call."""
    while True:
        try:
            return list(row)
        except RuntimeError:
            # With the GIL, it is no other thread's doing, and to be heard: a signal handler's.
            if not FREE_THREADED:
                raise
            # Else the newer picture is as good.
