# SPDX-License-Identifier: ISC
"""The places in a condition's queue."""

# Two decisions instead of one
# ============================
# A waiter of a condition is notified first, and gets the lock later. So two things are decided about it, each by the
# one item of a list (see ``_engine/waiter.py``): its *ticket* in the condition's queue says whether it was notified,
# and the waiter itself whether it was woken.
#
#   ticket | waiter  | the task
#   -------+---------+-------------------------------------------------------------------------------------
#   item   | pending | is in the condition's queue
#   none   | pending | was notified, and is in the lock's queue, or about to be put there
#   none   | decided | has the lock (where waiters move), or may go and get it (where they don't)
#   item   | decided | gave up a moment ago, and takes the ticket's item next
#
# Being moved decides nothing about the waiter: it stays pending, and its time-out goes on. Hence a task that leaves
# settles the waiter *first*, and then its ticket:
#
#     B takes A's ticket.   A's time is up: it abandons its waiter, and finds the ticket gone: it was notified, and
#     passes that on.   B puts A into the lock's queue, where whoever serves the queue drops it.
#
#     A's time is up: it abandons its waiter.   B comes to A's ticket.   If A takes the ticket first, B goes on to the
#     next one; if B does, A passes the notification on. It is never lost, and never doubled.

from __future__ import annotations

from itertools import count as counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, List, Optional, Tuple

    from ._engine.waiter import Waiter

    #: The waiter, what the timer said, and the predicate if it is delegated.
    Place = Tuple[Any, Any, Optional["Delegate"]]

    #: A place in a condition's queue. Its one item is there until the waiter is notified, or leaves. A bare list,
    #: because making an instance of a class of ours takes as long as making a future.
    Ticket = List[Place]

#: Numbers tickets in the order of their arrival, and is the default timer of conditions. One for all, so that an idle
#: condition owns none.
arrivals: Callable[[], Any] = counter(1).__next__


class Delegate:
    """A predicate that notifiers may evaluate, and the result."""

    __slots__ = (
        "bound",  # notified on trial: where to stop if it is passed on. Else None
        "error",  # what the predicate raised in the notifier
        "last_false",  # the last false value that the predicate returned: the result if time is up
        "number",  # of arrival, once it stands in the queue, and anew when sent to the end
        "predicate",
        "value",  # what it returned in the notifier that found it true: the result, where the lock's kind trusts it
    )

    def __init__(self, predicate: Callable[[], Any], value: object) -> None:
        self.number: Any
        self.value: Any
        self.predicate = predicate
        self.last_false: Any = value
        self.bound: Any = None
        self.error: Exception | None = None


def waiters_in(queue: Any) -> list[Waiter]:
    """Those who still stand in a queue of tickets; for display."""
    waiters: list[Waiter] = []
    for ticket in queue.pending():
        try:
            waiters.append(ticket[0][0])
        except IndexError:  # notified, or it left, in this moment
            continue
    return waiters


def log_error(delegate: Delegate) -> None:
    """Log what a predicate raised whose waiter has gone, if it raised anything."""
    error, delegate.error = delegate.error, None
    if error is None:
        return
    import logging

    # By the name that 0.17.1 used: programs filter by it.
    logging.getLogger("aiologic._conditions").error(
        "a predicate raised, and the task that waited for it has gone", exc_info=error
    )
