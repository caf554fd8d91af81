# SPDX-License-Identifier: ISC
"""Leave a block all the same when a signal handler raises at its end."""

# A task that leaves a block has to be identified, and that takes calls, out of each of which a signal handler's
# exception (Ctrl-C) can come. A release that was interrupted can be called again; the end of a block can't, so the lock
# would never be free again, and code that cleans up after Ctrl-C would wait for it. See docs/decisions/0041.
#
# The exception may also come after the lock was released (up to Python 3.10, as the release returns). Releasing again
# is then refused, and harmless, where a lock can be held only once. Where it can be held several times, it would leave
# the block around this one, too: there the caller compares the count with what it was before, and calls this only if it
# is the same.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


def leave_again(release: Callable[[T], object], lock: T) -> None:
    """Release what the caller still holds, after an exception at the end of its block.

    Args:
        release: Raises RuntimeError, or does nothing, if the caller does not hold it.
        lock: The lock of the block.
    """
    try:  # noqa: SIM105  # a context manager would be three calls more to be interrupted in
        release(lock)
    except RuntimeError:
        pass  # it was released before the handler raised; or the caller never held it, as that exception says
