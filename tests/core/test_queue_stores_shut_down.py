# SPDX-License-Identifier: ISC
"""A queue that is shut down from within its own store: the call that is inside does it, and tells those who wait."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import QueueShutDown

from .queues import SIZED, drained, started
from .stores import Busy
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .hand_driven import HandWorld


@pytest.mark.parametrize("immediate", [False, True])
def test_a_shutdown_within_an_operation(world: HandWorld, immediate: bool) -> None:
    """It takes effect when the operation has ended."""
    queue = Busy([1], 1)
    [putter] = started(world, 1, lambda: queue.async_put(2))
    queue.while_getting = partial(queue.shutdown, immediate)
    if immediate:
        with pytest.raises(QueueShutDown):
            queue.get_nowait()
    else:
        assert queue.get_nowait() == 1
    assert queue.is_shutdown
    with pytest.raises(QueueShutDown):
        putter.step()
    with pytest.raises(QueueShutDown):
        queue.get_nowait()

    queue = Busy(1)
    [getter] = started(world, 1, queue.async_get)
    queue.while_putting = partial(queue.shutdown, immediate)
    queue.put_nowait(1)
    if immediate:
        with pytest.raises(QueueShutDown):
            getter.step()
    else:
        assert getter.step().result == 1


def test_an_immediate_shutdown_within_a_get_that_leaves_its_item() -> None:
    """The item is discarded, and counts as done once; another that was got before is still to be done."""

    class Lasting(Busy):
        lets_go = True

        def _get(self) -> Any:
            self._do("while_getting")
            return self._data.popleft() if self.lets_go else self._data[0]

    queue = Lasting([1, 2])
    assert queue.get_nowait() == 1
    queue.lets_go = False
    queue.while_getting = partial(queue.shutdown, immediate=True)
    with pytest.raises(QueueShutDown):
        queue.get_nowait()
    assert queue.unfinished_tasks == 1


def test_a_shutdown_within_a_put_that_fails(world: HandWorld) -> None:
    """Nothing was put, and the task whose put failed tells those who wait."""

    class Failing(Busy):
        def _put(self, item: Any) -> None:
            self._do("while_putting")
            raise LookupError(f"will not put {item!r}")

    queue = Failing()
    [getter] = started(world, 1, queue.async_get)
    queue.while_putting = queue.shutdown
    with pytest.raises(LookupError):
        queue.put_nowait(1)
    assert getter.is_woken
    with pytest.raises(QueueShutDown):
        getter.step()


@pytest.mark.parametrize("immediate", [False, True])
def test_a_second_shutdown_within_an_operation(immediate: bool) -> None:
    queue = Busy([1, 2, 3])
    queue.shutdown()
    queue.while_getting = partial(queue.shutdown, immediate)
    if immediate:
        with pytest.raises(QueueShutDown):
            queue.get_nowait()
        assert len(queue) == 0
        assert queue.unfinished_tasks == 0
    else:
        assert queue.get_nowait() == 1
        assert drained(queue) == [2, 3]


def test_a_shutdown_while_all_is_discarded(world: HandWorld) -> None:
    """A task that interrupts one that is discarding leaves the rest to it."""
    queue = Busy([1, 2, 3])
    queue.while_getting = partial(queue.shutdown, immediate=True)
    queue.shutdown(immediate=True)
    assert len(queue) == 0
    assert queue.unfinished_tasks == 0
    getter = world.spawn(queue.async_get()).step()
    assert getter.is_woken
    with pytest.raises(QueueShutDown):
        getter.step()


def test_a_shutdown_within_a_look(world: HandWorld) -> None:
    class Looking(Busy):
        def _peek(self) -> Any:
            item = self._data[0]
            self._do("while_getting")
            return item

    queue = Looking([1], 1)
    [putter] = started(world, 1, lambda: queue.async_put(2))
    queue.while_getting = queue.shutdown
    assert queue.peek_nowait() == 1
    assert putter.is_woken
    with pytest.raises(QueueShutDown):
        putter.step()
    assert drained(queue) == [1]


@pytest.mark.parametrize("cls", SIZED)
def test_a_handler_shuts_down_between_any_two_steps_of_a_put(
    cls: Any, world: HandWorld
) -> None:
    """What is put can be got, or is refused; and those who wait are told."""
    for immediate in False, True:
        for interruption in interruptions():
            queue = cls(5)
            getters = started(world, 2, queue.async_get)
            was_put = True
            try:
                interruption.during(
                    partial(queue.put_nowait, 1), partial(queue.shutdown, immediate)
                )
            except QueueShutDown:
                was_put = False
            if not interruption.was_made:
                queue.shutdown(immediate)
            outcomes: list[object] = []
            for getter in getters:
                assert getter.is_woken
                try:
                    outcomes.append(getter.step().result)
                except QueueShutDown:
                    outcomes.append("end")
            if immediate:
                assert set(outcomes) <= {1, "end"}
                assert queue.unfinished_tasks == outcomes.count(1)
            else:
                assert outcomes == [1 if was_put else "end", "end"]
                assert queue.unfinished_tasks == was_put
            assert queue.getting == 0
            assert len(queue) == 0
