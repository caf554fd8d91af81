# SPDX-License-Identifier: ISC
"""Report what blocks an event loop: a green wait that was called from an async task."""

# ``event.wait()`` in an async function works, and stops everything else in its loop meanwhile; so does ``with lock``.
# Nothing reports that: it is legal, it is right in a thread, and the program is only slow. A user who suspects it sets
# AIOLOGIC_BLOCKING; then the place where plain threads go to sleep first looks whether the caller is a task of this
# very thread, and says what to write instead. Whether it looks is decided once, at import: if turned off, the method
# that parks is the plain one. A call that need not wait never comes here.
#
# At that place the wait has begun, and is left as by any exception. For most primitives that is as if it had never
# been. A few can't be left in this way: a barrier breaks. They ask before they begin (``ask_first``), and are not asked
# again when they come here.

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

    # A waiter's park, or a backend's sleep: the second argument is how long.
    Park = TypeVar("Park", bound=Callable[..., object])

#: "warn" or "error".
TOLD_BY = "AIOLOGIC_BLOCKING"

ERROR = "error"

# What the environment asks for: a warning, an error, or neither.
_wanted = os.environ.get(TOLD_BY, "").strip().lower()

# ``.waiter`` is the waiter for which ask_first() has already looked in this thread.
_asked = local()


def guarded(park: Park) -> Park:
    """``park``, or a version of it that looks first, if the environment asks for that."""
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

    return park_if_no_task_calls  # type: ignore[return-value]  # it takes the same arguments


def ask_first(waiter: Any, timeout: float | None) -> None:
    """Look now instead of when it parks, for waits that could not be left without a trace by then.

    Only to be called if the guard is there (``threads.is_guarded``), and the wait
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
