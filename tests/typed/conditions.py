# SPDX-License-Identifier: ISC
"""Conditions, as users write them: with arguments for their types, with one of them, and without."""

from __future__ import annotations

import threading
from typing import Any, Callable, List

import aiologic
from aiologic import lowlevel
from typing_extensions import assert_type

OfThreads = aiologic.Condition[lowlevel.ThreadRLock]


class Pool:
    """With types that say less, and less, and nothing."""

    def __init__(self) -> None:
        # As for aiologic 0.17.1.
        self.all: aiologic.Condition[aiologic.Lock, Callable[[], float]] = (
            aiologic.Condition(aiologic.Lock(), lowlevel.green_clock)
        )
        # As culsans writes it.
        self.lock: aiologic.Condition[lowlevel.ThreadRLock] = aiologic.Condition(
            lowlevel.create_thread_rlock()
        )
        self.bare: aiologic.Condition = aiologic.Condition()


class OwnCondition(aiologic.Condition):
    """Of any lock."""

    def tell(self) -> int:
        return self.notify_all()


def day() -> str:
    return "2026-11-26"


def accept_bare(condition: aiologic.Condition) -> None: ...


def accept_one(condition: OfThreads) -> None: ...


def accept_timed(
    condition: aiologic.Condition[object, Callable[[], float]],
) -> None: ...


def makers() -> None:
    assert_type(
        aiologic.Condition(), "aiologic.Condition[aiologic.RLock, Callable[[], int]]"
    )
    assert_type(
        aiologic.Condition(aiologic.Lock()),
        "aiologic.Condition[aiologic.Lock, Callable[[], int]]",
    )
    assert_type(aiologic.Condition(None), "aiologic.Condition[None, Callable[[], int]]")
    assert_type(
        aiologic.Condition(timer=lowlevel.green_clock),
        "aiologic.Condition[aiologic.RLock, Callable[[], float]]",
    )
    assert_type(
        aiologic.Condition(aiologic.BinarySemaphore(), day),
        "aiologic.Condition[aiologic.BinarySemaphore, Callable[[], str]]",
    )
    accept_bare(aiologic.Condition())
    accept_bare(OwnCondition(threading.Lock()))
    accept_one(aiologic.Condition(threading.RLock()))


def narrower_ones(
    counting: aiologic.Condition[aiologic.Lock, Callable[[], int]],
) -> None:
    accept_timed(counting)


def what_they_are_made_of(pool: Pool) -> None:
    assert_type(pool.all.lock, aiologic.Lock)
    assert_type(pool.all.timer, Callable[[], float])
    assert_type(pool.lock.lock, lowlevel.ThreadRLock)
    assert_type(pool.lock.timer, Callable[[], Any])
    assert_type(pool.bare.lock, Any)


def threads(condition: aiologic.Condition, items: list[str]) -> None:
    with condition as entered:
        assert_type(entered, "aiologic.Condition[Any, Callable[[], Any]]")
        assert_type(condition.wait(1), bool)
        assert_type(condition.wait_for(lambda: items), List[str])
        assert_type(condition.wait_for(lambda: len(items), timeout=1), int)
        assert_type(condition.notify(), int)
        assert_type(condition.notify_all(), int)
    assert_type(condition.waiting, int)


async def tasks(condition: aiologic.Condition[None], items: list[str]) -> None:
    async with condition:
        assert_type(await condition, bool)
        assert_type(await condition.with_(timeout=1), bool)
        assert_type(await condition.for_(lambda: items), List[str])
