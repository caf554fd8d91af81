# SPDX-License-Identifier: ISC
"""A lazydeque and the deque that it stands for, in any order of operations."""

from __future__ import annotations

import copy
import pickle
import sys
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from aiologic.lowlevel import lazydeque
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

if TYPE_CHECKING:
    from collections.abc import Callable


# The last hypothesis for Python 3.8 warns about one of its own generators.
pytestmark = pytest.mark.filterwarnings("ignore:It looks like `register_random`")
items = st.integers(0, 5)
batches = st.lists(items, max_size=4)
indices = st.integers(-7, 7)
parentheses = st.sampled_from(["", "(", "')"])
limits = st.none() | st.integers(0, 4)
containers = st.sampled_from([deque, lazydeque])


def outcome(call: Callable[[], Any]) -> object:
    """What it returns, or raises and says."""
    try:
        return call()
    except (IndexError, ValueError, TypeError) as error:
        return type(error), str(error)


class AsADeque(RuleBasedStateMachine):
    """Whatever is done to it and to a deque has the same result."""

    @initialize(begin=batches, maxlen=limits)
    def create(self, begin: list[int], maxlen: int | None) -> None:
        self.lazy: lazydeque[int] = lazydeque(begin, maxlen)
        self.model: deque[int] = deque(begin, maxlen)

    def both(self, operation: Callable[[Any], Any]) -> None:
        assert outcome(lambda: operation(self.lazy)) == outcome(
            lambda: operation(self.model)
        )

    @rule(item=items)
    def append(self, item: int) -> None:
        self.both(lambda one: one.append(item))

    @rule(item=items)
    def appendleft(self, item: int) -> None:
        self.both(lambda one: one.appendleft(item))

    @rule(batch=batches)
    def extend(self, batch: list[int]) -> None:
        self.both(lambda one: one.extend(iter(batch)))

    @rule(batch=batches)
    def extendleft(self, batch: list[int]) -> None:
        self.both(lambda one: one.extendleft(iter(batch)))

    @rule()
    def extend_itself(self) -> None:
        if len(self.model) < 20:
            self.both(lambda one: one.extend(one))
            self.both(lambda one: one.extendleft(one))

    @rule(index=indices, item=items)
    def insert(self, index: int, item: int) -> None:
        self.both(lambda one: one.insert(index, item))

    @rule()
    def pop(self) -> None:
        self.both(lambda one: one.pop())

    @rule()
    def popleft(self) -> None:
        self.both(lambda one: one.popleft())

    @rule(item=items)
    def remove(self, item: int) -> None:
        self.both(lambda one: one.remove(item))

    @rule(item=items)
    def find(self, item: int) -> None:
        self.both(lambda one: one.index(item))
        self.both(lambda one: one.index(item, 1, -1))
        self.both(lambda one: (one.count(item), item in one))

    @rule(index=indices, item=items)
    def set_item(self, index: int, item: int) -> None:
        """D9: it used to raise after it had succeeded."""
        self.both(lambda one: one.__setitem__(index, item))

    @rule(index=indices)
    def delete_item(self, index: int) -> None:
        """D9: the same."""
        self.both(lambda one: one.__delitem__(index))

    @rule(index=indices)
    def get_item(self, index: int) -> None:
        self.both(lambda one: one[index])

    @rule(steps=indices)
    def rotate(self, steps: int) -> None:
        self.both(lambda one: one.rotate(steps))

    @rule()
    def turn(self) -> None:
        self.both(lambda one: one.rotate())
        self.both(lambda one: one.reverse())

    @rule()
    def clear(self) -> None:
        self.both(lambda one: one.clear())

    @rule(batch=batches, lazy=st.booleans())
    def add(self, batch: list[int], lazy: bool) -> None:
        other = lazydeque(batch) if lazy else deque(batch)
        assert self.lazy + other == self.model + deque(batch)
        # PyPy's deque does not ask the other side.
        if sys.implementation.name == "cpython":
            assert (deque(batch, 3) + self.lazy) == deque(batch, 3) + self.model
        if len(self.model) < 20:
            self.lazy += batch
            self.model += batch

    @rule(times=st.integers(-1, 3))
    def multiply(self, times: int) -> None:
        assert self.lazy * times == times * self.lazy == self.model * times
        if len(self.model) < 20:
            self.lazy *= times
            self.model *= times

    @rule(batch=batches, kind=containers)
    def compare(self, batch: list[int], kind: Any) -> None:
        other, model = kind(batch), deque(batch)
        assert (self.lazy == other) is (other == self.lazy) is (self.model == model)
        assert (self.lazy != other) is (other != self.lazy) is (self.model != model)
        assert (self.lazy < other) is (other > self.lazy) is (self.model < model)
        assert (self.lazy <= other) is (other >= self.lazy) is (self.model <= model)
        assert (self.lazy > other) is (other < self.lazy) is (self.model > model)
        assert (self.lazy >= other) is (other <= self.lazy) is (self.model >= model)

    @rule()
    def reproduce(self) -> None:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            self.is_like(pickle.loads(pickle.dumps(self.lazy, protocol)))
        for reproduce in copy.copy, copy.deepcopy, lazydeque.copy:
            self.is_like(reproduce(self.lazy))

    def is_like(self, other: lazydeque[int]) -> None:
        assert type(other) is lazydeque
        assert other is not self.lazy
        assert repr(other) == repr(self.lazy)
        other.append(9)
        assert len(self.lazy) == len(self.model)

    @invariant()
    def it_is_the_same(self) -> None:
        assert list(self.lazy) == list(self.model)
        assert list(reversed(self.lazy)) == list(reversed(self.model))
        assert (len(self.lazy), bool(self.lazy)) == (len(self.model), bool(self.model))
        assert self.lazy.maxlen == self.model.maxlen
        # D9: the limit was not shown while it was empty.
        assert repr(self.lazy) == f"lazy{self.model!r}"


def test_it_is_used_as_a_deque_is() -> None:
    """Contract 1.4.5, and D9."""
    run_state_machine_as_test(
        AsADeque, settings=settings(max_examples=20, stateful_step_count=20)
    )


@pytest.mark.slow  # many examples take seconds
def test_it_is_used_as_a_deque_is_for_long() -> None:
    run_state_machine_as_test(
        AsADeque, settings=settings(max_examples=300, stateful_step_count=40)
    )


@settings(max_examples=20)
@given(st.lists(st.tuples(items, parentheses), max_size=3), limits)
def test_repr_is_that_of_a_deque(begin: list[Any], maxlen: int | None) -> None:
    """D9: items with parentheses, limits, and itself among its items."""
    lazy, model = lazydeque(begin, maxlen), deque(begin, maxlen)
    assert repr(lazy) == f"lazy{model!r}"
    lazy.append(lazy)
    model.append(model)
    assert repr(lazy) == f"lazy{model!r}".replace("[deque", "[lazydeque")
