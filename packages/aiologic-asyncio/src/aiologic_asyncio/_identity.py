# SPDX-License-Identifier: ISC
"""Which asyncio task runs here."""

# A task is identified by its Task object. Callbacks of a loop have none: they can wake tasks and set events, but own no
# lock.
#
# A shielded call runs in a task of its own (see _cancellation.py), but on behalf of the task that shields it: there the
# helper is identified by its principal. Looking that up costs a call, so asyncio's own function is asked until somebody
# shields.

from __future__ import annotations

from asyncio import (
    Task,
    _get_running_loop,
    current_task as current_task,
    get_running_loop,
)
from typing import Any, cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Dict, Tuple
    from weakref import ref

    Principals = Dict[int, Tuple[ref[object], ref[object]]]

#: By the id() of a helper task, while it runs: the helper, and the task for which it runs. Both are weak references,
#: because the principal holds its helper, and neither would ever be freed. Not a WeakKeyDictionary, which takes as long
#: as half a free lock to tell that a task is no helper.
principals: Principals = {}


def current_principal() -> object | None:
    """The current task, or the one for which it runs a shielded call."""
    task = current_task()
    # As in principal_of(), without a call.
    return principal_of(task) if id(task) in principals else task


def principal_of(task: object) -> object | None:
    """The task for which ``task`` runs a shielded call, or else ``task`` itself."""
    known = principals.get(id(task))
    # If objects are freed late, another task may have the id() of a helper that was left unfinished.
    if known is None or known[0]() is not task:
        return task
    return known[1]() or task


def is_running() -> bool:
    """Whether a loop runs in this thread."""
    return _get_running_loop() is not None


def current_token() -> object:
    """The loop that runs in this thread."""
    return get_running_loop()


def knows(task: object) -> bool:
    """Whether it is a task of asyncio's, or of a loop that has its own class of tasks."""
    return hasattr(task, "get_coro") and hasattr(task, "get_loop")


def runs_here(task: object) -> bool:
    """Whether the loop that runs in this thread is the task's own.

    A loop that does not run now may be run by any thread later on: nothing is
    certain then.
    """
    mine = cast("Task[Any]", task)
    running = _get_running_loop()
    return running is not None and running is mine.get_loop() and not mine.done()


def root_frame(task: object) -> FrameType | None:
    """The frame of the coroutine that the task runs, or that its helper runs, if that is running now."""
    running = current_task() if is_running() else None
    # The caller looks for the frame on the stack, where that of a principal is not while its helper runs.
    if running is not None and principal_of(running) is task:
        task = running
    coroutine = cast("Task[Any]", task).get_coro()
    return getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
