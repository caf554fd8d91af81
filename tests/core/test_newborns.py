# SPDX-License-Identifier: ISC
"""Nothing is left behind under the id() of an object, because another object may get the same id()."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic import _context_lock, _items, lowlevel
from aiologic._engine import newborn, waitqueue
from aiologic.testing._interruption import Interrupted, RaisingInterruption

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Context:
    """A class whose methods are synchronized."""


def synchronize(context: Context) -> None:
    with aiologic.synchronized(context):
        pass


NEED = {
    "queue of waiters": (aiologic.Lock, waitqueue.queue_for, newborn),
    "items": (aiologic.SimpleQueue, lambda queue: queue.put(1), _items),
    "slot": (aiologic.Flag, lambda flag: flag.set(), newborn),
    "lock of a context": (Context, synchronize, _context_lock),
    "deque": (lowlevel.lazydeque, lambda items: items.append(1), newborn),
}


@pytest.mark.parametrize(("make", "need", "place"), NEED.values(), ids=NEED)
def test_a_handler_that_raises_leaves_nothing_to_another_object(
    make: Callable[[], Any], need: Callable[[Any], object], place: Any
) -> None:
    """Otherwise two primitives would have the same waiters, or the same items."""
    for number in count():
        owner = make()
        raising = RaisingInterruption(number, Interrupted.now, aiologic.__path__)
        with suppress(Interrupted):
            raising.during(lambda: need(owner))  # noqa: B023
        assert place._newborn == {}, raising.where
        if not raising.was_made:
            break
    assert number > 1


def test_what_another_has_stored_meanwhile_stays() -> None:
    """A finds none, and creates one.   B creates one, stores it, clears the dict.   A sees B's at its second look."""

    class Owner:
        queue: list[str] | None = None

    owner = Owner()

    def make_as_another_does() -> list[str]:
        newborn.born(owner, "queue", lambda: ["B's"])
        return ["A's"]

    assert newborn.born(owner, "queue", make_as_another_does) == ["B's"]
    assert owner.queue == ["B's"]
    assert newborn._newborn == {}
