# SPDX-License-Identifier: ISC
"""How toyloop lets others run."""

from __future__ import annotations

from toyloop import current_task, suspend


async def checkpoint() -> None:
    """Go to the end of the ready queue; this raises if the task is cancelled."""
    task = current_task()
    assert task is not None
    task.loop.call_soon(task.resume)
    await suspend()
