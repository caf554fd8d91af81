# SPDX-License-Identifier: ISC
"""Locks, events, queues and the like, shared by threads, tasks of any event loop, and greenlets.

One object serves all of them. Whatever may wait exists twice: ``with lock``,
``lock.green_acquire()`` and ``event.wait()`` are for threads and greenlets;
``async with lock``, ``await lock.async_acquire()`` and ``await event`` for coroutines.

This package alone serves threads. For the tasks of asyncio, trio, gevent and others,
install ``aiologic-asyncio``, ``aiologic-trio``, ``aiologic-gevent`` and so on beside
it; you need not import them. ``python -m aiologic`` shows what is installed.

:mod:`aiologic.lowlevel` has shields, checkpoints, clocks, and building blocks for
primitives; :mod:`aiologic.backends` is for authors of backends.
"""

from __future__ import annotations

from ._binary_semaphore import (
    BinarySemaphore as BinarySemaphore,
    BoundedBinarySemaphore as BoundedBinarySemaphore,
)
from ._bounded_semaphore import BoundedSemaphore as BoundedSemaphore
from ._condition import Condition as Condition
from ._countdown import CountdownEvent as CountdownEvent
from ._event import Event as Event
from ._flag import Flag as Flag
from ._guard import ResourceGuard as ResourceGuard
from ._limiter import CapacityLimiter as CapacityLimiter
from ._lock import Lock as Lock
from ._revent import REvent as REvent
from ._rlimiter import RCapacityLimiter as RCapacityLimiter
from ._rlock import RLock as RLock
from ._semaphore import Semaphore as Semaphore
from ._statistics import Statistics as Statistics
from ._synchronized import synchronized as synchronized
from .exceptions import (
    BackendError as BackendError,
    BlockingError as BlockingError,
    BlockingWarning as BlockingWarning,
    BrokenBarrierError as BrokenBarrierError,
    BusyResourceError as BusyResourceError,
    GreenLibraryNotFoundError as GreenLibraryNotFoundError,
    QueueEmpty as QueueEmpty,
    QueueFull as QueueFull,
    QueueShutDown as QueueShutDown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import lowlevel as lowlevel, meta as meta
    from ._barrier import Barrier as Barrier
    from ._latch import Latch as Latch
    from ._once import once as once
    from ._queue import Queue as Queue
    from ._queue_kinds import LifoQueue as LifoQueue, PriorityQueue as PriorityQueue
    from ._queue_views import AsyncView as AsyncView, SyncView as SyncView
    from ._rbarrier import RBarrier as RBarrier
    from ._rwlock import RWLock as RWLock
    from ._simple_queue import (
        SimpleLifoQueue as SimpleLifoQueue,
        SimpleQueue as SimpleQueue,
    )
    from ._version import (
        __version__ as __version__,
        __version_tuple__ as __version_tuple__,
    )
    from .exceptions import AsyncLibraryNotFoundError as AsyncLibraryNotFoundError

__all__ = (
    "AsyncLibraryNotFoundError",
    "AsyncView",
    "BackendError",
    "Barrier",
    "BinarySemaphore",
    "BlockingError",
    "BlockingWarning",
    "BoundedBinarySemaphore",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "BusyResourceError",
    "CapacityLimiter",
    "Condition",
    "CountdownEvent",
    "Event",
    "Flag",
    "GreenLibraryNotFoundError",
    "Latch",
    "LifoQueue",
    "Lock",
    "PriorityQueue",
    "Queue",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
    "RBarrier",
    "RCapacityLimiter",
    "REvent",
    "RLock",
    "RWLock",
    "ResourceGuard",
    "Semaphore",
    "SimpleLifoQueue",
    "SimpleQueue",
    "Statistics",
    "SyncView",
    "once",
    "synchronized",
)


# What most programs don't use, or what needs ``inspect``, is imported when first asked for. Queues are a fifth of the
# package.
_IN = {
    "AsyncView": "_queue_views",
    "Barrier": "_barrier",
    "Latch": "_latch",
    "LifoQueue": "_queue_kinds",
    "PriorityQueue": "_queue_kinds",
    "Queue": "_queue",
    "RBarrier": "_rbarrier",
    "RWLock": "_rwlock",
    "SimpleLifoQueue": "_simple_queue",
    "SimpleQueue": "_simple_queue",
    "SyncView": "_queue_views",
    "once": "_once",
}


if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> object:
        # What is imported, or read from the installed distribution, when first asked for.
        if name in _IN:
            from importlib import import_module

            found: object = getattr(import_module(f"{__name__}.{_IN[name]}"), name)
            globals()[name] = found
            return found
        if name == "AsyncLibraryNotFoundError":
            from . import exceptions

            return exceptions.AsyncLibraryNotFoundError
        if name in {"__version__", "__version_tuple__"}:
            from . import _version

            return getattr(_version, name)
        if name in {"lowlevel", "meta"}:
            from importlib import import_module

            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # Includes what nobody has asked for yet, because interactive prompts complete names from this.
    late = {"__version__", "__version_tuple__", "lowlevel", "meta"}
    return sorted({*globals(), *__all__, *late})
