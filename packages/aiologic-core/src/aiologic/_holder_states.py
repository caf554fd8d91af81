# SPDX-License-Identifier: ISC
"""How many hold a lock that many can share or one can have alone."""

# The number of holders must not change between "nobody writes" and "one reader more". For a lock of one permit, popping
# from a list decides; but no container of the interpreter compares a number and sets it. So each state is an object of
# its own, a dict that is empty as long as it is the latest state. To change the state is to put a successor into that
# dict with setdefault(), which is a compare-and-set: of several tasks that try, one finds its own successor there, and
# the others know that they must look again.
#
# ``_state`` says where to begin to look: the newest state, or an older one if a task was interrupted before it recorded
# the newest. (States that are older than that are garbage at once.)
#
# A signal handler that raises (see docs/decisions/0021) can interrupt this, because there is no compare-and-set that is
# not a call. So a task that was interrupted as setdefault() returned looks whether the successor is its own. A task
# that has to free something passes a receipt, which is filled when that is done; if it is still empty after an
# exception, the task frees it once more.

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
        """Compare-and-set: make ``successor`` the newest state if ``state`` still was; whether that succeeded."""
        if state.setdefault(None, successor) is not successor:
            return False
        self._state = successor
        return True

    def _reserve(self, exclusive: bool) -> bool:
        """Change the state for one more holder, if the present holders allow it."""
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
            except BaseException:  # a signal handler's, maybe after the change
                if state and state[None] is successor:
                    self._free(exclusive)
                raise

    def _free(self, exclusive: bool, receipt: list[None] | None = None) -> None:
        """Change the state for one holder less; the receipt is filled if that was done, even if this raises."""
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
            except BaseException:  # a signal handler's, maybe after the change
                if state and state[None] is successor:
                    receipt[:] = PERMIT
                raise
