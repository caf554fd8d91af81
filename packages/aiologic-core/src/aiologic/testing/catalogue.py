# SPDX-License-Identifier: ISC
"""A list of all primitives, and what the generic tests, which run for each of them, need to know about it."""

# For a new primitive, add a line to ALL. Depending on its kind, it then takes part in
#
#   any        object model: copies, pickles, weak references, subclasses, repr, size (tests/core/test_object_model.py);
#              statistics; a place in the table of the contract (tests/contract.py)
#   PERMIT     the behaviour suite's tests of ``exclusive`` and ``permits``, in each world and on each backend; the
#              tests of ``lock`` in tests/core; scenarios for the explorer; the stress test
#   EVENT      the same for ``event``
#   BARRIER    the same for ``barrier``
#   QUEUE      the same for ``queues``
#
# A lock that differs for readers and writers is listed there for its object model, and again in ADAPTED, as a permit:
# by an adapter that has the method names of a lock, and adds nothing.
#
# If a primitive has several permits, other tasks hold all but one. So what is tested for one permit is also tested for
# the last of many, and only counting them needs tests of its own.

from __future__ import annotations

import threading
from typing import NamedTuple

import aiologic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

#: ``green_acquire``, ``async_acquire``, their releases, and blocks.
PERMIT = "permit"
#: ``wait``, ``with_`` and ``await`` return True once it has happened.
EVENT = "event"
#: The same calls return once all parties have come, or raise when it is broken.
BARRIER = "barrier"
#: ``put`` and ``get``, in both worlds; the sized ones can be shut down.
QUEUE = "queue"
#: Only its object model is tested here; its behaviour is special.
OTHER = "other"


def _set(event: Any) -> None:
    event.set()


class Kind(NamedTuple):
    """A primitive, and one way to create it."""

    cls: Any
    #: The arguments it is created with, and so are copies of it.
    arguments: tuple[Any, ...]
    kind: str
    #: How many tasks can have it at once when it is new; for barriers, the number of
    #: parties.
    permits: int = 1
    #: Whether only the task that has it may release it, and can't get it twice.
    has_owner: bool = False
    #: Whether the owner can get it again after all.
    is_reentrant: bool = False
    #: Makes an event happen.
    happen: Callable[[Any], object] = _set
    #: Undoes that; ``None`` if it can't be undone.
    undo: Callable[[Any], object] | None = None
    #: Brings it out of its initial state, if the usual way of its kind does not.
    use: Callable[[Any], object] | None = None
    #: Whether its statistics then differ.
    has_states: bool = True
    #: Its arguments as ``repr`` shows them, if it omits some, or shows their names.
    shown: str | None = None

    def __str__(self) -> str:
        return f"{self.name}{self.arguments or ''}".replace(",)", ")")

    @property
    def name(self) -> str:
        """The public name of its class."""
        name: str = self.cls.__name__
        return name

    def make(self) -> Any:
        """A new one."""
        return self.cls(*self.arguments)

    def __call__(self) -> Any:
        """A new one with one free permit; other tasks have the rest, for ever."""
        made = self.make()
        taken_by_others(made, self.permits - 1)
        return made

    def bring_out(self, primitive: Any) -> None:
        """Bring a new one out of its initial state."""
        if self.use is not None:
            self.use(primitive)
        elif self.kind == EVENT:
            self.happen(primitive)
        elif self.kind == BARRIER:
            primitive.abort()
        elif not primitive.green_acquire(blocking=False):
            primitive.green_release()


def _nothing(primitive: Any) -> None:
    """There is no other state."""


def _take(permit: Any) -> None:
    permit.green_acquire()


def _enter(guard: Any) -> None:
    guard.__enter__()


def _read(lock: Any) -> None:
    lock.green_acquire_shared()


def _put_and_get(queue: Any) -> None:
    queue.put_nowait(1)
    queue.get_nowait()


def _queue(cls: Any, *arguments: Any) -> Kind:
    # It is empty again after ``use``, since copies have the same items.
    shown = f"[], maxsize={arguments[0]}" if arguments else "[]"
    return Kind(cls, arguments, QUEUE, use=_put_and_get, has_states=False, shown=shown)


ALL = [
    Kind(aiologic.Lock, (), PERMIT, has_owner=True),
    Kind(aiologic.RLock, (), PERMIT, has_owner=True, is_reentrant=True),
    Kind(aiologic.BinarySemaphore, (1,), PERMIT),
    Kind(aiologic.BinarySemaphore, (0,), PERMIT, permits=0),
    Kind(aiologic.BoundedBinarySemaphore, (1, 1), PERMIT, shown="1"),
    Kind(
        aiologic.BoundedBinarySemaphore,
        (0, 0),
        PERMIT,
        0,
        use=_nothing,
        has_states=False,
        shown="0",
    ),
    Kind(aiologic.BoundedBinarySemaphore, (0, 1), PERMIT, 0, shown="0, max_value=1"),
    Kind(aiologic.Semaphore, (1,), PERMIT),
    Kind(aiologic.Semaphore, (0,), PERMIT, permits=0),
    Kind(aiologic.Semaphore, (3,), PERMIT, permits=3),
    Kind(aiologic.Semaphore, (10**6,), OTHER, use=_take),
    Kind(aiologic.BoundedSemaphore, (1, 2), PERMIT, shown="1, max_value=2"),
    Kind(aiologic.BoundedSemaphore, (3, 3), PERMIT, permits=3, shown="3"),
    Kind(aiologic.BoundedSemaphore, (0, 5), PERMIT, 0, shown="0, max_value=5"),
    Kind(
        aiologic.BoundedSemaphore,
        (9, 10**6),
        OTHER,
        use=_take,
        shown="9, max_value=1000000",
    ),
    Kind(aiologic.CapacityLimiter, (1,), PERMIT, has_owner=True),
    Kind(aiologic.CapacityLimiter, (3,), PERMIT, permits=3, has_owner=True),
    Kind(aiologic.CapacityLimiter, (0,), OTHER, use=_nothing, has_states=False),
    Kind(aiologic.CapacityLimiter, (10**6,), OTHER, use=_take),
    Kind(aiologic.RCapacityLimiter, (1,), PERMIT, has_owner=True, is_reentrant=True),
    Kind(
        aiologic.RCapacityLimiter,
        (2,),
        PERMIT,
        permits=2,
        has_owner=True,
        is_reentrant=True,
    ),
    Kind(aiologic.Event, (), EVENT),
    Kind(aiologic.REvent, (), EVENT, undo=aiologic.REvent.clear),
    Kind(
        aiologic.CountdownEvent,
        (1,),
        EVENT,
        happen=aiologic.CountdownEvent.clear,
        undo=aiologic.CountdownEvent.up,
    ),
    Kind(
        aiologic.CountdownEvent,
        (0,),
        OTHER,
        use=aiologic.CountdownEvent.up,
        shown="",
    ),
    Kind(aiologic.Latch, (2,), BARRIER, 2),
    Kind(aiologic.Barrier, (2,), BARRIER, 2),
    Kind(aiologic.RBarrier, (2,), BARRIER, 2),
    # With a lock, its copies would share that lock: see tests/core/test_condition.py.
    Kind(aiologic.Condition, (None,), OTHER, use=_nothing, has_states=False),
    _queue(aiologic.SimpleQueue),
    _queue(aiologic.SimpleLifoQueue),
    _queue(aiologic.Queue),
    _queue(aiologic.Queue, 1),
    _queue(aiologic.Queue, 7),
    _queue(aiologic.LifoQueue),
    _queue(aiologic.LifoQueue, 1),
    _queue(aiologic.PriorityQueue),
    _queue(aiologic.PriorityQueue, 7),
    Kind(aiologic.RWLock, (), OTHER, use=_read),
    Kind(aiologic.ResourceGuard, (), OTHER, use=_enter, shown="'using'"),
]


class WritersLock(aiologic.RWLock):
    """A readers-writer lock without readers."""

    if TYPE_CHECKING:

        def green_acquire(self, **options: Any) -> bool: ...
        async def async_acquire(self, **options: Any) -> bool: ...
        @property
        def owner(self) -> tuple[str, int] | None: ...
    else:
        green_acquire = aiologic.RWLock.green_acquire_exclusive
        async_acquire = aiologic.RWLock.async_acquire_exclusive
        owner = aiologic.RWLock.writer

    def green_owned(self) -> bool:
        return self.writing.green_owned()

    def async_owned(self) -> bool:
        return self.writing.async_owned()

    def __enter__(self) -> Self:
        self.writing.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.writing.__exit__(exc_type, exc, traceback)

    async def __aenter__(self) -> Self:
        await self.writing.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.writing.__aexit__(exc_type, exc, traceback)


ADAPTED = [Kind(WritersLock, (), PERMIT, has_owner=True)]

#: Those that a task can have when they are new.
PERMITS = [kind for kind in (*ALL, *ADAPTED) if kind.kind == PERMIT and kind.permits]
#: Those that know their owner.
OWNED = [kind for kind in PERMITS if kind.has_owner]
#: Those with more than one permit.
COUNTED = [kind for kind in PERMITS if kind.permits > 1]
EVENTS = [kind for kind in ALL if kind.kind == EVENT]
#: Those of OWNED that are no limiters.
LOCKS = [kind for kind in OWNED if not issubclass(kind.cls, aiologic.CapacityLimiter)]
BARRIERS = [kind for kind in ALL if kind.kind == BARRIER]
QUEUES = [kind for kind in ALL if kind.kind == QUEUE]
#: Those that can have a size limit, and can be shut down.
SIZED_QUEUES = [kind for kind in QUEUES if issubclass(kind.cls, aiologic.Queue)]


def taken_by_others(permit: Any, count: int) -> None:
    """Have ``count`` permits taken by other tasks: by threads, each of which is a different owner, and ends."""
    for _ in range(count):
        thread = threading.Thread(target=permit.green_acquire)
        thread.start()
        thread.join()


def free_permits(permit: Any) -> int:
    """How many permits are free, according to the primitive itself."""
    for name in ("value", "available_tokens"):
        if hasattr(permit, name):
            free: int = getattr(permit, name)
            return free
    return not permit.locked()


def kind_of(primitive: Any) -> Kind:
    """The first entry for its class, or else for a class from which that is derived."""
    classes = type(primitive).__mro__
    return next(kind for cls in classes for kind in (*ALL, *ADAPTED) if kind.cls is cls)


def happen(event: Any) -> None:
    """Make an event happen, by the method that its kind has."""
    kind_of(event).happen(event)
