# SPDX-License-Identifier: ISC
"""Which trio task runs here."""

# A task is identified by its trio.lowlevel.Task.

from __future__ import annotations

from trio.lowlevel import (
    Task,
    current_root_task,
    current_task as current_task,
    current_trio_token as current_token,
)

__all__ = (
    "current_task",
    "current_token",
    "is_running",
    "knows",
    "root_frame",
    "runs_here",
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType


def is_running() -> bool:
    """Whether a task step of trio runs in this thread."""
    try:
        current_task()
    except RuntimeError:
        return False
    return True


def knows(task: object) -> bool:
    """Whether it is a trio task."""
    return isinstance(task, Task)


def runs_here(task: object) -> bool:
    """Whether the task is alive, and belongs to the run that this thread is in."""
    try:
        root = current_root_task()
    except RuntimeError:
        return False
    # A task that has ended keeps its nursery, but not its frame; trio makes sure that each task begins with a frame.
    ancestor = task if isinstance(task, Task) and root_frame(task) else None
    while ancestor is not None and ancestor is not root:
        nursery = ancestor.parent_nursery
        ancestor = None if nursery is None else nursery.parent_task
    return ancestor is not None


def root_frame(task: object) -> FrameType | None:
    """The frame of the coroutine that the task runs."""
    return getattr(task.coro, "cr_frame", None) if isinstance(task, Task) else None
