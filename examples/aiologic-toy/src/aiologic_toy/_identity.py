# SPDX-License-Identifier: ISC
"""Which toyloop task runs here."""

# A task is identified by toyloop's own object for it.

from __future__ import annotations

from toyloop import Task, current_loop, current_task as current_task

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
    """Whether a loop runs in this thread, even if it runs a callback."""
    return current_loop() is not None


def current_token() -> object:
    """The loop that runs in this thread."""
    return current_loop()


def knows(task: object) -> bool:
    """Whether this is one of toyloop's tasks."""
    return isinstance(task, Task)


def runs_here(task: object) -> bool:
    """Whether the task belongs to the loop that runs in this thread."""
    loop = current_loop()
    return loop is not None and isinstance(task, Task) and task in loop.tasks


def root_frame(task: object) -> FrameType | None:
    """The frame of the coroutine that the task runs."""
    return getattr(task.coro, "cr_frame", None) if isinstance(task, Task) else None
