# SPDX-License-Identifier: ISC
"""Puts and gets by a thread that is inside the store already: by its own code, by a handler, by a finalizer."""

from __future__ import annotations

import gc
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueFull, QueueShutDown

from .queues import SIZED, drained, started
from .stores import Busy
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .hand_driven import HandWorld


# -- by its own code -------------------------------------------------------------------------------------------------


def test_a_put_within_a_put_comes_after_it() -> None:
    queue = Busy()
    queue.while_putting = partial(queue.put_nowait, 2)
    queue.put_nowait(1)
    assert len(queue) == 2
    assert queue.unfinished_tasks == 2
    assert drained(queue) == [1, 2]


def test_a_put_within_a_get_comes_after_it() -> None:
    queue = Busy([1])
    queue.while_getting = partial(queue.green_put, 2)
    assert queue.get_nowait() == 1
    assert drained(queue) == [2]


def test_a_put_within_a_get_of_what_is_left_is_refused() -> None:
    """The end can be seen from inside as well; so the put raises, and nothing is put off."""
    queue = Busy([1], maxsize=2)
    queue.shutdown()

    def put() -> None:
        with pytest.raises(QueueShutDown):
            queue.put_nowait(2)

    queue.while_getting = put
    assert queue.get_nowait() == 1
    assert queue.while_getting is None
    assert queue.unfinished_tasks == 1


def test_a_put_within_a_get_wakes_who_waits(world: HandWorld) -> None:
    """A takes the only item.   B waits.   A handler in A's thread puts another, which is left behind until A leaves."""
    queue = Busy([1])
    waiting: list[Any] = []

    def while_getting() -> None:
        waiting.extend(started(world, 1, queue.async_get))
        queue.put_nowait(2)

    queue.while_getting = while_getting
    assert queue.get_nowait() == 1
    [getter] = waiting
    assert getter.is_woken
    assert getter.step().result == 2


def test_a_get_within_another_is_refused() -> None:
    """It would wait for its own thread for ever."""
    queue = Busy([1, 2])
    refused: list[str] = []

    def get() -> None:
        with pytest.raises(RuntimeError, match="interrupts another") as error:
            queue.get_nowait()
        refused.append(str(error.value))

    queue.while_getting = get
    assert queue.get_nowait() == 1
    queue.while_putting = get
    queue.put_nowait(3)
    assert len(refused) == 2
    # Nothing was taken.
    assert drained(queue) == [2, 3]
    assert queue.statistics().value == 0


def test_an_error_of_a_put_that_was_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is there to catch it, so it is printed; it counts as not put."""
    told: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: told.append(error[0]))
    queue = aiologic.PriorityQueue[Any]([1], maxsize=3)

    class Putting(int):
        def __lt__(self, other: object) -> bool:
            if not told and not pending:
                pending.append(True)
                queue.put_nowait("text")
            return int(self) < other if isinstance(other, int) else NotImplemented

    pending: list[bool] = []
    queue.put_nowait(Putting(2))
    assert told == [TypeError]
    assert queue.unfinished_tasks == 2
    queue.put_nowait(3)
    with pytest.raises(QueueFull):
        queue.put_nowait(4)
    assert drained(queue) == [1, 2, 3]


# -- by handlers and finalizers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", SIZED)
def test_a_handler_puts_between_any_two_steps_of_a_put(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls(5)
        getters = started(world, 1, queue.async_get)
        interruption.during(partial(queue.put_nowait, 1), partial(queue.put_nowait, 2))
        assert len(queue) == 1 + interruption.was_made
        got = [getters[0].step().result]
        assert sorted(got + drained(queue)) == [1, 2][: 1 + interruption.was_made]
        assert queue.unfinished_tasks == 1 + interruption.was_made


@pytest.mark.parametrize("cls", SIZED)
def test_a_handler_puts_between_any_two_steps_of_a_get(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls([1])
        waiting: list[Any] = []

        def handler(queue: Any = queue, waiting: list[Any] = waiting) -> None:
            task = world.spawn(queue.async_get())
            # A get within a get is refused, and so is waiting while there seems to be an item.
            if not queue.statistics().value:
                waiting.append(task.step())
            else:
                task.coroutine.close()
            queue.put_nowait(2)

        got = [interruption.during(queue.get_nowait, handler)]
        for task in waiting:
            assert task.is_woken
            got.append(task.step().result)
        assert sorted(got + drained(queue)) == [1, 2][: 1 + interruption.was_made]


@pytest.fixture
def alarm() -> Iterator[Any]:
    """Causes a signal handler to run, here and now."""
    if not hasattr(signal, "SIGUSR1"):
        pytest.skip("this system has no such signals")
    before = signal.getsignal(signal.SIGUSR1)

    def ring(function: Any) -> None:
        signal.signal(signal.SIGUSR1, lambda *_: function())
        signal.raise_signal(signal.SIGUSR1)

    yield ring
    signal.signal(signal.SIGUSR1, before)


def test_a_signal_handler_within_them(alarm: Any) -> None:
    """Users 2.3 C13: it puts while its own thread does."""
    queue = Busy()
    queue.while_putting = partial(alarm, partial(queue.put_nowait, "signal"))
    queue.put_nowait(1)
    queue.while_getting = partial(alarm, partial(queue.put_nowait, "again"))
    assert queue.get_nowait() == 1
    assert drained(queue) == ["signal", "again"]


def test_a_finalizer_within_them() -> None:
    """Users 2.3 C13: garbage is collected while its own thread puts."""
    queue = Busy()

    class Garbage:
        def __init__(self) -> None:
            self.myself = self

        def __del__(self) -> None:
            queue.put_nowait("finalized")

    def collect() -> None:
        Garbage()
        gc.collect()

    queue.while_putting = collect
    # PyPy runs all finalizers in a row, and other threads may run some of them meanwhile: this one is to be the only one.
    gc.collect()
    queue.put_nowait(1)
    assert drained(queue) == [1, "finalized"]
