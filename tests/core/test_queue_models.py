# SPDX-License-Identifier: ISC
"""Queues and the containers that they are made of, in any order of operations."""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, QueueShutDown
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FEW_EXAMPLES = 15
MANY_EXAMPLES = 300
STEPS = 30

items = st.integers(0, 9)
batches = st.lists(items, max_size=5)


class Row:
    """First in, first out."""

    def __init__(self, begin: list[int]) -> None:
        self.data: Any = deque(begin)

    def put(self, item: int) -> None:
        self.data.append(item)

    def get(self) -> int:
        item: int = self.data.popleft()
        return item

    def next(self) -> int:
        item: int = self.data[0]
        return item


class Pile(Row):
    """Last in, first out."""

    def get(self) -> int:
        item: int = self.data.pop()
        return item

    def next(self) -> int:
        item: int = self.data[-1]
        return item


class Heap(Row):
    """The smallest first."""

    def __init__(self, begin: list[int]) -> None:
        self.data = list(begin)
        heapq.heapify(self.data)

    def put(self, item: int) -> None:
        heapq.heappush(self.data, item)

    def get(self) -> int:
        item: int = heapq.heappop(self.data)
        return item


class SimpleMachine(RuleBasedStateMachine):
    """What all queues can do."""

    kind: Any
    model_kind: type[Row]
    # For those that can have them.
    limit: int | None = None
    is_shut = False

    @initialize(begin=batches)
    def begin(self, begin: list[int]) -> None:
        self.queue: Any = self.kind(begin)
        self.model = self.model_kind(begin)
        self.unfinished = len(begin)

    def expects(self, error: type[Exception] | None, call: Callable[[], Any]) -> Any:
        """Make a call that must raise this, or nothing."""
        if error is None:
            return call()
        with pytest.raises(error) as raised:
            call()
        assert raised.value.args == ()
        return None

    def is_full(self) -> bool:
        return self.limit is not None and len(self.model.data) >= self.limit

    def refuses_put(self) -> type[Exception] | None:
        if self.is_shut:
            return QueueShutDown
        return QueueFull if self.is_full() else None

    def refuses_get(self) -> type[Exception] | None:
        if self.model.data:
            return None
        return QueueShutDown if self.is_shut else QueueEmpty

    @rule(item=items, spelling=st.sampled_from(["nowait", "green", "timeout"]))
    def put(self, item: int, spelling: str) -> None:
        queue = self.queue
        error = self.refuses_put()
        self.expects(
            error,
            {
                "nowait": lambda: queue.put_nowait(item),
                "green": lambda: queue.green_put(item, blocking=False),
                "timeout": lambda: queue.green_put(item, timeout=0),
            }[spelling],
        )
        if error is None:
            self.model.put(item)
            self.unfinished += 1

    @rule(spelling=st.sampled_from(["nowait", "green", "timeout"]))
    def get(self, spelling: str) -> None:
        queue = self.queue
        error = self.refuses_get()
        got = self.expects(
            error,
            {
                "nowait": queue.get_nowait,
                "green": lambda: queue.green_get(blocking=False),
                "timeout": lambda: queue.green_get(timeout=0),
            }[spelling],
        )
        if error is None:
            assert got == self.model.get()

    @rule(batch=batches)
    def put_many(self, batch: list[int]) -> None:
        self.queue.put_many(batch)
        for item in batch:
            self.model.put(item)

    @invariant()
    def same(self) -> None:
        queue, count = self.queue, len(self.model.data)
        assert len(queue) == count
        assert bool(queue) is bool(count)
        assert queue.statistics().value == count
        assert (queue.getting, queue.putting, queue.waiting) == (0, 0, 0)

    def teardown(self) -> None:
        if not hasattr(self, "queue"):
            return
        rest = [self.queue.get_nowait() for _ in range(len(self.queue))]
        assert rest == [self.model.get() for _ in range(len(self.model.data))]


class SizedMachine(SimpleMachine):
    """What the queues can do as well that can have a limit, and an end."""

    @initialize(begin=batches, limit=st.none() | st.integers(1, 6))
    def begin(self, begin: list[int], limit: int | None) -> None:
        super().begin(begin)
        self.queue = self.kind(begin, limit)
        self.limit = limit

    @rule(batch=batches, timeout=st.sampled_from([None, 0]))
    def put_many(self, batch: list[int], timeout: float | None = None) -> None:
        error = QueueShutDown if self.is_shut and batch else None
        options: Any = {"blocking": False} if timeout is None else {"timeout": timeout}
        put = self.expects(error, lambda: self.queue.green_put_many(batch, **options))
        if error is None:
            expected = 0
            while expected < len(batch) and not self.is_full():
                self.model.put(batch[expected])
                expected += 1
            assert put == expected
            self.unfinished += expected

    @rule(count=st.integers(1, 6))
    def get_many(self, count: int) -> None:
        error = self.refuses_get()
        got = self.expects(
            error, lambda: self.queue.green_get_many(count, blocking=False)
        )
        if error is None:
            expected = min(count, len(self.model.data))
            assert got == [self.model.get() for _ in range(expected)]

    @rule()
    def peek(self) -> None:
        error = self.refuses_get()
        seen = self.expects(error, self.queue.peek_nowait)
        if error is None:
            assert seen == self.model.next()

    @rule()
    def clear(self) -> None:
        self.queue.clear()
        self.discard()

    def discard(self) -> None:
        # What was reported as done in advance is done already.
        self.unfinished = max(0, self.unfinished - len(self.model.data))
        self.model.data.clear()

    @rule()
    def task_done(self) -> None:
        if self.unfinished:
            self.queue.task_done()
            self.unfinished -= 1
        else:
            with pytest.raises(ValueError, match="too many times"):
                self.queue.task_done()

    @precondition(lambda self: len(self.model.data) > 3 or self.is_shut)
    @rule(immediate=st.booleans())
    def shutdown(self, immediate: bool) -> None:
        self.queue.shutdown(immediate)
        self.is_shut = True
        if immediate:
            self.discard()

    @rule()
    def loop(self) -> None:
        if self.is_shut:
            assert list(self.queue) == [
                self.model.get() for _ in range(len(self.model.data))
            ]

    @rule(timeout=st.sampled_from([0, 0.0]))
    def join(self, timeout: float) -> None:
        assert self.queue.green_join(timeout) is (self.unfinished == 0)

    @invariant()
    def same_numbers(self) -> None:
        queue, view = self.queue, self.queue.sync_q
        assert queue.unfinished_tasks == self.unfinished
        assert queue.is_shutdown is self.is_shut
        assert queue.maxsize == (self.limit or 0)
        assert view.full() is self.is_full()
        assert (view.qsize(), view.empty()) == (len(queue), not queue)


# The last hypothesis for Python 3.8 warns about one of its own generators.
pytestmark = pytest.mark.filterwarnings("ignore:It looks like `register_random`")

each_kind = pytest.mark.parametrize(
    ("kind", "model", "machine"),
    [
        (aiologic.SimpleQueue, Row, SimpleMachine),
        (aiologic.SimpleLifoQueue, Pile, SimpleMachine),
        (aiologic.Queue, Row, SizedMachine),
        (aiologic.LifoQueue, Pile, SizedMachine),
        (aiologic.PriorityQueue, Heap, SizedMachine),
    ],
)


def check(
    kind: Any,
    model: type[Row],
    machine: type[SimpleMachine],
    examples: int,
    **options: Any,
) -> None:
    members = {"kind": kind, "model_kind": model}
    of_this_kind: Any = type(f"{kind.__name__}Machine", (machine,), members)
    run_state_machine_as_test(
        of_this_kind,
        settings=settings(max_examples=examples, stateful_step_count=STEPS, **options),
    )


@each_kind
def test_it_does_what_its_model_does(
    kind: Any, model: type[Row], machine: type[SimpleMachine]
) -> None:
    """Contract 1.3.7: whatever is done to it, one after the other."""
    check(kind, model, machine, FEW_EXAMPLES)


@pytest.mark.slow
@each_kind
def test_it_does_what_its_model_does_for_long(
    kind: Any, model: type[Row], machine: type[SimpleMachine]
) -> None:
    check(kind, model, machine, MANY_EXAMPLES)


class Forgetful(aiologic.Queue[Any]):
    """Reports every fourth item as done."""

    count = 0

    def _get(self) -> Any:
        self.count += 1
        if self.count % 4 == 0:
            self._tally.say_done()
        return super()._get()

    def _peek(self) -> Any:
        return self._data[0]


@pytest.mark.slow
def test_a_planted_bug_is_found() -> None:
    with pytest.raises(AssertionError):
        check(Forgetful, Row, SizedMachine, MANY_EXAMPLES, phases=[Phase.generate])
