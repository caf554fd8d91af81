# SPDX-License-Identifier: ISC
"""Who is notified: the places in a condition's queue, and how news is handed out to them."""

# Two decisions, and not one
# ==========================
# A waiter of a condition is notified first, and gets the lock later. So it has two things to be decided, each by the one
# item of a list (see ``_engine/waiter.py``): its *ticket* in the condition's queue says whether it was notified, and the
# waiter itself whether it was woken.
#
#   ticket | waiter  | the task
#   -------+---------+-------------------------------------------------------------------------------------
#   item   | pending | stands in the condition's queue
#   none   | pending | was notified, and stands in the lock's queue, or is about to be put there
#   none   | decided | has the lock (where waiters move), or may go and get it (where they don't)
#   item   | decided | gave up a moment ago, and takes the ticket's item next
#
# Being moved decides nothing about the waiter: it stays pending, and its time goes on. Hence a leaver settles the waiter
# *first*, and then its ticket:
#
#     B takes A's ticket.   A's time is up: it abandons its waiter, and finds the ticket gone: it was notified, and passes
#     that on.   B puts A into the lock's queue, where whoever serves the queue drops it.
#
#     A's time is up: it abandons its waiter.   B comes to A's ticket.   Whoever of them takes it: if A, B goes on to the
#     next; if B, A passes the notification on. It is never lost, and never doubled.
#
# Taking tickets out of the queue needs the queue's turn (``_engine/waitqueue.py``). Whoever finds it gone leaves his work
# as an item of ``grants``, and the one who has the turn does it. He may do it without the lock, so he evaluates no
# predicate then: the waiter is notified on trial, evaluates its predicate itself, and passes the notification on if
# that is false. So that it does not go round and round among false ones, it has a *bound*: the number of the last ticket
# that it may come to.
#
# One notification looks at each ticket once, at those that stand here when it begins: a false predicate sends its ticket
# to the end of the queue, and a timer that does not advance would bring the notifier to it again and again (D7).

from __future__ import annotations

from collections import deque
from itertools import count as counter

from ._engine.waitqueue import queue_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, List, Optional, Tuple

    from ._condition_leaving import ConditionLeaving
    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue

    #: The waiter, what the timer said, and the predicate if it is delegated.
    Place = Tuple[Any, Any, Optional["Delegate"]]

    #: A place in a condition's queue. Its one item is there until it is notified, or leaves. A bare list, for to make one
    #: of a class of ours takes as long as to make a future.
    Ticket = List[Place]

#: Numbers tickets in the order of their arrival, and is the timer of conditions that have no other. One for all, so that
#: an idle condition owns none.
arrivals: Callable[[], Any] = counter(1).__next__


class Delegate:
    """A predicate that notifiers may evaluate, and what came of it."""

    __slots__ = (
        "bound",  # notified on trial: where to stop if it is passed on. Else None
        "error",  # what the predicate raised in the notifier
        "number",  # of arrival, and anew when sent to the end
        "predicate",
        "value",  # the last that the predicate returned
    )

    def __init__(self, predicate: Callable[[], Any], value: object) -> None:
        self.predicate = predicate
        self.value: Any = value
        self.number = arrivals()
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


def hand_out(
    condition: ConditionLeaving,
    queue: Any,
    count: int,
    deadline: Any,
    bound: Any,
    evaluates: bool,
) -> int:
    """Notify the oldest tickets of a queue; needs the turn.

    Args:
        condition: Whose queue it is.
        queue: That queue, of tickets.
        count: How many to notify; if negative, all.
        deadline: The greatest stamp; ``None`` for what the timer says now.
        bound: The greatest number of a ticket that is notified on trial;
            ``None`` for now.
        evaluates: Whether to evaluate predicates.

    Returns:
        How many were notified.
    """
    kind = condition._kind
    lock: Any = condition._lock
    line: Any = None  # where the notified stand next: the lock's queue, or here
    notified = 0
    left = len(queue)
    looks_at_stamps = deadline is not None or condition._timer is not arrivals
    waiter: Any = None
    is_next = False  # nobody stands before them there
    hand: Ticket | None = None  # taken out, and not yet put anywhere
    crowd: list[Waiter] = []  # whoever gets the lock one from the other
    try:
        while left and notified != count:
            left -= 1
            ticket: Ticket = queue[0]
            try:
                waiter, stamp, delegate = ticket[0]
            except IndexError:  # it left
                del queue[0]
                continue
            if looks_at_stamps:
                if deadline is None:
                    deadline = condition._timer()
                if stamp > deadline:
                    break
            if delegate is not None and not evaluates:
                if bound is None:
                    bound = arrivals()
                if delegate.number > bound:
                    break
                delegate.bound = bound
            hand = ticket
            del queue[0]
            if evaluates and delegate is not None:
                delegate.bound = None
                if not _is_true(condition, delegate):
                    _send_back(condition, queue, ticket, waiter, delegate)
                    hand = None
                    continue
            try:
                del ticket[0]
            except IndexError:  # it left meanwhile
                hand = None
                if delegate is not None:
                    log_error(delegate)
                continue
            if line is None:
                line = _line(condition)
                is_next = kind.hands_over and not line
            # First: a waiter must not stand in the lock's queue twice.
            hand = None
            line.append(waiter)
            if is_next:
                crowd.append(waiter)
            notified += 1
    finally:
        if hand is not None:  # interrupted
            if hand:  # for a ticket to stand here twice does no harm
                queue.appendleft(hand)
            else:
                line = _line(condition) if line is None else line
                line.append(waiter)
        if line is None:
            pass
        elif kind.hands_over:
            # As whoever joins: see rule 2 in _permits.py. Mostly the notifier itself has the lock.
            try:
                line.turn.reverse()
                if line and (lock._free or line.grants):
                    lock._settle()
            except BaseException:  # a handler's
                lock._look_again()
                raise
            if crowd and (len(crowd) > 1 or crowd[0].stirs_alone):
                # Each hands the lock to the next: a loop may make them all ready now (docs/decisions/0034).
                type(crowd[0]).stir_all(crowd)
        else:
            try:
                _wake(line)
            except BaseException:  # a handler's
                _wake(line)
                raise
    return notified


def _send_back(
    condition: ConditionLeaving,
    queue: Any,
    ticket: Ticket,
    waiter: Any,
    delegate: Delegate,
) -> None:
    """To the end of the queue, as if its task had begun to wait now."""
    delegate.number = arrivals()
    place = waiter, condition._timer(), delegate
    try:
        ticket[0] = place
    except IndexError:  # it left meanwhile
        return
    queue.append(ticket)


def _line(condition: ConditionLeaving) -> Any:
    """Where the notified stand next."""
    line: deque[Any] = deque()
    return queue_for(condition._lock) if condition._kind.hands_over else line


def hand_over_one(queue: Any, line: Any) -> bool:
    """Notify the oldest ticket, if it is simple; like :func:`hand_out`, for the one who has the lock.

    Args:
        queue: The condition's.
        line: The lock's. Nobody else releases the lock meanwhile.

    Returns:
        ``False`` if nothing was done, or the ticket's task was faster.
    """
    ticket: Ticket = queue[0]
    try:
        waiter, _, delegate = ticket[0]
        if delegate is not None:
            return False
        # None of these is a call, so nothing comes between.
        del queue[0]
        del ticket[0]
        is_next = not line
        line.append(waiter)
        if is_next and waiter.stirs_alone:
            waiter.stir_all([waiter])
    except IndexError:  # it left
        return False
    return True


def _is_true(condition: ConditionLeaving, delegate: Delegate) -> bool:
    """Evaluate a predicate; what it raises is for its waiter, and counts as true."""
    condition._is_evaluating = True
    try:
        delegate.value = delegate.predicate()
        return bool(delegate.value)
    except Exception as error:  # it is raised where the predicate came from
        delegate.error = error
        return True
    finally:
        condition._is_evaluating = False


def log_error(delegate: Delegate) -> None:
    """Tell what a predicate raised whose waiter has gone, if it did."""
    error, delegate.error = delegate.error, None
    if error is None:
        return
    import logging

    logging.getLogger("aiologic._conditions").error(
        "a predicate raised, and the task that waited for it has gone", exc_info=error
    )


def _wake(waiters: deque[Waiter]) -> None:
    """Wake waiters that stand nowhere else, together (see ``_engine/crowd.py``)."""
    claimed: deque[Waiter] = deque()
    try:
        for waiter in waiters:
            try:
                del waiter[0]  # claim(), without the call
            except IndexError:  # it gave up
                continue
            claimed.append(waiter)
    finally:
        try:
            while claimed:
                type(claimed[0]).unpark_all(claimed)
        finally:
            while claimed:  # it was interrupted
                claimed[0].unpark()
                claimed.popleft()


def serve(condition: ConditionLeaving, queue: WaitQueue) -> None:
    """Do the work that was left in ``grants``, unless somebody else has the turn."""
    grants: Any = queue.grants
    while grants:
        if not queue.take_turn():  # whoever has it looks again
            return
        try:
            try:
                count, deadline, bound = grants[0]
            except IndexError:
                continue
            hand_out(condition, queue, count, deadline, bound, False)
            # Only now: who is interrupted does it once more, for rather than to nobody the news goes to two.
            del grants[0]
        finally:
            queue.turn.append(None)
