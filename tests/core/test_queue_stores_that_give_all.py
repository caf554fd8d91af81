# SPDX-License-Identifier: ISC
"""Stores from which one get takes everything: others that were promised an item find nothing, and wait again."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueShutDown

from .queues import started
from .stores import done
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


class AllAtOnce(aiologic.Queue[Any]):
    """Returns everything that is there."""

    def _get(self) -> Any:
        items = list(self._data)
        self._data.clear()
        return items


class Burst(AllAtOnce):
    """Takes several at once, and returns all at once."""

    def _put(self, item: Any) -> None:
        self._data.extend(item)


def test_a_get_of_all(caller: Caller) -> None:
    """The others count as done with the one that was got."""
    queue = AllAtOnce(3)
    for item in range(3):
        caller.put(queue, item)
    assert caller.get(queue) == [0, 1, 2]
    done(queue, 1)


def test_a_get_of_what_was_promised_to_others(world: HandWorld) -> None:
    """They come, find nothing, and wait again; in the end everything is as if they had never been woken."""
    queue = AllAtOnce(3)
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.put_nowait(2)
    assert first.is_woken
    assert second.is_woken
    assert first.step().result == [1, 2]
    assert not second.step().is_done
    assert queue.getting == 1
    queue.put_nowait(3)
    assert second.step().result == [3]
    done(queue, 2)


@pytest.mark.parametrize("timeout", [None, 20])
def test_threads_of_which_one_finds_nothing(crew: Crew, timeout: float | None) -> None:
    """Both are promised an item, and the first to come takes both."""
    queue = Burst()
    members = [crew.start(partial(queue.green_get, timeout=timeout)) for _ in range(2)]
    crew.wait_until(lambda: queue.getting == 2)
    queue.put_nowait([1, 2])
    crew.wait_until(lambda: queue.getting == 1 and not queue)
    queue.put_nowait([3])
    assert sorted(member.result() for member in members) == [[1, 2], [3]]
    done(queue, 2)


def test_a_get_of_what_another_takes_in_this_moment() -> None:
    """It has a permit, finds nothing, and starts again."""
    for interruption in interruptions():
        queue = AllAtOnce([1, 2])
        got: list[Any] = []

        def get() -> None:
            with suppress(QueueEmpty, RuntimeError):
                got.append(queue.get_nowait())  # noqa: B023  # called before the next round

        with suppress(QueueEmpty):
            got.append(interruption.during(queue.get_nowait, get))
        assert got == [[1, 2]]


def test_who_waits_anew_does_so_for_what_is_left_of_its_time(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(world, "clock", lambda: now[0])
    queue = Burst()
    first, second = started(world, 2, lambda: queue.async_get(timeout=5))
    queue.put_nowait([1, 2])
    assert first.step().result == [1, 2]
    now[0] += 3
    assert second.step().timeout == 2
    with pytest.raises(QueueEmpty):
        second.time_out()
    done(queue, 1)


def test_the_end_comes_where_nothing_is_left(world: HandWorld) -> None:
    queue = AllAtOnce()
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.put_nowait(2)
    queue.shutdown()
    assert first.step().result == [1, 2]
    with pytest.raises(QueueShutDown):
        second.step()
    queue.task_done()
    assert queue.unfinished_tasks == 0


@pytest.mark.parametrize("immediate", [False, True])
def test_all_are_done_at_the_end(world: HandWorld, immediate: bool) -> None:
    queue = AllAtOnce()
    getters = started(world, 2, queue.async_get)
    for item in range(4):
        queue.put_nowait(item)
    if not immediate:
        assert getters.pop(0).step().result == [0, 1, 2, 3]
    queue.shutdown(immediate)
    for getter in getters:
        with pytest.raises(QueueShutDown):
            getter.step()
    if not immediate:
        queue.task_done()
    assert queue.unfinished_tasks == 0
