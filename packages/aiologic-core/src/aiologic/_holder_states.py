# SPDX-License-Identifier: ISC
"""How many hold a lock that many can share or one can have alone."""

# How many hold the lock is a number, and it must not change between "nobody writes" and "one reader more": a lock of
# one permit can be popped from a list, but no container of the interpreter compares a number and sets it. So each state
# is an object of its own, a dict that is empty as long as it is the last one. To change the state is to put a successor
# into it with setdefault(): of several that try, one finds its own there, and the others know that they must look again.
#
# ``_state`` says where to begin to look: the newest state, or an older one if somebody was interrupted before he had
# written the newest down. (What is older than that is garbage at once.)
#
# A handler that raises (see docs/decisions/0021) finds no compare-and-set that is no call. So whoever was interrupted as
# setdefault() returned looks whose the successor is. Who has to free something says so by a receipt, which is filled when
# it is done, and frees it himself if it is not.

from __future__ import annotations

from ._fresh import Fresh
from ._permits import PERMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from typing_extensions import Self

    _Successor = Dict[None, Any]  # a State
else:
    _Successor = dict

EXCLUSIVE = -1


class State(_Successor):
    """How many hold the lock; with a successor inside, how many did."""

    __slots__ = ("holders",)  # set before it is published, and never again

    holders: int


class States(Fresh):
    """A chain of states, of which the last is what is now."""

    __slots__ = ("_state",)  # where to look for the newest state

    _state: State

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self._state = state = State()
        state.holders = 0
        return self

    def _newest(self) -> State:
        state = self._state
        while state:
            successor: State = state[None]
            state = successor
        return state

    def _change(self, state: State, successor: State) -> bool:
        """Compare and set: whether ``state`` was the newest, and ``successor`` is it now."""
        if state.setdefault(None, successor) is not successor:
            return False
        self._state = successor
        return True

    def _reserve(self, exclusive: bool) -> bool:
        """Change the state for one more holder, if those who are inside let him in."""
        while True:
            state = self._newest()
            holders = state.holders
            if holders and (exclusive or holders == EXCLUSIVE):
                return False
            successor = State()
            successor.holders = EXCLUSIVE if exclusive else holders + 1
            try:
                if self._change(state, successor):
                    return True
            except BaseException:  # a handler's, maybe after the change
                if state and state[None] is successor:
                    self._free(exclusive)
                raise

    def _free(self, exclusive: bool, receipt: list[None] | None = None) -> None:
        """Change the state for one holder less; then the receipt is filled, whatever is raised."""
        if receipt is None:
            receipt = []
        while True:
            state = self._newest()
            successor = State()
            successor.holders = 0 if exclusive else state.holders - 1
            try:
                if self._change(state, successor):
                    receipt[:] = PERMIT
                    return
            except BaseException:  # a handler's, maybe after the change
                if state and state[None] is successor:
                    receipt[:] = PERMIT
                raise
