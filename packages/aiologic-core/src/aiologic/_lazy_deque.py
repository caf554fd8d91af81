# SPDX-License-Identifier: ISC
"""A deque that is small until it is first used."""

# Everything except insertions is forwarded to a deque, its own or an empty one, so that results and errors are those of
# deques.

from __future__ import annotations

from collections import deque
from collections.abc import MutableSequence
from reprlib import recursive_repr

from ._lazy_content import LazyContent
from ._subscripted import Subscripted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, ClassVar, SupportsIndex, TypeVar, Union

    from typing_extensions import Self

    T = TypeVar("T")

    Deques = Union["lazydeque[T]", "deque[T]"]

    class _Sequence(MutableSequence[T]):
        __slots__ = ()
else:

    class _Sequence(Subscripted, MutableSequence):
        __slots__ = ()


# The items of those that were never used. No user gets hold of it, so nothing can be put into it.
NOTHING: deque[Any] = deque()


def there(container: LazyContent) -> deque[Any]:
    """The deque of its items, for everything except insertions."""
    content = container._content
    return NOTHING if content is None else content


class lazydeque(LazyContent, _Sequence["T"]):  # noqa: N801  # named like its model
    """A ``collections.deque`` that allocates its memory with the first item.

    It does what a deque does, and is compared, added and copied like one; only its
    name differs.

    Args:
        iterable: The initial items.
        maxlen: How many items it has at most, or ``None``. If it gets more, those
            at the other end are dropped.

    Threads:
        As with a deque, each single operation may be done by anybody, at any time.
    """

    __slots__ = ("__weakref__", "_maxlen")
    __module__ = "aiologic.lowlevel"

    _maxlen: int | None

    def __new__(cls, iterable: Iterable[T] = (), maxlen: int | None = None) -> Self:
        self = super().__new__(cls)
        # A deque checks both arguments: now, rather than when the first item comes.
        content: deque[T] = deque(iterable, maxlen)
        self._content = content or None
        self._maxlen = content.maxlen
        return self

    # For subclasses: their ``__init__`` may call ``super().__init__(items, maxlen)``, as with a deque. ``object``'s
    # refuses arguments.
    def __init__(self, iterable: Iterable[T] = (), maxlen: int | None = None) -> None:
        """Nothing is left to do."""

    @recursive_repr("[...]")
    def __repr__(self) -> str:
        items = list(there(self).copy())
        maxlen = "" if self._maxlen is None else f", maxlen={self._maxlen}"
        return f"{type(self).__qualname__}({items!r}{maxlen})"

    def __reduce__(self) -> tuple[Any, ...]:
        # As with deques: the items are pickled one by one, because it may be one of them itself.
        arguments: tuple[Any, ...] = ()
        if self._maxlen is not None:
            arguments = ((), self._maxlen)
        state = getattr(self, "__dict__", None) or None
        return type(self), arguments, state, iter(there(self).copy())

    def __copy__(self) -> Self:
        return self._like_me(there(self).copy())

    def copy(self) -> Self:
        """Return a new one with the same items and the same limit."""
        return self._like_me(there(self).copy())

    def _like_me(self, items: Iterable[T]) -> Self:
        return type(self)(items, self._maxlen)

    # -- what it has -----------------------------------------------------------------------------------------------

    @property
    def maxlen(self) -> int | None:
        """How many items it has at most, or ``None``."""
        return self._maxlen

    def __len__(self) -> int:
        return len(there(self))

    def __bool__(self) -> bool:
        return bool(self._content)

    def __iter__(self) -> Iterator[T]:
        return iter(there(self))

    def __reversed__(self) -> Iterator[T]:
        backwards: Iterator[T] = reversed(there(self))
        return backwards

    def __contains__(self, item: object) -> bool:
        return item in there(self)

    def count(self, item: T, /) -> int:
        """Return how many items are equal to the given one."""
        return there(self).count(item)

    def index(self, item: T, /, *bounds: int) -> int:
        """Return the index of the first item equal to the given one, from ``start`` on, before ``stop``."""
        return there(self).index(item, *bounds)

    def __getitem__(self, index: SupportsIndex, /) -> T:  # type: ignore[override]  # slices are not supported
        item: T = there(self)[index]
        return item

    def __setitem__(self, index: SupportsIndex, item: T, /) -> None:  # type: ignore[override]
        there(self)[index] = item

    def __delitem__(self, index: SupportsIndex, /) -> None:  # type: ignore[override]
        del there(self)[index]

    # -- what comes ------------------------------------------------------------------------------------------------

    def append(self, item: T, /) -> None:
        """Add an item on the right."""
        self._content_now(self._maxlen).append(item)

    def appendleft(self, item: T, /) -> None:
        """Add an item on the left."""
        self._content_now(self._maxlen).appendleft(item)

    def insert(self, index: int, item: T, /) -> None:
        """Add an item before the one with that index; refused if it is full."""
        self._content_now(self._maxlen).insert(index, item)

    def extend(self, items: Iterable[T], /) -> None:
        """Add items on the right, one by one."""
        ready = self._ready(items, self.append)
        if ready is not None:
            self._content_now(self._maxlen).extend(ready)

    def extendleft(self, items: Iterable[T], /) -> None:
        """Add items on the left, one by one, so that the last of them comes first."""
        ready = self._ready(items, self.appendleft)
        if ready is not None:
            self._content_now(self._maxlen).extendleft(ready)

    def _ready(
        self, items: Iterable[T], add: Callable[[T], None]
    ) -> Iterable[T] | None:
        if items is self:
            return there(self).copy()
        if self._content is None:
            # Without items, no deque is to be created, so look for the first one. Each of the others is added before
            # the next is read: if the iterable raises, or looks into the deque, those that came before are there.
            rest = iter(items)
            for first in rest:
                add(first)
                return rest
            return None
        return items

    # -- what goes -------------------------------------------------------------------------------------------------

    def pop(self) -> T:  # type: ignore[override]  # a deque's takes no index
        """Take out the rightmost item."""
        item: T = there(self).pop()
        return item

    def popleft(self) -> T:
        """Take out the leftmost item."""
        item: T = there(self).popleft()
        return item

    def remove(self, item: T, /) -> None:
        """Remove the first item that is equal to the given one."""
        there(self).remove(item)

    def clear(self) -> None:
        """Remove all items."""
        there(self).clear()

    def reverse(self) -> None:
        """Reverse the order of the items."""
        there(self).reverse()

    def rotate(self, steps: int = 1, /) -> None:
        """Move the rightmost item to the left end, that many times."""
        there(self).rotate(steps)

    # -- as a value ------------------------------------------------------------------------------------------------

    def __add__(self, other: Deques[T], /) -> Self:
        items = items_of(other)
        if items is None:
            return NotImplemented
        return self._like_me(there(self) + items)

    def __radd__(self, other: Deques[T], /) -> Self:
        items = items_of(other)
        if items is None:
            return NotImplemented
        return type(self)(items + there(self), items.maxlen)

    def __iadd__(self, items: Iterable[T], /) -> Self:
        self.extend(items)
        return self

    def __mul__(self, times: int, /) -> Self:
        return self._like_me(there(self) * times)

    __rmul__ = __mul__

    def __imul__(self, times: int, /) -> Self:
        content = there(self)
        content *= times
        return self

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __eq__(self, other: object, /) -> bool:
        items = items_of(other)
        return NotImplemented if items is None else there(self) == items

    def __ne__(self, other: object, /) -> bool:
        items = items_of(other)
        return NotImplemented if items is None else there(self) != items

    def __lt__(self, other: Deques[T], /) -> bool:
        items = items_of(other)
        return NotImplemented if items is None else there(self) < items

    def __le__(self, other: Deques[T], /) -> bool:
        items = items_of(other)
        return NotImplemented if items is None else there(self) <= items

    def __gt__(self, other: Deques[T], /) -> bool:
        items = items_of(other)
        return NotImplemented if items is None else there(self) > items

    def __ge__(self, other: Deques[T], /) -> bool:
        items = items_of(other)
        return NotImplemented if items is None else there(self) >= items


def items_of(other: Any) -> deque[Any] | None:
    """The items of a deque, lazy or not; ``None`` if it is neither."""
    if isinstance(other, lazydeque):
        return there(other)  # pyright: ignore[reportUnknownArgumentType]
    return other if isinstance(other, deque) else None  # pyright: ignore[reportUnknownVariableType]
