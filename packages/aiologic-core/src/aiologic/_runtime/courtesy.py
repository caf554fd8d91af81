# SPDX-License-Identifier: ISC
"""Let threads import one after the other, without relying on it."""

# The first use of a primitive imports what discovery needs, and all threads of a program may come to their first use at
# the same moment. The interpreter's own import locks would handle that, but a monkey patch replaces them by those of a
# greenlet library, and gevent's can't be waited for in two threads: the hub of the waiting one has nothing else to do
# and raises LoopExit. So the other threads wait here, on a lock that was never patched.
#
# This is not mutual exclusion, and nothing may depend on it. The same thread can enter at any time: for example another
# of its greenlets, while one waits for an import lock. And a thread that has waited for PATIENCE_SECONDS enters
# regardless: the one inside may be waiting for the import of a module that uses a primitive in the waiting thread; or
# its thread did not survive into the child of a fork.
#
# Only code that runs in the middle of such a call, on its very stack, must not look: a signal handler or a finalizer,
# which finds modules that are half initialised. A plugin that it can't import would be taken for broken, for good. Such
# code asks is_nested(). That looks at the stack rather than at a mark, which a handler that raises could leave behind.
#
# Not a context manager: a signal handler may raise between acquire() and the block. Then the lock would belong to this
# thread for ever, and every other thread would lose its patience whenever it comes here.

from __future__ import annotations

import sys

from .unpatched import allocate_reentrant_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, TypeVar

    T = TypeVar("T")

PATIENCE_SECONDS = 5.0


class Courtesy:
    """``courtesy.call(function)``: one thread at a time, as a rule."""

    __slots__ = ("_locks",)

    def __init__(self) -> None:
        self._locks: dict[None, Any] = {}

    def call(self, function: Callable[[], T]) -> T:
        """Call a function once no other thread is in here, or has been in here for too long."""
        # Not made before it is needed: eventlet reports locks that are older than its patch as an error.
        lock = self._locks.setdefault(None, allocate_reentrant_lock())
        try:
            lock.acquire(timeout=PATIENCE_SECONDS)
            return function()
        finally:
            try:  # noqa: SIM105  # contextlib is not imported for this
                lock.release()
            except RuntimeError:  # it does not have the lock: impatient, or interrupted
                pass


def is_nested() -> bool:
    """Whether the caller was called in the middle of such a call, on the same stack."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code is Courtesy.call.__code__:
            return True
        frame = frame.f_back
    return False
