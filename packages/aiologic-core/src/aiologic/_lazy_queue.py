# SPDX-License-Identifier: ISC
"""A queue of items that is small until it is first used."""

from __future__ import annotations

from ._lazy_content import LazyContent
from ._subscripted import Subscripted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, NoReturn, TypeVar

    T = TypeVar("T")

    class _Subscripted(Generic[T]):
        __slots__ = ()
else:
    _Subscripted = Subscripted


class lazyqueue(LazyContent, _Subscripted["T"]):  # noqa: N801  # named like containers
    """Items, first in, first out; nobody waits for them.

    Threads:
        Callable by anybody: from any thread, signal handler and finalizer.
    """

    __slots__ = ("__weakref__",)
    __module__ = "aiologic.lowlevel"

    def __init__(self) -> None:
        self._content = None

    def __repr__(self) -> str:
        return (
            f"<{type(self).__qualname__} object at {id(self):#x}: length={len(self)}>"
        )

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"cannot reduce {self!r}")

    def __len__(self) -> int:
        content = self._content
        return 0 if content is None else len(content)

    def __bool__(self) -> bool:
        return bool(self._content)

    def put(self, item: T, /) -> None:
        """Add an item."""
        self._content_now().append(item)

    def get(self) -> T:
        """Take the oldest item.

        Raises:
            IndexError: There is none.
        """
        content = self._content
        try:
            if content is not None:
                item: T = content.popleft()
                return item
        except IndexError:
            pass
        raise IndexError("get from an empty queue")
