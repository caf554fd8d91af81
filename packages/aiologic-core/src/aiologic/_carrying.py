# SPDX-License-Identifier: ISC
"""Threads that wait for a place, and bring their item with them."""

# Why a getter brings the item of a putter
# ========================================
# A place that is handed over to a thread is of no use until that thread runs, and for that another thread has to stop.
# So two threads that meet at a small queue would switch for each item, and again for each place. But the item is known:
# the task that hands the place over can put the item, too, and go on to get it.
#
#   B frees a place    | A sleeps, with its item in a box
#   -------------------+--------------------------------------------------------------
#   decides A's wait   |
#   empties the box    | interrupted (Ctrl-C) before: A empties it, and passes the place on
#   puts the item      | interrupted after: A's item is there, as if a handler came at the end of its put
#   wakes A            | finds the box empty, and is done
#
# This is for threads alone, and for puts without a time-out:
#
# * A task that was woken may be cancelled before it runs, in every library. Then its put must not have put anything;
#   but another task may have got the item by then. Nobody cancels a thread.
# * With a time-out, A's time may be up when B has decided, and not put yet. A takes its put for done and puts its next
#   item; then B puts the first: in the wrong order.
#
# The waiter does all this itself as it is unparked, so the code that serves a queue need not know of it. If the store
# is not a plain row, or was shut, the box stays full, and A goes on as all other tasks do.

from __future__ import annotations

from ._runtime.threads import ThreadWaiter
from .exceptions import QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._engine.waiter import Waiter


def bring(waiter: Waiter) -> None:
    """Put the item of a thread that was given a place, if it can be put here and now."""
    request: Any = waiter.request
    if request is None:  # A was interrupted
        return
    box: list[Any]
    queue, box = request
    row = queue._row
    if row is None:  # it was shut: A finds out when it puts
        return
    # As in ``green_put``. There is no call between taking the item out of the box and putting it into the row: a signal
    # handler's exception would take it along.
    try:
        item = box[0]
        del box[0]
    except IndexError:  # A was interrupted; or we were, and this is the second call
        pass
    else:
        for _ in queue._announce:
            break
        try:
            row.append(item)
        finally:
            if queue._is_open:
                queue._free.append(None)
            else:
                try:
                    queue._come_late(item)
                except QueueShutDown:  # A has to raise that, not we
                    box.append(item)
    if queue._queue:
        queue._settle()
    if not queue._is_open:
        queue._wind_up()


class CarryingThreadWaiter(ThreadWaiter):
    """A wait for a place; ``request`` is the queue, and a box with the item."""

    __slots__ = ()

    def unpark(self) -> None:
        bring(self)
        try:  # noqa: SIM105
            self._parked.release()
        except RuntimeError:  # as in ThreadWaiter.unpark()
            pass


#: The class that a thread's waiter takes on while it waits for a place. Only waiters of tasks that nobody can cancel
#: are in here.
CARRYING: dict[Any, Any] = {ThreadWaiter: CarryingThreadWaiter}
