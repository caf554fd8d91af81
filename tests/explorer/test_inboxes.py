# SPDX-License-Identifier: ISC
"""Wake-ups on their way to a loop, in every order; and bugs in it, planted and found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._engine.inbox import _Delivery
from aiologic.backends import Inbox
from aiologic.testing import Violation, explore

from . import inboxes

if TYPE_CHECKING:
    from .conftest import Explored


counts_references = pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="what a closed loop drops is finalized by the collector, which is no part of a schedule",
)


@counts_references
def test_one_posts_and_the_loop_is_closed(explored: Explored) -> None:
    explored(inboxes.OnePostAndClosing(), preemptions=2)


@pytest.mark.parametrize("is_used", [True, False], ids=["used", "new"])
@pytest.mark.parametrize(
    "scenario",
    [
        inboxes.Posts,
        inboxes.Answers,
        pytest.param(inboxes.PostsAndClosing, marks=counts_references),
        pytest.param(inboxes.PostsWhileClosing, marks=counts_references),
    ],
)
def test_two_post_and_the_loop_runs(
    scenario: type[inboxes.Posts], is_used: bool, explored: Explored
) -> None:
    one = scenario()
    one.is_used = is_used
    explored(one, preemptions=2)


class KeepsItsSpare(Inbox):
    """A thread that posts does not clear the spare."""

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
        try:
            schedule(delivery)
        except RuntimeError:
            self.last = None
            delivery.return_to_senders()


class ClearsItsSpareEarly(Inbox):
    """A thread that posts clears the spare before it contains a waiter."""

    __slots__ = ()

    def post(self, waiter: Any, schedule: Any, is_closed: Any = None) -> None:
        last = self.last
        delivery = None if last is None else last()
        if delivery is not None:
            self.spare = None
            delivery.append(waiter)
            if self.last is last:
                return
        else:
            delivery = self.spare
            self.spare = None
            if delivery is None:
                delivery = _Delivery(self)
            delivery.append(waiter)
            self.last = delivery.me
        try:
            schedule(delivery)
        except RuntimeError:
            self.last = None
            delivery.return_to_senders()


class KeptInTheEnd(_Delivery):
    """The loop keeps a delivery as spare after it has taken all out, although it may contain a waiter again."""

    __slots__ = ()

    def __call__(self) -> None:
        self.inbox.last = None
        while self:
            self.popleft().resume()
        self.inbox.spare = self


class CrossedOutInTheEnd(_Delivery):
    """The loop takes all out before it marks the delivery as arrived."""

    __slots__ = ()

    def __call__(self) -> None:
        while self:
            self.popleft().resume()
        self.inbox.spare = self
        self.inbox.last = None


class CountedEarly(_Delivery):
    """The loop counts the waiters in a delivery before it marks it as arrived."""

    __slots__ = ()

    def __call__(self) -> None:
        self.inbox.spare = self
        count = len(self)
        self.inbox.last = None
        for _ in range(count):
            self.popleft().resume()


class EmptiesItself(_Delivery):
    """The loop goes on until the delivery is empty, even if waiters are added meanwhile."""

    __slots__ = ()

    def __call__(self) -> None:
        self.inbox.spare = self
        self.inbox.last = None
        while self:
            self.popleft().resume()


class LooksOnce(Inbox):
    """A thread that posts does not check whether the loop was closed meanwhile."""

    __slots__ = ()

    def post(self, waiter: Any, schedule: Any, is_closed: Any = None) -> None:
        super().post(waiter, schedule)


class DiesUnmarked(_Delivery):
    """A thread that gets hold of a delivery while it dies takes it for one on its way."""

    __slots__ = ()

    def __del__(self) -> None:
        if self:
            self.return_to_senders()


@counts_references
@pytest.mark.parametrize("bug", [KeepsItsSpare, ClearsItsSpareEarly])
def test_a_planted_bug_of_who_posts_is_found(bug: type[Inbox]) -> None:
    scenario = inboxes.PostsAndClosing()
    scenario.inbox_class = bug

    with pytest.raises(Violation, match=r"holds somebody|has heard"):
        explore(scenario, preemptions=2, trace=[sys.modules[__name__]])


@counts_references
@pytest.mark.parametrize(
    "bug", [KeptInTheEnd, CrossedOutInTheEnd, CountedEarly, DiesUnmarked]
)
def test_a_planted_bug_of_the_loop_is_found(
    bug: type[_Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiologic._engine.inbox._Delivery", bug)

    with pytest.raises(Violation, match=r"holds somebody|has heard"):
        explore(inboxes.PostsAndClosing(), preemptions=2, trace=[sys.modules[__name__]])


def test_a_call_that_has_no_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiologic._engine.inbox._Delivery", EmptiesItself)
    scenario = inboxes.Answers()
    scenario.is_used = False

    with pytest.raises(Violation, match="the call has no end"):
        explore(scenario, preemptions=2, trace=[sys.modules[__name__]])


def test_a_loop_that_is_closed_in_its_entrance_is_found() -> None:
    scenario = inboxes.PostsWhileClosing()
    scenario.inbox_class = LooksOnce

    with pytest.raises(Violation, match=r"has heard"):
        explore(scenario, preemptions=2, trace=[sys.modules[__name__]])
