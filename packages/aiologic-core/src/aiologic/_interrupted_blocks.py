# SPDX-License-Identifier: ISC
"""Leave a block all the same, where a signal handler raises as it is left."""

# Who left a block has to say who he is, and that takes calls, each of which a handler (Ctrl-C) can come out of. A release that
# was interrupted may be made again; the end of a block can't, so what it was about would never be free again, and whoever
# cleans up after Ctrl-C would wait for it. See docs/decisions/0041.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


def leave_again(
    release: Callable[[T], object], lock: T, count: int | None = None
) -> None:
    """Release what the caller still has; where an exception came as he left the block.

    Args:
        release: Raises RuntimeError, or does nothing, where the caller has it not.
        lock: What the block is about.
        count: How many times it was held before, if it may be held more than once.
    """
    # Or the block around this one would be left, too. Up to Python 3.10 a handler may come as a release returns.
    if count is not None and lock._count != count:  # type: ignore[attr-defined]
        return
    try:  # noqa: SIM105  # a context manager would be three calls more to be interrupted in
        release(lock)
    except RuntimeError:
        pass  # it was released before the handler came; or it never was his, as that one exception says
