# SPDX-License-Identifier: ISC
"""Let threads import one after the other, without relying on it."""

# The first use of a primitive imports what discovery needs, and all threads of a program may come to their first use in
# one moment. The interpreter's own import locks would see to the rest, but a monkey patch replaces them by those of a
# greenlet library, and gevent's can't be waited for in two threads: the hub of the one that waits has nothing else to do
# and raises LoopExit. So the others wait here, on a lock that was never patched.
#
# It is no mutual exclusion, and nothing may depend on it. The same thread comes in at any time: for example another of
# its greenlets, while one waits for an import lock. And whoever has waited for PATIENCE_SECONDS goes in regardless: the
# one inside may be waiting for the import of a module which uses a primitive in the waiter's thread; or its thread did
# not live on in the child of a fork.
#
# Only who runs in the midst of such a call, on its very stack, has nothing to look for: a signal handler, or a finalizer,
# which finds modules that are half made. A plugin that it can't import would be taken for broken, for good. It asks
# is_nested(). The stack tells, and not a mark, which a handler that raises could leave behind.
#
# Not a context manager: between acquire() and the block, a handler may raise. The lock would be this thread's for ever,
# and each other thread wait in vain at every new look.

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
        """Call a function, when no other thread does, or has done so for too long."""
        # Not made before it is needed: eventlet tells, as an error, of locks that are older than its patch.
        lock = self._locks.setdefault(None, allocate_reentrant_lock())
        try:
            lock.acquire(timeout=PATIENCE_SECONDS)
            return function()
        finally:
            try:  # noqa: SIM105  # contextlib is not imported for this
                lock.release()
            except RuntimeError:  # this thread lost its patience, or was interrupted before it had the lock
                pass


def is_nested() -> bool:
    """Whether the caller interrupts such a call."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code is Courtesy.call.__code__:
            return True
        frame = frame.f_back
    return False
