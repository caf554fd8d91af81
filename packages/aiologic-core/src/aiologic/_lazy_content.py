# SPDX-License-Identifier: ISC
"""What lazy containers have inside: a deque, created with the first item."""

from __future__ import annotations

from collections import deque

from ._engine.newborn import born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LazyContent:
    """Has a deque, created with the first item."""

    __slots__ = ("_content",)

    _content: deque[Any] | None

    def _content_now(self, maxlen: int | None = None) -> deque[Any]:
        content: deque[Any] | None = self._content
        if content is None:
            content = born(self, "_content", lambda: deque(maxlen=maxlen))
        return content
