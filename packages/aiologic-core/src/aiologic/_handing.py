# SPDX-License-Identifier: ISC
"""Threads that wait for an item, and get it into their hands."""

# The counterpart of _carrying.py. A thread that waits for an item is given a permit, and takes the item when it runs;
# until then the item occupies its place. So a producer at a small queue stops, and another thread has to run, before
# the next item can be put. But nobody cancels a thread: the item can be put into its hands at once, and the place is
# free.
#
#   B has put an item   | A sleeps, with empty hands
#   --------------------+-------------------------------------------------------------------
#   decides A's wait    |
#   takes the token     | interrupted (Ctrl-C) before: A takes the token, and passes on its permit
#   fills A's hands     |
#   frees the place     |
#   looks whether A has | interrupted after: A says that it has gone, and looks into its hands. Whichever of A and B
#   gone; wakes A       | finds the item there puts it back at the head of the queue, because it is the oldest
#
# An item that is given back may have no place any more. Then a place is owed: a wait in the line of putters, on behalf
# of nobody. Until its turn comes, the queue has one item more than it has places.
#
# If the queue was shut meanwhile, others may have been told that nothing is left. Then the item is there once more, for
# whoever comes.
#
# Without the GIL, an item is nowhere for a moment: out of the row, and not in A's hands yet. That does no harm, as it
# is so with each get: nobody has a right to an item that was taken out, except the task for which it was taken. And if
# A is interrupted at that moment, it says that it has gone, and finds nothing: B looks for that afterwards, and gives
# the item back.
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
    # A thread that was released because the queue has ended gets no item. Then the queue is shut; one that is not shut
    # has no such threads.
    if row is None or not queue._is_open:
        return
    places = queue._places
    # Taken out and handed over in one call, or a signal handler's exception would take the item along. And there is no
    # call between that and the token.
    one: Any = map(_popleft, (row,))
    try:
        del token[0]
    except IndexError:  # A was interrupted; or we were, and this is the second call
        pass
    else:
        try:
            hands.extend(one)
        finally:
            if places is not None:
                places._free.append(None)
    # A copy is an atomic step; a plain look might be ordered before the previous step without the GIL.
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


#: The class that a thread's waiter takes on while it waits for an item. Only waiters of tasks that nobody can cancel
#: are in here.
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
            # No call comes before this: if it is interrupted now, and called once more, the permit is passed on.
            waiter.request = None
        super()._take_back(waiter)

    def _give_back(self, hands: list[T]) -> None:
        """Put an item that was handed over to a thread that has gone in front of all others."""
        try:
            item = hands[0]
            del hands[0]
        except IndexError:  # another task does so, or will
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
