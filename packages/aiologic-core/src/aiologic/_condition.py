# SPDX-License-Identifier: ISC
"""A condition: wait, without the lock, until somebody says that something has changed."""

# The pieces, from the queue on: places in it, with the two decisions that each wait takes, in _tickets.py; who is
# notified, in _notifying.py; what to do with each kind of lock, in _condition_kinds.py. Then the layers of the class:
# what those that leave do for others, in _condition_leaving.py; how they get the lock again, in
# _condition_regaining.py; how a wait ends, and how it begins, in _condition_ends.py and _condition_waits.py;
# predicates, in _condition_predicates.py; notify(), in _condition_notifies.py; ``with``, in _condition_blocks.py. The
# whole of it:
#
#   step                        | by whom
#   ----------------------------+------------------------------------------------------------------------------
#   queue up, release the lock  | the task, in this order: whoever gets the lock after it finds its ticket
#   take the ticket, move the   | a notifier; the waiter is still pending, and its time goes on
#   waiter to the lock's queue  |
#   hand the lock over          | whoever releases it, as to any other waiter; the task runs once, and has it
#
# When a wait ends early (time runs out, the task is cancelled), the lock is regained all the same before the call ends:
# shielded, so that no second cancellation makes the call end without it (D2 in docs/explanation/defects.md), and
# without a checkpoint, which might raise with the lock given back (D1 there). Only then is a notification passed on
# that had already come:
#
#     B notifies A, which moves.   A is cancelled before it has the lock.   A queues for the lock once more, as any
#     newcomer, gets it, and passes the notification on to C. C could not have run before, because it needs the lock as
#     well.
#
# The lock may have been handed over at the moment of the cancellation. Then it is A's, and A keeps it.

from __future__ import annotations

from ._condition_blocks import ConditionBlocks
from ._condition_kinds import PLAIN, REENTRANT, kind_of
from ._condition_leaving import ConditionLeaving
from ._layers import as_one
from ._not_given import NotGiven
from ._overridden_blocks import has_own_blocks
from ._rlock import RLock
from ._statistics import Statistics
from ._subscripted import Subscripted
from ._tickets import arrivals, waiters_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar, overload

    from typing_extensions import Self, TypeVar as TypeVarWithDefault

    Timer = Callable[[], Any]
    # With defaults, so that a bare ``Condition`` and one with its lock alone are whole types, as in aiologic 0.17.1.
    L_co = TypeVarWithDefault("L_co", default=Any, covariant=True)
    T_co = TypeVarWithDefault("T_co", bound=Timer, default=Timer, covariant=True)
    OfLock = TypeVar("OfLock")
    OfTimer = TypeVar("OfTimer", bound=Timer)

    class _OfLockAndTimer(ConditionBlocks, Generic[L_co, T_co]):
        pass

else:

    class _OfLockAndTimer(Subscripted, ConditionBlocks):
        __slots__ = ()


_DEFAULT: Any = NotGiven("DEFAULT")


@as_one(ConditionLeaving)
class Condition(_OfLockAndTimer["L_co", "T_co"]):
    """Lets tasks that hold a lock wait until another notifies them of a change.

    Tasks of any kind may wait and notify. The lock is released during a wait,
    and held again when the wait is over::

        changed = aiologic.Condition()


        def produce(item):  # in threads
            with changed:
                items.append(item)
                changed.notify()


        async def consume():  # in tasks
            async with changed:
                await changed.for_(lambda: items)
                return items.pop()

    Args:
        lock: What protects the state: a :class:`Lock`, :class:`RLock`,
            :class:`BinarySemaphore` or :class:`BoundedBinarySemaphore`; a lock
            of :mod:`threading` (with which async tasks block their loop); or
            ``None``, to notify and wait without a lock. By default a new RLock.
        timer: Called without arguments; returns numbers that never decrease,
            which distinguish those who wait from those who came later. By
            default, a counter.

    Fair: the longest-waiting task is notified first. With a lock of aiologic, it
    is then moved to that lock's own queue, so that it is woken only once, when it
    has the lock. True in a boolean context while the lock is in use.

    Copies share the lock; deep copies and pickles have one of their own.
    """

    __slots__ = ("__weakref__",)

    __module__ = "aiologic"

    if TYPE_CHECKING:

        @overload
        def __init__(self: Condition[RLock, Callable[[], int]], /) -> None: ...
        @overload
        def __init__(
            self: Condition[OfLock, Callable[[], int]], /, lock: OfLock
        ) -> None: ...
        @overload
        def __init__(self: Condition[RLock, OfTimer], /, *, timer: OfTimer) -> None: ...
        @overload
        def __init__(
            self: Condition[OfLock, OfTimer], /, lock: OfLock, timer: OfTimer
        ) -> None: ...
        def __init__(self, /, lock: Any = ..., timer: Any = ...) -> None: ...

    # Annotated with the types of the class: pyright asks __new__() before __init__(), and would take Any for whatever
    # is not said here.
    def __new__(cls, /, lock: L_co = _DEFAULT, timer: T_co = _DEFAULT) -> Self:
        self = super().__new__(cls)
        if timer is not _DEFAULT and not callable(timer):
            raise TypeError(f"timer must be callable, got {timer!r}")
        self._lock = RLock() if lock is _DEFAULT else lock
        self._timer = arrivals if timer is _DEFAULT else timer
        kind: Any = kind_of(self._lock)
        made_of: Any = type(self._lock)  # pyright: ignore[reportUnknownVariableType]
        is_plain = (
            kind is REENTRANT
            and self._timer is arrivals
            # What the blocks of a user's subclass call is not written out in ours.
            and (made_of is RLock or has_own_blocks(made_of))
        )
        self._kind = PLAIN if is_plain else kind
        self._queue = None
        self._is_evaluating = False
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        lock = self._lock
        return (lock,) if self._timer is arrivals else (lock, self._timer)

    def __repr__(self) -> str:
        cls = type(self)
        lock = "None"
        if self._lock is not None:
            made_of: Any = self._lock.__class__
            lock = f"<{made_of.__module__}.{made_of.__qualname__}>"
        timer = "" if self._timer is arrivals else f", timer={self._timer!r}"
        return (
            f"<{cls.__module__}.{cls.__qualname__}({lock}{timer})"
            f" at {id(self):#x} [waiting={self.waiting}]>"
        )

    def __bool__(self) -> bool:
        used: bool = self._kind.is_used(self._lock)
        return used

    @property
    def lock(self) -> L_co:
        """The lock that it was created with."""
        lock: L_co = self._lock
        return lock

    @property
    def timer(self) -> T_co:
        """The timer, which tells the time of a notification."""
        timer: T_co = self._timer
        return timer

    @property
    def waiting(self) -> int:
        """Number of tasks that wait to be notified; for display and tests, as it may already be outdated."""
        queue = self._queue
        return queue.waiting() if queue else 0

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` and ``holders`` are those of the lock; 1 and empty without one."""
        queue = self._queue
        waiters = [] if queue is None else waiters_in(queue)
        if self._kind.hands_over:
            holders = self._lock.statistics().holders
            return Statistics(waiters, value=int(not self), holders=holders)
        return Statistics(waiters, value=int(not self))
