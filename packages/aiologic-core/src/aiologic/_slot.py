# SPDX-License-Identifier: ISC
"""Room for one thing, which whoever comes first puts there: what flags and guards are made of."""

# dict.setdefault() is the one step that decides who was first, and says to everybody else who it was. A list can't do
# that: between "it is empty" and "append" another may have come, and an item too many can't be taken out in one step.
#
#   state | _place          | left by
#   ------+-----------------+------------------------------------------
#   empty | None, or {}     | the one whose setdefault() comes first
#   taken | {None: a thing} | a pop()
#
# An idle one has no dict, which would be more than half of its size. It is made for the first who puts something there,
# and stays; of two that are made at once, the one that counts is found as for queues (``queue_for``).

from __future__ import annotations

from ._fresh import Fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    Place = Dict[None, Any]

# Places that two tasks may be about to make for the same slot.
_newborn: dict[int, Place] = {}


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
        """Put it there, if nothing is; what is there now."""
        place = self._place
        if place is None:
            place = self._make_place()
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

    def _make_place(self) -> Place:
        # A and B both find none: setdefault() gives both the same. Or A has stored its own and cleared the dict before B
        # calls setdefault(): then B sees A's on its second look, for A stored it before clearing.
        key = id(self)
        try:
            place = _newborn.setdefault(key, {})
            settled = self._place
            if settled is None:
                self._place = settled = place
        finally:  # also if a handler raises: another object will have this number
            _newborn.pop(key, None)
        return settled
