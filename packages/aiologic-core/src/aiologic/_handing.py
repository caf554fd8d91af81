# SPDX-License-Identifier: ISC
"""Threads that wait for an item, and get it into their hands."""

# The other half of _carrying.py. A thread that waits for an item is given a permit, and takes the item when it runs; until
# then the item has its place. So a producer at a small queue stops, and another thread has to run, before the next item
# can be put. Nobody cancels a thread: the item can be put into its hands at once, and the place is free.
#
#   B has put an item   | A sleeps, with empty hands
#   --------------------+-------------------------------------------------------------------
#   decides A's wait    |
#   takes the token     | interrupted (Ctrl-C) before: A takes the token, and passes on its permit
#   fills A's hands     |
#   frees the place     |
#   looks whether A has | interrupted after: A says so, and looks into its hands. Who finds the item there first, A or B,
#   gone; wakes A       | gives it back: to the head of the queue, for it is older than all that is there
#
# What is given back may have no place any more. Then one is owed: a wait in the line of putters, by which nobody puts.
# Until its turn comes, the queue has an item more than it has places.
#
# Without the GIL, an item is nowhere for a moment: out of the row, and not in A's hands yet. That does no harm, for so
# it is with each get: nobody has a right to what was taken out but the one for whom it was taken. And if A is
# interrupted in that moment, it says that it has gone, and finds nothing: B looks for that afterwards, and gives the
# item back.
#
# Only while the store is a plain row that is not shut, and only without a time-out (see _carrying.py).

from __future__ import annotations

from collections import deque

from ._dealing import Dealing
from ._runtime.threads import ThreadWaiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from ._engine.waiter import Waiter

    T = TypeVar("T")

_popleft: Any = deque.popleft  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def hand_over(waiter: Waiter) -> None:
    """Put an item into the hands of a thread that was given a permit, if it can be done here and now."""
    request: Any = waiter.request
    if request is None:  # A was interrupted
        return
    queue, token, hands, gone = request
    row = queue._row
    # Whoever was let go on because the end has come has no item. Then it is shut; and what is not shut has none of these.
    if row is None or not queue._is_open:
        return
    places = queue._places
    # Taken out and handed over in one call, or a handler's exception would take the item along. And no call comes between
    # that and the token.
    one: Any = map(_popleft, (row,))
    try:
        del token[0]
    except IndexError:  # A was interrupted; or we were, and this is the second time
        pass
    else:
        try:
            hands.extend(one)
        finally:
            if places is not None:
                places._free.append(None)
    # A step, and not a look, which might come before the last one without the GIL.
    if gone.copy():
        queue._give_back(hands)
    if places is not None and places._queue and places._free:
        places._settle()
    if not queue._is_open:
        queue._wind_up()


class HandedThreadWaiter(ThreadWaiter):
    """A wait for an item; ``request`` is the queue, a token, its hands, and whether it has gone."""

    __slots__ = ()

    def unpark(self) -> None:
        hand_over(self)
        try:  # noqa: SIM105
            self._parked.release()
        except RuntimeError:  # as in ThreadWaiter.unpark()
            pass


#: Which class a thread's waiter takes on while it waits for an item. Only waiters of tasks that nobody can cancel are
#: in here.
HANDED: dict[Any, Any] = {ThreadWaiter: HandedThreadWaiter}


class Handing(Dealing["T"]):
    """Items that may come back from the hands of those who have gone."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        request = waiter.request
        if request is not None:
            try:
                del request[1][0]
            except IndexError:  # an item comes, or is here
                request[3].append(None)
                self._give_back(request[2])
                return
            # No call comes before this, so who is interrupted now, and calls once more, passes the permit on.
            waiter.request = None
        super()._take_back(waiter)

    def _give_back(self, hands: list[T]) -> None:
        """Put an item that was handed over to a thread that has gone in front of all others."""
        try:
            item = hands[0]
            del hands[0]
        except IndexError:  # another does, or will
            return
        try:
            self._data.appendleft(item)
        finally:
            self._free.append(None)
        if self._places is not None:
            self._places.owe()
        if self._queue:
            self._settle()
        if not self._is_open:
            self._wind_up()
