# SPDX-License-Identifier: ISC
"""A queue whose store may be used by one at a time."""

from __future__ import annotations

from typing import Any

import aiologic
from aiologic.testing import switch


class CarefulQueue(aiologic.Queue[Any]):
    """A store that notices if two tasks use it at once."""

    __slots__ = ("inside",)

    def _init(self, items: Any, maxsize: int) -> None:
        self.inside = 0
        super()._init(items, maxsize)

    def _put(self, item: Any) -> None:
        self.inside += 1
        assert self.inside == 1, "two are in the store at once"
        switch()
        super()._put(item)
        self.inside -= 1

    def _get(self) -> Any:
        self.inside += 1
        assert self.inside == 1, "two are in the store at once"
        switch()
        item = super()._get()
        self.inside -= 1
        return item
