# SPDX-License-Identifier: ISC
"""curio's cancellation: an exception that is delivered once, by the next call that blocks, unless disabled."""

# A wait needs nothing of its own here. Task.cancel() and the end of a timeout_after() or ignore_after() make a sleeping
# task ready with an exception, which comes out of park() as it is, decided or not, and core passes on what had been
# granted. A task that has been made ready before sees its wake-up first; the exception is kept for its next blocking
# call. The same happens in a disable_cancellation() block, which is all that shielding needs: the call runs in the same
# task, and the exception that was kept is raised by the next blocking call, not at the end of the block.

from __future__ import annotations

from ._curio import check_cancellation, disable_cancellation
from ._kernel import current_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeVar

    T = TypeVar("T")


async def checkpoint_if_cancelled() -> None:
    """Raise what is pending, if it may be delivered; never yields.

    curio's own function traps to learn which task it is, so it is asked only if
    there is something to raise.
    """
    task = current_task()
    if task.cancel_pending and task.allow_cancel:
        await check_cancellation()


async def shield(awaitable: Awaitable[T]) -> T:
    """Await to the end; a cancellation is kept for the next call that blocks."""
    async with disable_cancellation():
        return await awaitable
