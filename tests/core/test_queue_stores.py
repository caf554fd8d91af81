# SPDX-License-Identifier: ISC
"""A subclass's own ``_init``, ``_put`` and ``_get``: when they are called, one at a time; and a look at what comes."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueShutDown

from .queues import SIZED, drained
from .stores import HEAPS, Guarded, Picky, Unique

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew


# -- when they are called --------------------------------------------------------------------------------------------


def test_they_are_called_with_what_was_given(caller: Caller) -> None:
    """Contract 1.3.7: `_init(items, maxsize)`, `_put(item)`, `_get()`."""
    assert Guarded() is not None
    assert Guarded.inits == ([], 0)
    Guarded(7)
    assert Guarded.inits == ([], 7)
    queue = Guarded(iter([1, 2]), maxsize=7)
    assert Guarded.inits == ([1, 2], 7)
    caller.put(queue, 3)
    assert queue._data == [1, 2, 3]
    assert [caller.get(queue) for _ in range(3)] == [1, 2, 3]
    assert queue.calls == 4
    with pytest.raises(QueueEmpty):
        caller.get(queue, blocking=False)
    assert queue.calls == 4


@pytest.mark.usefixtures("tiny_switch_interval")
@pytest.mark.parametrize("limit", [None, 2])
def test_one_at_a_time(crew: Crew, limit: int | None) -> None:
    """Contract 1.3.7: called with exclusive access."""
    queue = Guarded(limit)

    def put() -> None:
        for item in range(200):
            queue.green_put(item)

    def get() -> list[int]:
        return [queue.green_get() for _ in range(200)]

    results = crew.race(put, get, put, get)
    assert sorted(results[1] + results[3]) == sorted([*range(200)] * 2)
    assert queue.most == 1
    assert queue.calls == 800


@pytest.mark.parametrize("operation", ["_put", "_get"])
def test_a_second_thread_comes_in_when_the_first_has_left(
    crew: Crew, operation: str
) -> None:
    """A is inside, and B sleeps until A has left; then C, which came later."""
    barrier = threading.Barrier(2)

    class Slow(Guarded):
        def linger(self) -> None:
            if self.calls == 1:
                barrier.wait(20)
                barrier.wait(20)

    queue = Slow([1, 2, 3])
    first = partial(queue.put_nowait, 4) if operation == "_put" else queue.get_nowait
    members = [crew.start(first)]
    barrier.wait(20)  # A is inside
    exclusive: Any = queue._exclusive
    members.append(crew.start(queue.get_nowait))
    crew.wait_until(lambda: len(exclusive._waiting) == 1)
    members.append(crew.start(queue.put_nowait, 5))
    crew.wait_until(lambda: len(exclusive._waiting) == 2)
    assert queue.calls == 1
    barrier.wait(20)
    got = [member.result() for member in members]
    assert got[1] == (1 if operation == "_put" else 2)
    assert queue.most == 1
    assert queue.inside == 0
    assert len(drained(queue)) == (4 if operation == "_put" else 2)
    assert exclusive._waiting == []


def test_what_overrides_nothing_takes_the_short_way() -> None:
    class Named(aiologic.Queue[int]):
        pass

    class Mixed(Named, Picky):
        pass

    assert aiologic.Queue()._exclusive is None
    assert Named()._exclusive is None
    for cls in (Picky, Mixed, *HEAPS):
        assert cls()._exclusive is not None


def test_any_container_will_do() -> None:
    """Contract 1.3.7: `_data` has a length, can be copied, and has a truth value."""
    queue = Unique([1, 2, 3])
    assert (len(queue), bool(queue)) == (3, True)
    assert "Unique([1, 2, 3])" in repr(queue)
    assert drained(queue) == [3, 2, 1]
    assert not queue
    queue.shutdown()
    with pytest.raises(QueueShutDown):
        queue.get_nowait()


# -- a look ----------------------------------------------------------------------------------------------------------


def test_a_look_where_nobody_says_how() -> None:
    """Showing the wrong item would be worse than an error."""
    for cls in Unique, Guarded, Picky:
        queue = cls([1, 2])
        with pytest.raises(TypeError, match=f"{cls.__name__}.*_peek"):
            queue.peek_nowait()
        assert len(queue) == 2

    class Seen(Guarded):
        def _peek(self) -> Any:
            return self._data[0]

    assert Seen([1, 2]).peek_nowait() == 1
    with pytest.raises(QueueEmpty):
        Seen().peek_nowait()

    class Putting(aiologic.PriorityQueue[Any]):
        def _put(self, item: Any) -> None:
            super()._put(item)

    assert Putting([2, 1]).peek_nowait() == 1


@pytest.mark.parametrize("cls", SIZED)
def test_a_look_within_another_operation(cls: Any) -> None:
    """It can't be put off, as a put can."""

    class Looking(cls):  # type: ignore[misc]  # any of them
        def _put(self, item: Any) -> None:
            super()._put(item)
            with pytest.raises(RuntimeError, match=r"peek_nowait.*interrupts"):
                self.peek_nowait()

    queue = Looking()
    queue.put_nowait(1)
    assert queue.peek_nowait() == 1
