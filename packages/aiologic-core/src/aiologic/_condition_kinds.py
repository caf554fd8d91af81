# SPDX-License-Identifier: ISC
"""Which locks a condition can have, and of what kind each is."""

# Our own locks have a queue, to which a notified waiter moves: it gets the lock by a hand-over, in its turn among all
# that want it, and runs once. Locks of threads have no queue that we could reach: a notified waiter is woken, and then
# acquires the lock as anybody does, which blocks its thread.
#
#   kind          | to wait, it must be  | to notify, too | exit releases        | moves | notifiers evaluate predicates
#   --------------+----------------------+----------------+----------------------+-------+------------------------------
#   none          | -                    | -              | -                    | no    | no: nothing protects what
#                 |                      |                |                      |       | predicates look at
#   Lock, RLock   | the caller's         | the caller's   | if it is the         | yes   | yes
#                 |                      |                | caller's             |       |
#   Binary...     | acquired, by anybody | the same       | if the caller entered| yes   | yes, and that is the result
#   thread RLock  | the thread's         | the thread's   | if it is the thread's| no    | yes
#   once-lock     | the thread's, or open| the same       | if it is the thread's| no    | no: it is open as soon as
#                 |                      |                |                      |       | anybody waits
#   thread lock   | acquired, by anybody | the same       | if the caller entered| no    | yes
#
# A block ends without its lock if the lock could not be regained (``KeyboardInterrupt`` while waiting for it; a
# coroutine that was closed). Locks with an owner can tell. For the others we count who has entered, by task: each task
# writes its own count only.

from __future__ import annotations

from ._binary_semaphore import BinarySemaphore, BoundedBinarySemaphore
from ._condition_kind import KindOfNone
from ._condition_kinds_of_ours import (
    KindOfBinary,
    KindOfBinarySubclass,
    KindOfLock,
    KindOfRLock,
)
from ._condition_kinds_of_threads import (
    KindOfOnceLock,
    KindOfThreadLock,
    KindOfThreadRLock,
)
from ._lock import Lock
from ._rlock import RLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NO_LOCK = KindOfNone()
OWNED = KindOfLock()
REENTRANT = KindOfRLock()
#: The same with the default timer: what most conditions have. Hot paths have its steps written out.
PLAIN = KindOfRLock()

_THREAD_RLOCK = KindOfThreadRLock()
_ONCE_LOCK = KindOfOnceLock()

_OF_RLOCKS = ("acquire", "release", "_is_owned", "_release_save", "_acquire_restore")
_OF_LOCKS = ("acquire", "release", "locked")


def kind_of(lock: Any) -> KindOfNone:
    """The kind of a lock.

    Raises:
        TypeError: It is none that a condition can have.
    """
    if lock is None:
        return NO_LOCK
    if isinstance(lock, RLock):
        return REENTRANT
    if isinstance(lock, Lock):
        return OWNED
    if isinstance(lock, BinarySemaphore):
        if type(lock) in (BinarySemaphore, BoundedBinarySemaphore):
            return KindOfBinary()
        return KindOfBinarySubclass()
    # Locks of async libraries have the same names, and what they return would never be awaited.
    made_of: Any = lock.__class__
    if not isinstance(lock, type) and not hasattr(made_of, "__aenter__"):
        if all(callable(getattr(lock, name, None)) for name in _OF_RLOCKS):
            return _ONCE_LOCK if hasattr(made_of, "_once_entered") else _THREAD_RLOCK
        if all(callable(getattr(lock, name, None)) for name in _OF_LOCKS):
            return KindOfThreadLock()
    raise TypeError(
        "lock must be a Lock, an RLock, a BinarySemaphore, a BoundedBinarySemaphore,"
        f" a lock of threads, or None, got {lock!r}"
    )
