# SPDX-License-Identifier: ISC
"""Conditions, and parts of them, with one bug each in what notifiers decide; the docstring describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import Condition
from aiologic._notifying import hand_out, hand_over_one, serve
from aiologic._tickets import arrivals

if TYPE_CHECKING:
    from aiologic._tickets import Delegate, Ticket

_Condition = Condition[Any, Any]


class ForgetsTheDeadline(_Condition):
    """A notifier that finds one waiter notifies it, however late it came."""

    __slots__ = ()

    def notify(self, /, count: int = 1, *, deadline: Any = None) -> int:
        if self.waiting == 1:
            deadline = None
        return super().notify(count, deadline=deadline)


class LeavesItWithoutADeadline(_Condition):
    """A notifier that finds the turn taken leaves its work behind, and does not say when that was."""

    __slots__ = ()

    def notify(self, /, count: int = 1, *, deadline: Any = None) -> int:
        queue: Any = self._queue
        if queue and not queue.turn:
            queue.grants.append((count, deadline, None))
            serve(self, queue)
            return 0
        return super().notify(count, deadline=deadline)


class NoLookAfterTheTurn(_Condition):
    """A notifier does not look whether somebody has left work behind meanwhile."""

    __slots__ = ()

    def notify(self, /, count: int = 1, *, deadline: Any = None) -> int:
        queue: Any = self._queue
        if not (queue and queue.take_turn()):
            return super().notify(count, deadline=deadline)
        try:
            return hand_out(self, queue, count, deadline, None, self._kind.evaluates)
        finally:
            queue.turn.append(None)


class KeepsItOnTrial(_Condition):
    """A task that is notified on trial, and whose predicate is false, does not pass the notification on."""

    __slots__ = ()

    def _pass_on(self, bound: Any = None) -> None:
        if bound is None:
            super()._pass_on()


class PassesOnWithoutABound(_Condition):
    """A notification that is passed on may come to tasks that began to wait after it."""

    __slots__ = ()

    def _pass_on(self, bound: Any = None) -> None:
        super()._pass_on()


class TrustsOnTrial(_Condition):
    """A task that is notified on trial takes what a notifier has seen for its result, and none has looked."""

    __slots__ = ()

    def _judge(self, delegated: Delegate | None, predicate: Any) -> tuple[Any, bool]:
        if delegated is not None and delegated.error is None and self._kind.trusts:
            return delegated.value, True
        return super()._judge(delegated, predicate)


class TrustsTheNotifier(_Condition):
    """What a notifier has seen is taken for the result, though others may have had the lock since."""

    __slots__ = ()

    def _judge(self, delegated: Delegate | None, predicate: Any) -> tuple[Any, bool]:
        if delegated is not None and delegated.bound is None:
            return delegated.value, True
        return super()._judge(delegated, predicate)


def sends_back_whom_it_finds(
    _condition: Any, queue: Any, ticket: Ticket, waiter: Any, delegate: Delegate
) -> None:
    """In place of ``_send_back``: the place of a task that has left is put into the queue again."""
    delegate.number = arrivals()
    ticket[:] = [(waiter, delegate.number, delegate)]
    queue.append(ticket)


def looks_before_it_takes(condition: Any, queue: Any, line: Any) -> int | None:
    """In place of ``hand_over_one``: who was there when the notifier looked may have been notified since."""
    assert queue[0] is not None
    return hand_over_one(condition, queue, line)


def errors_are_false(_condition: Any, delegate: Delegate) -> bool:
    """In place of ``_is_true``: a predicate that raises is taken for one that is false."""
    try:
        delegate.value = delegate.predicate()
    except Exception as error:
        delegate.error = error
        return False
    return bool(delegate.value)


def tells_nobody(delegate: Delegate | None) -> None:
    """In place of ``_tell_nobody``: what a predicate has raised is not even logged, if its task is cancelled."""


def last_value_only(delegated: Delegate | None, value: Any) -> Any:
    """In place of ``_last_value``: a task whose time is up does not look whether its predicate has raised."""
    return value if delegated is None else delegated.last_false
