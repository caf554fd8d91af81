# SPDX-License-Identifier: ISC
"""Queues that can have a limit, and an end."""

# A put has three steps, and a get the same ones the other way round:
#
#   put | 1. take a place, or wait for one   2. bring the item     3. free its permit, which serves the oldest getter
#   get | 1. take a permit, or wait for one  2. take an item out   3. free its place, which serves the oldest putter
#
# The class is built in layers, each a file that knows only those before it; places are in _places.py:
#
#   _items     items, the permits for them, and those who wait
#   _storing   stores of any kind, such as those of subclasses
#   _ending    the end
#   _bringing  items that may come too late
#   _dealing   items that are to be reported as done, and join
#   _handing   threads that get an item into their hands
#   _peeking   a look at the next item
#   _getting   get
#   _putting_now   put, without waiting
#   _putting   put; and threads whose item is brought for them (_carrying.py)
#   _batches   several items at once; iteration
#
# Putters and getters stand in queues of their own, and neither holds up the other. A place that was handed over to a
# putter is taken, even if the item is not there yet; so ``len()`` may be less than the limit while a put that does not
# wait is refused: others came before it. Plain threads that wait without a time-out have all three steps done for them
# (_carrying.py, _handing.py).

from __future__ import annotations

from ._batches import Batches
from ._exclusive import Exclusive
from ._filled import Filled
from ._layers import as_one, with_copies_of
from ._numbers import as_integer
from ._permits import permits
from ._places import Places
from ._statistics import Statistics
from ._storing import Storing
from ._tally import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar, TypeVar, overload

    from typing_extensions import Self

    from ._queue_views import AsyncView, SyncView

    T = TypeVar("T")

NO_LIMIT = 0


@as_one(Storing)
@with_copies_of(Filled)
class Queue(Batches["T"]):
    """A first-in, first-out queue between tasks of any kind, with an optional size limit.

    ::

        queue = aiologic.Queue(100)


        def produce():  # in threads
            for line in file:
                queue.green_put(line)  # waits while there are 100
            queue.shutdown()


        async def consume():  # in tasks, as many as you like
            async for line in queue:
                ...

    Fair: the task that has waited longest for an item gets the next one, and the
    same is true of free places. True in a boolean context while there are items.

    Subclasses may keep their items in another order by overriding ``_init``,
    ``_put`` and ``_get``, which may keep anything with a length in
    ``self._data``. They are called by one thread at a time, and must not wait.
    That length counts: a put that does not increase it takes no place, and
    items that ``_put`` removes, or that ``_get`` removes besides the one that it
    returns, count as done. ``shutdown(immediate=True)`` does not call them.

    Args:
        items: The initial items, even if they are more than ``maxsize``. An
            integer here means ``maxsize``.
        maxsize: How many items can be in it, at least 1; ``None`` for no limit.
    """

    __slots__ = ("_maxsize",)

    __module__ = "aiologic"

    _maxsize: int
    # Whether put and get are a single step of the store each.
    _is_plain: ClassVar[bool] = True

    if TYPE_CHECKING:
        # A separate overload, so that the class can be a factory of queues of any items:
        # ``field(default_factory=Queue)``.
        @overload
        def __new__(cls, /) -> Self: ...
        @overload
        def __new__(
            cls, items: Iterable[T] | int | None = ..., /, maxsize: int | None = ...
        ) -> Self: ...

    def __new__(
        cls, items: Iterable[T] | int | None = None, /, maxsize: int | None = None
    ) -> Self:
        if maxsize is None and (items is None or isinstance(items, int)):
            items, maxsize = None, items
        if maxsize is None:
            maxsize = NO_LIMIT
        else:
            maxsize = as_integer("maxsize", maxsize, "an integer or None")
            if maxsize < 1:
                raise ValueError(f"maxsize must be >= 1 or None, got {maxsize!r}")
        begin: Iterable[T] = () if items is None else cls._check(items)
        self = object.__new__(cls)
        self._queue = None
        self._maxsize = maxsize
        self._is_open = cls._is_plain
        self._is_shut = self._is_discarding = False
        if cls._is_plain:
            self._claims = {}  # elsewhere, nothing stands behind the end
            self._exclusive = None
            self._fill(begin)
        else:
            self._exclusive = Exclusive()
            self._init(begin, maxsize)
            self._free = permits(len(self._data))
        count = len(self._free)
        self._row = self._data if cls._is_plain else None
        self._tally = tally = Tally(count)
        self._announce = tally.put
        self._places = Places(maxsize, count) if maxsize else None
        return self

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        before = cls.__mro__[: cls.__mro__.index(Queue)]
        overridden = {name for parent in before for name in vars(parent)}
        cls._is_plain = overridden.isdisjoint({"_init", "_put", "_get"})
        cls._can_peek = _place_of("_peek", cls) <= _place_of("_get", cls)

    def __getnewargs__(self) -> tuple[Any, ...]:
        items = self._inside()
        if not self._maxsize:
            return (items,) if items else ()
        return (items, self._maxsize) if items else (self._maxsize,)

    def __repr__(self) -> str:
        cls = type(self)
        items = self._inside()
        limit = f", maxsize={self._maxsize}" if self._maxsize else ""
        state = [f"length={len(items)}"]
        if not items:
            state.append(f"getting={self.getting}")
        if self._maxsize and len(items) >= self._maxsize:
            state.append(f"putting={self.putting}")
        if self._is_shut:
            state.append("shut down")
        return (
            f"<{cls.__module__}.{cls.__qualname__}({items!r}{limit})"
            f" at {id(self):#x} [{', '.join(state)}]>"
        )

    @property
    def maxsize(self) -> int:
        """How many items can be in it; 0 if there is no limit."""
        return self._maxsize

    @property
    def putting(self) -> int:
        """Number of tasks that wait for a place now; for display and tests, as it may already be outdated."""
        return len(self._places.putters()) if self._places is not None else 0

    @property
    def waiting(self) -> int:
        """Number of tasks that wait for an item or a place now."""
        return self.getting + self.putting

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is how many items are available."""
        places = self._places
        putters = None if places is None else places.putters()
        value = min(len(self._free), len(self))
        return Statistics(self._queue, putters, value=value)

    @property
    def sync_q(self) -> SyncView[T]:
        """The same queue, with the methods of :class:`queue.Queue`."""
        from ._queue_views import SyncView

        return SyncView(self)

    @property
    def async_q(self) -> AsyncView[T]:
        """The same queue, with the methods of :class:`asyncio.Queue`."""
        from ._queue_views import AsyncView

        return AsyncView(self)

    def _init(self, items: Iterable[T], maxsize: int) -> None:
        """Make ``_data``; for subclasses to override."""
        self._data = self._store(items)


def _place_of(name: str, cls: type) -> int:
    """How far up from a class the name is defined."""
    parents = enumerate(cls.__mro__)
    return next(place for place, parent in parents if name in vars(parent))
