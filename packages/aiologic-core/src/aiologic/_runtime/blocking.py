# SPDX-License-Identifier: ISC
"""Tell who blocks an event loop: a green wait that was called from an async task."""

# ``event.wait()`` in an async function works, and stops everything else in its loop meanwhile; so does ``with lock``.
# Nobody is told: it is legal, it is right in a thread, and the program is only slow. Who suspects it sets
# AIOLOGIC_BLOCKING; then the one place where plain threads go to sleep looks first whether a task of this very thread
# called, and says what to write instead. Whether it looks is decided once, at import: turned off, the method that parks
# is the one that it always was. A call that need not wait never comes here.
#
# What to write instead is read from the stack: the method of ours that the user called, and its object.

from __future__ import annotations

import os
import sys

from ..exceptions import BlockingError, BlockingWarning
from .environment import OFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, TypeVar

    Park = TypeVar("Park", bound=Callable[..., bool])

#: "warn" or "error", to be told.
TOLD_BY = "AIOLOGIC_BLOCKING"

ERROR = "error"

# How the twins are called, where the name says nothing.
TWINS = {
    "wait": "await {0} (or await {0}.with_(...))",
    "wait_for": "await {0}.for_(...)",
    "__enter__": "async with {0}:",
}


def guarded(park: Park) -> Park:
    """``park``, or one that looks before it does the same, if the environment asks for that."""
    asked = os.environ.get(TOLD_BY, "").strip().lower()
    if asked in OFF:
        return park
    is_error = asked == ERROR

    def park_if_no_task_calls(waiter: Any, timeout: float | None) -> bool:
        # Not if it was woken before, nor if it would only look.
        if waiter and timeout != 0:
            task = _calling_task()
            if task is not None:
                _tell(task, is_error)
        return park(waiter, timeout)

    return park_if_no_task_calls  # type: ignore[return-value]  # it is called alike


def _calling_task() -> object | None:
    from .detect import worlds

    world = worlds.find_async_world()
    return None if world is None else world[1]


def _tell(task: object, is_error: bool) -> None:
    called, level = _called()
    text = (
        f"{called[0]} blocks the event loop of {task!r}: nothing else runs in this thread while it waits."
        f" Write {called[1]!r} instead"
    )
    if is_error:
        raise BlockingError(text)
    import warnings

    # Raised by a filter, it interrupts the wait like any other exception.
    warnings.warn(text, BlockingWarning, stacklevel=level)


def _called() -> tuple[tuple[str, str], int]:
    """What the user called, what to write instead, and how far up the user's line is."""
    frame: FrameType | None = sys._getframe(2)
    ours: FrameType | None = None
    level = 2
    while frame is not None and _is_ours(frame):
        ours = frame
        frame = frame.f_back
        level += 1
    if ours is None:
        return ("a green wait", "await ..."), level
    name = ours.f_code.co_name
    of = ours.f_locals.get("self")
    what = "..." if of is None else type(of).__name__.lower()
    called = f"{what}.{name}()" if of is not None else f"{name}()"
    if name == "__enter__":
        called = f"with {what}:"
    if name in TWINS:
        return (called, TWINS[name].format(what)), level
    if name.startswith("green_"):
        async_name = name.replace("green_", "async_", 1)
        instead = f"{what}.{async_name}" if of is not None else async_name
        return (called, f"await {instead}(...)"), level
    return (called, "await ..."), level


def _is_ours(frame: FrameType) -> bool:
    name: str = frame.f_globals.get("__name__", "")
    # The test kit calls as users do.
    return name.startswith("aiologic.") and not name.startswith("aiologic.testing")
