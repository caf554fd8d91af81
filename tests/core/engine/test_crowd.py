# SPDX-License-Identifier: ISC
"""Many are woken together: each once, in order, even if the waker is interrupted."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from aiologic._engine.crowd import Crowd, unpark_by_loop
from aiologic._engine.waiter import PENDING, Waiter
from aiologic._engine.waitqueue import WaitQueue


class Sleeper(Waiter):
    """Records its wake-ups in a list."""

    __slots__ = ("loop", "woken")

    loop: int
    woken: list[Waiter]

    def unpark(self) -> None:
        self.woken.append(self)

    def resume(self) -> None:
        self.woken.append(self)


class Together(Sleeper):
    """Is woken with the others of its loop."""

    __slots__ = ()

    @classmethod
    def unpark_all(cls, waiters: deque[Waiter]) -> None:
        unpark_by_loop(waiters, cls, lambda loop, crowd: crowd.resume())  # noqa: ARG005


class Interrupted(Sleeper):
    """Its waker gets a KeyboardInterrupt with half of the work done."""

    __slots__ = ()

    @classmethod
    def unpark_all(cls, waiters: deque[Waiter]) -> None:
        for _ in range(len(waiters) // 2):
            waiters.popleft().unpark()
        raise KeyboardInterrupt


def sleepers(woken: list[Waiter], *classes: type[Sleeper]) -> list[Sleeper]:
    made: list[Sleeper] = []
    for number, cls in enumerate(classes):
        sleeper = cls(PENDING)
        sleeper.woken = woken
        sleeper.loop = number % 2
        made.append(sleeper)
    return made


def queue_of(waiters: list[Sleeper]) -> WaitQueue:
    queue = WaitQueue()
    queue.extend(waiters)
    return queue


def test_each_is_woken_in_its_turn() -> None:
    woken: list[Waiter] = []
    waiters = sleepers(woken, *[Sleeper] * 5)
    waiters[1].abandon()

    queue_of(waiters).wake_all()

    assert woken == [waiters[0], *waiters[2:]]
    assert not any(waiters)


def test_those_of_one_loop_are_woken_together_and_in_order() -> None:
    woken: list[Waiter] = []
    waiters = sleepers(woken, *[Together] * 6)

    queue_of(waiters).wake_all()

    assert woken == waiters[0::2] + waiters[1::2]


def delivered_by_loop(
    waiters: list[Any],
) -> tuple[list[tuple[object, list[Waiter]]], deque[Any]]:
    """What was delivered to which loop, and which waiters were left."""
    delivered: list[tuple[object, list[Waiter]]] = []
    left = deque(waiters)
    unpark_by_loop(
        left, Together, lambda loop, crowd: delivered.append((loop, list(crowd)))
    )
    return delivered, left


@pytest.mark.parametrize("count", [1, 2, 5])
def test_those_of_one_loop_are_one_crowd(count: int) -> None:
    waiters = sleepers([], *[Together] * count)
    for waiter in waiters:
        waiter.loop = 7

    delivered, left = delivered_by_loop(waiters)

    assert delivered == [(7, waiters)]
    assert not left


def test_those_of_another_class_are_left_though_they_have_the_loop() -> None:
    waiters = sleepers([], Together, Together, Sleeper, Together)
    for waiter in waiters:
        waiter.loop = 7

    delivered, left = delivered_by_loop(waiters)

    assert delivered == [(7, waiters[:2])]
    assert list(left) == waiters[2:]


def test_classes_keep_their_order() -> None:
    woken: list[Waiter] = []
    waiters = sleepers(woken, Together, Together, Sleeper, Sleeper, Together, Sleeper)

    queue_of(waiters).wake_all()

    assert woken == waiters


def test_whoever_is_left_by_an_interrupted_waker_is_woken_before_it_ends() -> None:
    woken: list[Waiter] = []
    waiters = sleepers(woken, *[Interrupted] * 7)

    with pytest.raises(KeyboardInterrupt):
        queue_of(waiters).wake_all()

    assert woken == waiters


def test_nobody_is_taken_out_before_all_are_delivered() -> None:
    waiters = deque(sleepers([], *[Together] * 4))

    def deliver(loop: object, crowd: Crowd) -> None:
        if loop == 1:
            raise KeyboardInterrupt
        crowd.resume()

    with pytest.raises(KeyboardInterrupt):
        unpark_by_loop(waiters, Together, deliver)  # type: ignore[arg-type]

    assert len(waiters) == 4


def test_a_loop_that_has_gone_loses_all_of_its_crowd() -> None:
    returned: list[Waiter] = []

    class Source:
        def _take_back(self, waiter: Waiter) -> None:
            returned.append(waiter)

    waiters = sleepers([], *[Together] * 3)
    for waiter in waiters:
        waiter.source = Source()
        waiter.claim()

    Crowd(waiters).lost()

    assert returned == waiters
