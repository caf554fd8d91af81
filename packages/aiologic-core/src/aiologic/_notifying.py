# SPDX-License-Identifier: ISC
"""Which tasks are notified: how notifications are handed out to the tickets in a condition's queue."""

# What stands in the queue is described in _tickets.py.
#
# Taking tickets out of the queue requires the queue's turn (``_engine/waitqueue.py``). A notifier that finds it gone
# leaves its work as an item of ``grants``, and the task that has the turn does it. That task may do so without the
# lock, so it evaluates no predicate then: the waiter is notified on trial, evaluates its predicate itself, and passes
# the notification on if that is false. To keep the notification from circulating among false predicates, it has a
# *bound*: the number of the last ticket that it may come to.
#
# A notification looks at each ticket once, among those that are there when it begins: a false predicate sends its
# ticket to the end of the queue, and a timer that does not advance would bring the notifier to it again and again (D7
# in docs/explanation/defects.md).

from __future__ import annotations

from collections import deque

from ._engine.waitqueue import queue_for
from ._tickets import arrivals, log_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._condition_leaving import ConditionLeaving
    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue
    from ._tickets import Delegate, Ticket


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
            ``None`` for the next one to be drawn.
        evaluates: Whether to evaluate predicates.

    Returns:
        How many were notified.
    """
    kind = condition._kind
    lock: Any = condition._lock
    line: Any = None  # where the notified stand next: the lock's queue, or here
    notified = 0
    looks_at_stamps = deadline is not None or condition._timer is not arrivals
    waiter: Any = None
    is_next = False  # whether nobody is before them in that line
    hand: Ticket | None = None  # taken out, and not yet put anywhere
    stirred: list[Waiter] = []  # those that will hand the lock on from one to the next
    try:
        left = len(queue)  # inside: no loop may begin a try (docs/decisions/0021)
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
            # First: a waiter must not be put into the lock's queue twice.
            hand = None
            line.append(waiter)
            if is_next:
                stirred.append(waiter)
            notified += 1
    finally:
        if hand is not None:  # interrupted
            if hand:  # a ticket that is here twice does no harm
                queue.appendleft(hand)
            else:
                line = _line(condition) if line is None else line
                line.append(waiter)
        if line is None:
            pass
        elif kind.hands_over:
            # The memory barrier, as for a task that joins: see rule 2 in _permits.py. Usually the notifier itself has
            # the lock.
            try:
                line.turn.reverse()
                if line and (lock._free or line.grants):
                    lock._settle()
            except BaseException:  # a handler's
                lock._look_again()
                raise
            if stirred and (len(stirred) > 1 or stirred[0].stirs_alone):
                # Each will hand the lock to the next: a loop may make them all ready now (docs/decisions/0034).
                type(stirred[0]).stir_all(stirred)
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
    """Send a ticket to the end of the queue, as if its task had begun to wait now."""
    delegate.number = arrivals()
    place = waiter, condition._timer(), delegate
    try:
        ticket[0] = place
    except IndexError:  # it left meanwhile
        return
    queue.append(ticket)


def _line(condition: ConditionLeaving) -> Any:
    """Where notified waiters stand next: in the lock's queue, or in one to be woken from."""
    if condition._kind.hands_over:
        return queue_for(condition._lock)
    line: deque[Any] = deque()
    return line


def hand_over_one(condition: ConditionLeaving, queue: Any, line: Any) -> int | None:
    """Notify the oldest ticket, if it is the only one or simple; like :func:`hand_out`, for the task that has the lock.

    Args:
        condition: Whose queue it is; its lock is one of ours.
        queue: That queue.
        line: The lock's. Nobody else releases the lock meanwhile.

    Returns:
        How many were notified; ``None`` if nothing was done, because there is
        no ticket any more, or its task was faster.
    """
    delegate: Delegate | None = None
    try:
        # A coroutine that is closed passes its notification on without the lock: since the caller found somebody in the
        # queue, it may have notified the last one.
        ticket: Ticket = queue[0]
        waiter, _, delegate = ticket[0]
        if delegate is not None:
            if len(queue) > 1:  # if it is not for this one, it is for another
                return None
            delegate.bound = None
            if not _is_true(condition, delegate):
                # In this order: a ticket that is here twice does no harm.
                _send_back(condition, queue, ticket, waiter, delegate)
                del queue[0]
                return 0
        # Neither step is a call, so nothing comes in between.
        del queue[0]
        del ticket[0]
        is_next = not line
        line.append(waiter)
        if is_next and waiter.stirs_alone:
            waiter.stir_all([waiter])
    except IndexError:  # it left, or there is none
        if delegate is not None:
            log_error(delegate)
        return None
    return 1


def _is_true(condition: ConditionLeaving, delegate: Delegate) -> bool:
    """Evaluate a predicate; what it raises is for its waiter, and counts as true."""
    condition._is_evaluating = True
    try:
        value = delegate.predicate()
        if value:
            delegate.value = value
            return True
        delegate.last_false = value
        return False
    except Exception as error:  # it is raised where the predicate came from
        delegate.error = error
        return True
    finally:
        condition._is_evaluating = False


def _wake(waiters: deque[Waiter]) -> None:
    """Wake waiters that are in no queue, together (see ``_engine/crowd.py``)."""
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
            while claimed:  # unpark_all() was interrupted
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
            # Only now: if it is interrupted, it is done once more, because two notifications are better than none.
            del grants[0]
        finally:
            queue.turn.append(None)
