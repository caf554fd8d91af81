# SPDX-License-Identifier: ISC
"""trio's cancellation: a level that each checkpoint and each sleep checks."""

# A sleeping task is cancelled through the abort function that its waiter hands to trio. It always agrees: there is
# nothing to undo in trio itself, and core passes on what had been granted. A task that was rescheduled and is cancelled
# before it runs sees its wake-up first; the level is still there at its next checkpoint.

from __future__ import annotations

from trio import CancelScope
from trio.lowlevel import checkpoint_if_cancelled as checkpoint_if_cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeVar

    T = TypeVar("T")


async def shield(awaitable: Awaitable[T]) -> T:
    """Await to the end; the level is still there at the next checkpoint."""
    with CancelScope(shield=True):
        return await awaitable
    raise AssertionError("nobody cancels this scope itself")
