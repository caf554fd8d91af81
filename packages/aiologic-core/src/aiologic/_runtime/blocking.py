# SPDX-License-Identifier: ISC
"""Tell who blocks an event loop: a green wait that was called from an async task."""

# ``event.wait()`` in an async function works, and stops everything else in its loop meanwhile; so does ``with lock``.
# Nobody is told: it is legal, it is right in a thread, and the program is only slow. Who suspects it sets
# AIOLOGIC_BLOCKING; then the place where plain threads go to sleep looks first whether a task of this very thread
# called, and says what to write instead. Whether it looks is decided once, at import: turned off, the method that parks
# is the one that it always was. A call that need not wait never comes here.
#
# There, the wait has begun, and is left as by any exception. For most primitives that is as if it had never been. A few
# can't be left so: a barrier breaks. They ask before (``ask_first``), and are not asked again when they come here.

from __future__ import annotations

import os
import sys

from ..exceptions import BlockingError, BlockingWarning
from .environment import OFF
from .unpatched import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    # Of a waiter, or a backend's sleep: the second argument is how long.
    Park = TypeVar("Park", bound=Callable[..., object])

#: "warn" or "error", to be told.
TOLD_BY = "AIOLOGIC_BLOCKING"

ERROR = "error"

# What the environment asks for: to be warned, an error, or neither.
_wanted = os.environ.get(TOLD_BY, "").strip().lower()

# ``.waiter`` is the one about which its thread was asked before it began to wait.
_asked = local()


def guarded(park: Park) -> Park:
    """``park``, or one that looks before it does the same, if the environment asks for that."""
    if _wanted in OFF:
        return park

    def park_if_no_task_calls(waiter: Any, timeout: float | None) -> object:
        # Not if it was woken before, nor if it would only look.
        if (
            waiter
            and timeout != 0
            and _asked.__dict__.pop("waiter", None) is not waiter
        ):
            _look()
        return park(waiter, timeout)

    return park_if_no_task_calls  # type: ignore[return-value]  # it is called alike


def ask_first(waiter: Any, timeout: float | None) -> None:
    """Look now, and not when it is parked; for who could not go without a trace then.

    To be called only if the guard is there (``threads.is_guarded``), and the wait
    is about to begin.

    Args:
        waiter: One that nobody knows of yet. Only those of threads block.
        timeout: Seconds to wait at most.
    """
    from .threads import ThreadWaiter

    if type(waiter) is ThreadWaiter and timeout != 0:
        _look()
        _asked.waiter = waiter


def _look() -> None:
    from .detect import worlds

    world = worlds.find_async_world()
    if world is None or world[1] is None:
        return

    from .advice import called_from

    call = called_from(sys._getframe())
    text = (
        f"{call.text} blocks the event loop of {world[1]!r}: nothing else runs in this thread while it waits."
        f" {call.advice}"
    )
    if _wanted == ERROR:
        raise BlockingError(text)
    import warnings

    # Raised by a filter, it interrupts the wait like any other exception.
    warnings.warn(text, BlockingWarning, stacklevel=call.level + 1)
