# SPDX-License-Identifier: ISC
"""What is special about queues without a limit and an end; everything else is in test_queue.py and next to it."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import QueueEmpty, SimpleLifoQueue, SimpleQueue, _items

from .hand_driven import Cancelled
from .queues import drained, each_simple, in_order, started
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


def test_kinds() -> None:
    assert issubclass(SimpleLifoQueue, SimpleQueue)
    for cls in SimpleQueue, SimpleLifoQueue:
        for name in "maxsize", "shutdown", "task_done", "green_join", "peek_nowait":
            assert not hasattr(cls, name)


@each_simple
@pytest.mark.parametrize("items", [None, 5, 1.5, object()])
def test_what_is_not_iterable(cls: Any, items: Any) -> None:
    """Contract 1.3.7: a TypeError, because there is no limit that could be meant."""
    with pytest.raises(TypeError) as refused:
        cls(items)
    assert f"items must be iterable, got {items!r}" in str(refused.value)


@each_simple
def test_its_arguments(cls: Any) -> None:
    for call in partial(cls, items=[1]), partial(cls, [1], 1):
        with pytest.raises(TypeError):
            call()


@each_simple
@pytest.mark.parametrize("timeout", [None, 0, -1, float("nan"), "soon"])
def test_put_never_waits(cls: Any, caller: Caller, timeout: Any) -> None:
    """Contract 1.3.7: so no `timeout` is checked, and `putting` is 0."""
    queue = cls()
    for blocking in True, False:
        assert caller.put(queue, 1, blocking=blocking, timeout=timeout) is None
    assert queue.put(2) is None
    assert queue.put_nowait(3) is None
    assert (len(queue), queue.putting) == (4, 0)


@each_simple
def test_several_at_once(cls: Any, world: HandWorld) -> None:
    """Those who wait are woken together, one for each item, in order."""
    queue = cls()
    tasks = started(world, 3, queue.async_get)
    queue.put_many(iter("ab"))
    assert [task.is_woken for task in tasks] == [True, True, False]
    assert len(queue) == 2
    assert [task.step().result for task in tasks[:2]] == in_order(cls, ["a", "b"])
    queue.put_many([])
    assert not tasks[2].is_woken
    queue.put_many("cde")
    assert tasks[2].step().result == in_order(cls, ["c", "d", "e"])[0]
    assert len(queue) == 2


@each_simple
def test_several_that_fail_to_come(cls: Any) -> None:
    """All or none."""
    queue = cls()

    def items() -> Any:
        yield 1
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        queue.put_many(items())
    with pytest.raises(TypeError):
        queue.put_many(5)
    assert (len(queue), queue.statistics().value) == (0, 0)


@each_simple
def test_an_item_is_promised_and_not_given(cls: Any, world: HandWorld) -> None:
    """Contract 1.3.7: a task that waited takes what is next when it runs: nothing is put back, so the order is kept."""
    queue = cls()
    first, second = started(world, 2, queue.async_get)
    queue.put("a")
    queue.put("b")
    assert len(queue) == 2
    # The second may run first: it gets what is next.
    got = [second.step().result, first.step().result]
    assert got == in_order(cls, ["a", "b"])


@each_simple
def test_a_handler_puts_between_any_two_steps(cls: Any, world: HandWorld) -> None:
    """Users 2.3 C13."""
    for interruption in interruptions():
        queue = cls()
        interruption.during(partial(queue.put, 1), partial(queue.put, 2))
        assert sorted(drained(queue)) == [1, 2][: 1 + interruption.was_made]
    for interruption in interruptions():
        queue = cls()
        task = world.spawn(queue.async_get())
        interruption.during(task.step, partial(queue.put, 1))
        if not interruption.was_made:
            queue.put(1)
        assert task.is_done or task.is_woken
        assert task.is_done or task.step().is_done
        assert task.result == 1
        assert queue.waiting == 0
    for interruption in interruptions():
        queue = cls([0])
        got: list[int] = []
        try:
            got.append(
                interruption.during(
                    partial(queue.green_get, timeout=0), partial(queue.put, 1)
                )
            )
        except QueueEmpty:
            pytest.fail("there was one")
        assert sorted(got + drained(queue)) == [0, 1][: 1 + interruption.was_made]


@each_simple
def test_a_handler_gets_between_any_two_steps_of_a_put(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls()
        waiting: list[Any] = []
        interruption.during(
            partial(queue.put, 1),
            lambda queue=queue, waiting=waiting: waiting.append(  # type: ignore[misc]
                world.spawn(queue.async_get()).step()
            ),
        )
        for task in waiting:
            assert task.is_done or task.is_woken
            assert task.is_done or task.step().is_done
            assert task.result == 1
        assert len(queue) == (not waiting)


@each_simple
def test_a_finalizer_puts(cls: Any, world: HandWorld) -> None:
    """Users 2.3 C13."""
    queue = cls()

    class Garbage:
        def __init__(self) -> None:
            self.myself = self

        def __del__(self) -> None:
            queue.put("finalized")

    [task] = started(world, 1, queue.async_get)
    gc.collect()  # or else another thread may run it, beside earlier garbage (PyPy)
    Garbage()
    gc.collect()
    assert task.is_woken
    assert task.step().result == "finalized"


@each_simple
def test_two_who_make_the_store(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A and B find none.   B creates one, and puts its item there.   A does not create another."""
    queue = cls()

    class Newborn(dict):  # type: ignore[type-arg]  # a dict of the module
        def setdefault(self, key: Any, store: Any) -> Any:  # type: ignore[override]
            monkeypatch.setattr(_items, "_newborn", {})
            queue.put("B")
            return super().setdefault(key, store)

    monkeypatch.setattr(_items, "_newborn", Newborn())
    queue.put("A")
    assert sorted(drained(queue)) == ["A", "B"]


@each_simple
@pytest.mark.usefixtures("tiny_switch_interval")
def test_each_item_is_got_once(cls: Any, crew: Crew) -> None:
    """Contract 1.3.7: none is lost or duplicated."""
    queue = cls()

    def put(name: int) -> None:
        for number in range(500):
            queue.put((name, number))

    def get() -> list[tuple[int, int]]:
        return [queue.green_get() for _ in range(500)]

    got = crew.race(partial(put, 0), get, partial(put, 1), get)
    every = got[1] + got[3]
    assert sorted(every) == [(name, n) for name in range(2) for n in range(500)]
    assert (len(queue), queue.waiting) == (0, 0)
    if cls is SimpleQueue:
        for consumer in got[1], got[3]:
            for name in range(2):
                numbers = [number for who, number in consumer if who == name]
                assert numbers == sorted(numbers)


@each_simple
def test_whoever_leaves_is_forgotten(cls: Any, world: HandWorld) -> None:
    queue = cls()
    tasks = started(world, 200, queue.async_get)
    for task in tasks[:199]:
        with pytest.raises(Cancelled):
            task.cancel(Cancelled())
    assert queue.getting == 1
    queue.put(1)
    assert tasks[199].step().result == 1
    assert queue.getting == 0
    queue.put(2)
    assert queue.get_nowait() == 2
