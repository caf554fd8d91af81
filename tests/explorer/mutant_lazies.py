# SPDX-License-Identifier: ISC
"""Containers that are made on first use, with one bug each, which the docstring describes."""

from __future__ import annotations

from collections import deque
from typing import Any

from aiologic._engine.newborn import born
from aiologic.lowlevel import lazydeque, lazyqueue


class DequeOfItsOwn(lazydeque[Any]):
    """If two tasks make the deque at once, the second replaces that of the first."""

    __slots__ = ()

    def _content_now(self, maxlen: int | None = None) -> deque[Any]:
        if self._content is None:
            self._content = deque(maxlen=maxlen)
        return self._content


class QueueOfItsOwn(lazyqueue[Any]):
    """The same in a queue."""

    __slots__ = ()

    def _content_now(self, maxlen: int | None = None) -> deque[Any]:
        if self._content is None:
            self._content = deque(maxlen=maxlen)
        return self._content


class FillsItAtOnce(lazydeque[Any]):
    """If it has no deque yet, one is made of the items that are to be added."""

    __slots__ = ()

    def extend(self, items: Any) -> None:
        if self._content is None:
            self._content = deque(items)
        else:
            self._content.extend(items)

    def extendleft(self, items: Any) -> None:
        if self._content is None:
            self._content = deque(reversed(items))
        else:
            self._content.extendleft(items)


class ForgetsTheLimit(lazydeque[Any]):
    """The deque is made without its limit."""

    __slots__ = ()

    def _content_now(self, maxlen: int | None = None) -> deque[Any]:
        return born(self, "_content", deque)


class ReadsAndThenRemoves(lazyqueue[Any]):
    """An item is read, and then removed: two steps."""

    __slots__ = ()

    def get(self) -> Any:
        if not self._content:
            raise IndexError("get from an empty queue")
        item = self._content[0]
        del self._content[0]
        return item


class GivesItsDequeUp(lazydeque[Any]):
    """Whoever takes out the last item throws the empty deque away, though another may have found it before."""

    __slots__ = ()

    def popleft(self) -> Any:
        item = super().popleft()
        if not self:
            self._content = None
        return item


class GivesItsQueueUp(lazyqueue[Any]):
    """The same in a queue."""

    __slots__ = ()

    def get(self) -> Any:
        item = super().get()
        if not self:
            self._content = None
        return item


_newborn: dict[int, Any] = {}


def once_looked_born(owner: Any, attribute: str, make: Any) -> Any:
    """A dict decides which deque is the first, but without a second check for one that is already stored."""
    found = _newborn.setdefault(id(owner), make())
    setattr(owner, attribute, found)
    _newborn.pop(id(owner), None)
    return found
