# SPDX-License-Identifier: ISC
"""Room for one thing, filled by the first task that comes: what flags and guards are made of."""

# dict.setdefault() is the one step that decides who was first, and shows everybody else who it was. A list can't do
# that: between "it is empty" and "append" another task may come, and a surplus item can't be taken out in one step.
#
#   state | _place          | left by
#   ------+-----------------+------------------------------------------
#   empty | None, or {}     | the one whose setdefault() comes first
#   taken | {None: a thing} | a pop()
#
# An idle slot has no dict, which would be more than half of its size. The dict is made for the first task that puts
# something there, and stays; of two that are made at once, one counts (_engine/newborn.py).

from __future__ import annotations

from ._engine.newborn import born
from ._fresh import Fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    Place = Dict[None, Any]


class Slot(Fresh):
    """Holds one thing at most."""

    __slots__ = (
        "__weakref__",
        "_place",  # see the table; goes from None to a dict once
    )

    _place: Place | None

    def __bool__(self) -> bool:
        return bool(self._place)

    def _put(self, thing: Any) -> Any:
        """Put it there if nothing is; return what is there now."""
        place = self._place
        if place is None:
            place = born(self, "_place", _empty)
        return place.setdefault(None, thing)

    def _look(self, nothing: Any) -> Any:
        """What is there, or ``nothing``."""
        place = self._place
        return nothing if place is None else place.get(None, nothing)

    def _take_out(self) -> None:
        """Leave it empty, whatever was there."""
        place = self._place
        if place is not None:
            place.pop(None, None)


def _empty() -> Place:
    return {}
