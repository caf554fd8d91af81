# SPDX-License-Identifier: ISC
"""Which curio task runs here."""

# A task is identified by its curio.Task. At most one kernel runs in a thread, and curio remembers it in a thread-local.
# An "async thread" of curio (spawn_thread) is a plain thread that has tasks run coroutines for it: if it acquires a
# lock by ``with``, it owns the lock as a thread; if it does so by ``AWAIT``, as the task that is assigned to it.

from __future__ import annotations

from typing import Any

from . import _kernel
from ._curio import Task
from ._kernel import current_kernel, current_task as current_task

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
    """Whether a kernel runs in this thread."""
    return current_kernel() is not None


def current_token() -> Any:
    """The kernel that runs in this thread."""
    kernel = current_kernel()
    if kernel is None:
        raise RuntimeError("no kernel runs in this thread")
    return kernel


def knows(task: object) -> bool:
    """Whether it is a curio task."""
    return isinstance(task, Task)


def runs_here(task: object) -> bool:
    """Whether the task lives in the kernel that runs in this thread.

    A kernel that does not run now may be run by any thread later on: nothing is
    certain then.
    """
    kernel = current_kernel()
    return kernel is not None and _kernel.has_task(kernel, task)


def root_frame(task: object) -> FrameType | None:
    """The frame in which the task begins."""
    return _kernel.root_frame(task)
