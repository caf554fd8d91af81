# SPDX-License-Identifier: ISC
"""A store of one's own that raises: the caller gets the error, and the next task is let in."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueFull
from aiologic.testing._interruption import Interrupted, RaisingInterruption

from . import stores
from .queues import drained, started
from .raising import CORE
from .stores import HEAPS, Guarded, Picky

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

# The steps of the store as well, because it is what is interrupted.
WITHIN = [CORE, stores.__file__]


def test_an_error_in_put(caller: Caller) -> None:
    """Contract 1.3.7: the caller gets it; nothing was put, and the next may come in."""
    queue = Picky(2)
    queue.put_nowait(1)
    queue.fails_to_put = True
    for _ in range(5):
        with pytest.raises(LookupError, match="will not put 2"):
            caller.put(queue, 2)
    assert (len(queue), queue.unfinished_tasks) == (1, 1)
    queue.fails_to_put = False
    caller.put(queue, 3)
    with pytest.raises(QueueFull):
        queue.put_nowait(4)
    assert drained(queue) == [1, 3]


def test_an_error_in_get(caller: Caller) -> None:
    """Contract 1.3.7: the caller gets it; the item is still there."""
    queue = Picky([1, 2], 2)
    queue.fails_to_get = True
    for _ in range(5):
        with pytest.raises(LookupError, match="will not get"):
            caller.get(queue)
    assert len(queue) == 2
    with pytest.raises(QueueFull):
        queue.put_nowait(3)
    queue.fails_to_get = False
    assert drained(queue) == [1, 2]


def test_an_error_in_put_hands_its_place_on(world: HandWorld) -> None:
    queue = Picky([0], 1)
    first, second = started(world, 2, lambda: queue.async_put(1))
    assert queue.get_nowait() == 0
    queue.fails_to_put = True
    with pytest.raises(LookupError):
        first.step()
    queue.fails_to_put = False
    assert second.is_woken
    second.step()
    assert drained(queue) == [1]


def test_an_error_in_get_hands_its_item_on(world: HandWorld) -> None:
    queue = Picky()
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.fails_to_get = True
    with pytest.raises(LookupError):
        first.step()
    queue.fails_to_get = False
    assert second.is_woken
    assert second.step().result == 1


def test_an_error_lets_the_next_thread_in(crew: Crew) -> None:
    barrier = threading.Barrier(2)

    class Failing(Guarded):
        def linger(self) -> None:
            if self.calls == 1:
                barrier.wait(20)
                barrier.wait(20)
                raise LookupError("inside")

    queue = Failing()
    first = crew.start(queue.put_nowait, 1)
    barrier.wait(20)
    second = crew.start(queue.put_nowait, 2)
    exclusive: Any = queue._exclusive
    crew.wait_until(lambda: len(exclusive._waiting) == 1)
    barrier.wait(20)
    with pytest.raises(LookupError, match="inside"):
        first.result()
    second.result()
    assert drained(queue) == [2]


@pytest.mark.parametrize("cls", HEAPS)
def test_a_put_that_is_interrupted_as_it_serves_serves_all_the_same(
    cls: Any, world: HandWorld
) -> None:
    """The item is there; the handler's exception comes out of the put."""

    class InterruptedOnce(cls):  # type: ignore[misc]  # any of them
        handlers = iter([Interrupted])

        def _settle(self) -> None:
            for error in self.handlers:
                raise error
            super()._settle()

    queue = InterruptedOnce()
    [getter] = started(world, 1, queue.async_get)
    with pytest.raises(Interrupted):
        queue.put_nowait(1)
    assert getter.is_woken
    assert getter.step().result == 1


def test_a_get_that_fails_once_the_item_is_out_frees_its_place() -> None:
    class Failing(aiologic.Queue[int]):
        def _get(self) -> int:
            super()._get()
            raise ZeroDivisionError

    queue = Failing([1], maxsize=1)
    with pytest.raises(ZeroDivisionError):
        queue.get_nowait()
    queue.put_nowait(2)
    assert len(queue) == 1


@pytest.mark.parametrize("operation", ["put", "get"])
def test_a_keyboard_interrupt_lets_the_next_one_in(operation: str) -> None:
    """Wherever a signal handler can raise, see aiologic/testing/_interruption.py."""
    for number in range(1_000):
        queue = Guarded([1, 2])
        call = queue.get_nowait if operation == "get" else partial(queue.put_nowait, 3)
        interruption = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            interruption.during(call)
        if not interruption.was_made:
            assert number > 3
            break
        exclusive: Any = queue._exclusive
        assert not exclusive._inside, interruption.where
        # There are never more permits than items, and at most one is missing.
        missing = len(queue) - queue.statistics().value
        assert 0 <= missing <= 1, interruption.where
        queue.put_nowait(4)
        assert len(drained(queue)) >= 2
    else:
        pytest.fail("it does not end")
