# SPDX-License-Identifier: ISC
"""Scenarios for the inbox of a loop: several threads post, the loop takes out, and it may be closed."""

# Checked in the end: each waiter was resumed once or lost once, and the inbox holds no waiter, for it lives as long as
# its loop, so a waiter that refers to the loop would keep both alive for ever.

from __future__ import annotations

from typing import Callable

from aiologic.backends import Inbox
from aiologic.testing import Scenario, switch, task


class Noted:
    """A waiter that records what became of it."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def resume(self) -> None:
        self.heard.append("resume")

    def lost(self) -> None:
        self.heard.append("lost")


class Posts(Scenario):
    """Two threads post while the loop runs."""

    inbox_class: type[Inbox] = Inbox
    is_used = True

    def describe(self) -> str:
        kind = "used" if self.is_used else "new"
        return f"{type(self).__name__}({kind} {self.inbox_class.__name__})"

    def setup(self) -> None:
        self.scheduled: list[Callable[[], None]] = []
        self.is_closed = False
        self.inbox = self.inbox_class()
        self.waiters: list[Noted] = []
        if self.is_used:  # so that there is a spare
            self.post()
            self.turn()

    def schedule(self, delivery: Callable[[], None]) -> None:
        if self.is_closed:
            raise RuntimeError("the loop is closed")
        self.scheduled.append(delivery)

    def post(self) -> None:
        waiter = Noted()
        self.waiters.append(waiter)
        self.inbox.post(waiter, self.schedule)

    def turn(self) -> None:
        for _ in range(len(self.scheduled)):
            self.scheduled.pop(0)()

    def close(self) -> None:
        self.is_closed = True
        self.scheduled.clear()

    @task
    def one(self) -> None:
        self.post()

    @task
    def other(self) -> None:
        self.post()

    @task
    def loop(self) -> None:
        self.turn()
        switch()
        self.turn()

    def check(self) -> None:
        self.turn()
        for waiter in self.waiters:
            assert len(waiter.heard) == 1, f"{waiter.heard} is what one has heard"
        delivery = self.inbox.last and self.inbox.last()
        assert not delivery, "somebody is still on his way"
        assert not self.inbox.spare, "the inbox holds somebody"


class Answering(Noted):
    """A waiter that posts another one when it is resumed, as when a task is woken, and wakes another from there."""

    def __init__(self, scenario: Answers) -> None:
        super().__init__()
        self.scenario = scenario

    def resume(self) -> None:
        super().resume()
        self.scenario.answer()


class Answers(Posts):
    """Each waiter posts another one when it is resumed; that one is left to the loop's next call."""

    def setup(self) -> None:
        self.at_work: list[Noted] | None = None
        super().setup()

    def post(self) -> None:
        waiter = Answering(self)
        self.waiters.append(waiter)
        self.inbox.post(waiter, self.schedule)

    def answer(self) -> None:
        answer = Noted()
        self.waiters.append(answer)
        assert self.at_work is not None
        self.at_work.append(answer)
        self.inbox.post(answer, self.schedule)

    def turn(self) -> None:
        for _ in range(len(self.scheduled)):
            answers: list[Noted] = []
            self.at_work = answers
            self.scheduled.pop(0)()
            for answer in answers:
                assert not answer.heard, "the call has no end"

    def check(self) -> None:
        self.turn()  # the answers are resumed in the next turn
        super().check()


class PostsAndClosing(Posts):
    """The loop is closed meanwhile, and drops what was scheduled."""

    @task
    def loop(self) -> None:
        self.turn()
        switch()
        self.close()


class OnePostAndClosing(PostsAndClosing):
    """The same with one thread that posts twice."""

    @task
    def one(self) -> None:
        self.post()
        self.post()

    def other(self) -> None:
        """Replaces the task of the base class: there is no other."""


class PostsWhileClosing(PostsAndClosing):
    """The loop's thread-safe entry point checks whether it is closed, and takes the call some time later."""

    def schedule(self, delivery: Callable[[], None]) -> None:
        if self.is_closed:
            raise RuntimeError("the loop is closed")
        switch()
        self.scheduled.append(delivery)

    def post(self) -> None:
        waiter = Noted()
        self.waiters.append(waiter)
        self.inbox.post(waiter, self.schedule, self.is_it_closed)

    def is_it_closed(self) -> bool:
        return self.is_closed

    def check(self) -> None:
        for waiter in self.waiters:
            assert len(waiter.heard) == 1, f"{waiter.heard} is what one has heard"
        assert not any(self.scheduled), "somebody is in a loop that is closed"
        assert not self.inbox.spare, "the inbox holds somebody"
