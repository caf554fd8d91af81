# SPDX-License-Identifier: ISC
"""Which bytecodes are felt by other tasks, and which are not."""

from __future__ import annotations

import dis
import sys
from typing import Any

import pytest
from aiologic._engine.newborn import born
from aiologic.testing._bytecode import HAS_TO_BOOL, Points, SwitchPoints
from aiologic.testing._truth_tests import is_plain


def test_what_is_felt_and_what_is_not() -> None:
    def function(queue: Any, item: Any) -> Any:
        local = item
        queue.append(local)
        if queue:
            return None
        queue.owner = local
        return local is item

    code = function.__code__
    names = {
        step.opname
        for step in dis.get_instructions(code)
        if step.offset in SwitchPoints([], False).of(code, {}).felt
    }

    assert "STORE_ATTR" in names  # queue.owner = ...
    assert any(name.startswith("CALL") for name in names)  # queue.append()
    assert any("JUMP" in name or name == "TO_BOOL" for name in names)  # if queue
    assert not any("FAST" in name or name == "IS_OP" for name in names)


class Lazy:
    def __init__(self) -> None:
        self.settled: list[int] = []
        self.made: list[int] | None = None

    def make(self) -> list[int]:
        return born(self, "made", list)

    def look(self) -> Any:
        return self.made, self.settled


def test_what_is_bound_by_its_name_is_felt() -> None:
    """setattr() binds an attribute as an assignment does; so its callers are taken into account."""
    points = SwitchPoints([__file__], False).of(Lazy.look.__code__, {})

    assert "made" in felt_in(Lazy.look, points)
    assert "settled" not in felt_in(Lazy.look, points)


class Kind:
    hands_over = True
    count = 0
    name = str.lower("COMPUTED")

    def method(self) -> int:
        self.count += 1
        return self.count


def test_what_only_classes_bind_is_not_felt() -> None:
    def function(kind: Any) -> Any:
        if kind.hands_over:
            return kind.count, kind.name
        return kind.method

    constants = SwitchPoints([__file__], False).of(function.__code__, {})
    anything = SwitchPoints([], False).of(function.__code__, {})

    assert felt_in(function, anything) >= {"hands_over", "count", "name", "method"}
    assert felt_in(function, constants) == {"count", "name", "method"}


def test_what_is_the_same_for_ever_has_the_same_truth() -> None:
    def function(kind: Any, item: Any) -> Any:
        if kind.hands_over:
            return None
        return item is None or kind

    points = SwitchPoints([__file__], False).of(function.__code__, {})

    assert not points.felt


def test_sums_and_comparisons_of_numbers_are_not_felt() -> None:
    def of_numbers(number: Any) -> Any:
        number += 1
        return number - 2 < 3

    def of_who_knows_what(left: Any, right: Any) -> Any:
        left += right
        return left[0] < right * 2

    points = SwitchPoints([], False)

    assert not points.of(of_numbers.__code__, {}).felt
    assert len(points.of(of_who_knows_what.__code__, {}).felt) == 4


def test_calls_that_neither_change_nor_see_anything_are_not_felt() -> None:
    async def function(backend: Any, item: Any) -> Any:
        waiter = backend.create_waiter()
        await waiter.park(None)
        return id(item), type(item)

    class Made(Lazy):
        def __init__(self) -> None:
            super().__init__()

    points = SwitchPoints([], False)
    another = points.of(function.__code__, {"id": print})

    assert not points.of(function.__code__, {}).felt
    assert len({*felt_in(function, another)}) == 1  # it is not the id() that we know
    if sys.version_info >= (3, 12):  # before, it is a method like any other
        assert not points.of(Made.__init__.__code__, {}).felt


def felt_in(function: Any, points: Points) -> set[object]:
    return {
        step.argval
        for step in dis.get_instructions(function)
        if step.offset in points.felt
    }


def test_what_a_truth_test_is_about() -> None:
    def function(flag: Any, queue: Any) -> Any:
        if flag:
            return None
        if queue.owner:
            return None
        return not queue.popleft()

    code = function.__code__
    tests = SwitchPoints([], False).of(code, {}).tests

    if HAS_TO_BOOL:
        assert list(tests.values()) == [("flag", None), ("queue", "owner")]
    else:
        assert not tests


class Slotted:
    __slots__ = ("_asked", "owner")

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    @property
    def asked(self) -> bool:
        raise AssertionError("it must not be called")


@pytest.mark.parametrize("value", [None, True, 0, "no", (), 1.5])
def test_a_truth_that_is_the_same_for_ever(value: Any) -> None:
    slotted = Slotted(value)
    frame = sys._getframe()

    assert slotted.owner == value
    assert is_plain(("value", None), frame)
    assert is_plain(("slotted", "owner"), frame)


@pytest.mark.parametrize("value", [[], {}, Slotted(None)])
def test_a_truth_that_may_change(value: Any) -> None:
    slotted = Slotted(value)
    frame = sys._getframe()

    assert slotted.owner is value
    assert not is_plain(("value", None), frame)
    assert not is_plain(("slotted", "owner"), frame)
    assert not is_plain(("slotted", "_asked"), frame)  # the slot is empty
    assert not is_plain(("slotted", "asked"), frame)
    assert not is_plain(("nobody", None), frame)
