# SPDX-License-Identifier: ISC
"""Inboxes whose calls end early, with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic._engine.inbox import _Delivery
from aiologic.backends import Inbox


class TellsNobody(_Delivery):
    """The loop is not told of the waiters behind the first."""

    __slots__ = ()

    def __call__(self) -> None:
        self.inbox.spare = self
        self.inbox.last = None
        for _ in range(len(self)):
            if self:
                self.popleft().resume()


class TakesWhatItCounted(_Delivery):
    """It does not expect that a call inside it takes out waiters that it has counted."""

    __slots__ = ()

    def __call__(self) -> None:
        inbox = self.inbox
        inbox.spare = self
        inbox.last = None
        again = None
        for _ in range(len(self)):
            waiter = self.popleft()
            if self and again is None:
                assert inbox.call_soon is not None
                again = inbox.call_soon(inbox.loop(), self)
            waiter.resume()
        if again is not None:
            again.cancel()


class CancelsTheRest(_Delivery):
    """If one raises, the call for those behind it is cancelled, as if they had been resumed."""

    __slots__ = ()

    def __call__(self) -> None:
        inbox = self.inbox
        inbox.spare = self
        inbox.last = None
        again = None
        try:
            for _ in range(len(self)):
                if not self:
                    return
                waiter = self.popleft()
                if self and again is None and inbox.call_soon is not None:
                    again = inbox.call_soon(inbox.loop(), self)
                waiter.resume()
        finally:
            if again is not None:
                again.cancel()


class GoesOnAsSpare(_Delivery):
    """If one raises, the inbox keeps the delivery with those behind it."""

    __slots__ = ()

    def _go_on_later(self, is_due: bool) -> None:
        if not is_due:
            super()._go_on_later(is_due)


class DoesNotGoOn(_Delivery):
    """If a signal handler raises in a call, those behind are left where they are."""

    __slots__ = ()

    def _go_on_later(self, is_due: bool) -> None:
        pass


class SchedulesOnce(Inbox):
    """If a signal handler raises while a delivery is scheduled, it is not scheduled again."""

    __slots__ = ()

    def post(self, waiter: Any, schedule: Any, is_closed: Any = None) -> None:
        last = self.last
        delivery = None if last is None else last()
        if delivery is not None:
            delivery.append(waiter)
            if self.last is last:
                return
        else:
            delivery = self.spare or _Delivery(self)
            delivery.append(waiter)
            self.last = delivery.me
        self.spare = None
        schedule(delivery)


class SendsOnACopy(Inbox):
    """What was appended to a dying delivery is sent on, and stays there, where it may be reported as lost."""

    __slots__ = ()

    def _send_on(self, dying: Any, schedule: Any) -> None:
        if dying:
            self.post(dying[-1], schedule)
