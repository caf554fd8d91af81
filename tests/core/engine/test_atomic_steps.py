# SPDX-License-Identifier: ISC
"""The steps of lists that decide our races are single steps on this interpreter.

Here, and in the files beside it for deques, dicts and counters, is one test for
each row of the table in ``aiologic/_engine/__init__.py``. They are statistical: a
failure proves that the interpreter breaks the promise, and a pass only says that
it did not in some thousand collisions.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from aiologic._permits import ANY

from .collisions import ROUNDS, THREADS

if TYPE_CHECKING:
    from ..crew import Crew

pytestmark = pytest.mark.usefixtures("tiny_switch_interval")


def pop_each(lists: list[list[None]]) -> int:
    """Pop from each; how many of them still had an item."""
    won = 0
    for items in lists:
        try:
            items.pop()
        except IndexError:
            continue
        won += 1
    return won


def delete_each(lists: list[list[None]]) -> int:
    """The same, by a statement."""
    won = 0
    for items in lists:
        try:
            del items[0]
        except IndexError:
            continue
        won += 1
    return won


def test_one_pop_gets_the_only_item(crew: Crew) -> None:
    lists: list[list[None]] = [[None] for _ in range(ROUNDS)]

    assert sum(crew.race(*[partial(pop_each, lists)] * THREADS)) == ROUNDS
    assert not any(lists)


def test_one_deletion_takes_out_the_only_item(crew: Crew) -> None:
    """Half of the threads pop, and half delete: exactly one of them gets it."""
    lists: list[list[None]] = [[None] for _ in range(ROUNDS)]

    takers = partial(pop_each, lists), partial(delete_each, lists)
    won = crew.race(*takers * (THREADS // 2))

    assert sum(won) == ROUNDS
    assert not any(lists)


def test_one_deletion_takes_out_any_of_several(crew: Crew) -> None:
    items: list[None] = [None] * ROUNDS

    def delete_all() -> int:
        won = 0
        while True:
            try:
                del items[ANY]
            except IndexError:
                return won
            won += 1

    assert sum(crew.race(*[delete_all] * THREADS)) == ROUNDS
    assert not items


def pop(items: list[int]) -> list[int]:
    """Half of what two others put in."""
    got: list[int] = []
    while len(got) < ROUNDS:
        try:
            got.append(items.pop())
        except IndexError:
            continue
    return got


def test_what_is_appended_to_a_list_is_popped_once(crew: Crew) -> None:
    items: list[int] = []

    def append(first: int) -> list[int]:
        for number in range(first, first + ROUNDS):
            items.append(number)  # noqa: PERF402  # this very step is what is tested
        return []

    outcome = crew.race(
        partial(append, 0),
        partial(pop, items),
        partial(append, ROUNDS),
        partial(pop, items),
    )

    assert sorted(chain(*outcome)) == list(range(2 * ROUNDS))


def test_what_is_added_in_one_step_is_popped_once(crew: Crew) -> None:
    items: list[int] = []

    def extend(first: int) -> list[int]:
        for number in range(first, first + ROUNDS, 3):
            items.extend([number, number + 1, number + 2])
        return []

    outcome = crew.race(
        partial(extend, 0),
        partial(pop, items),
        partial(extend, ROUNDS),
        partial(pop, items),
    )

    assert sorted(chain(*outcome)) == list(range(2 * ROUNDS))


def test_who_appends_first_is_first_for_all(crew: Crew) -> None:
    successors: list[list[object]] = [[] for _ in range(ROUNDS)]

    def append_all() -> list[object]:
        seen = []
        for items in successors:
            items.append(object())
            seen.append(items[0])
        return seen

    first, *others = crew.race(*[append_all] * THREADS)

    for other in others:
        assert all(a is b for a, b in zip(first, other))


def test_all_copies_of_a_log_have_one_order(crew: Crew) -> None:
    log: list[tuple[int, int]] = []

    def append(who: int) -> list[list[tuple[int, int]]]:
        copies = []
        for number in range(ROUNDS):
            log.append((who, number))
            if number % 100 == 0:
                copies.append(log[: THREADS * ROUNDS])
                assert (who, number) in copies[-1]
        return copies

    outcome = crew.race(*[lambda who=who: append(who) for who in range(THREADS)])

    assert len(log) == THREADS * ROUNDS
    for copy in chain(*outcome):
        assert copy == log[: len(copy)]


def test_a_reversal_of_one_item_does_not_touch_it(crew: Crew) -> None:
    items: list[None] = [None]

    def reverse() -> int:
        for _ in range(ROUNDS):
            items.reverse()
        return 0

    def take_turns() -> int:
        turns = 0
        for _ in range(ROUNDS):
            with suppress(IndexError):
                items.pop()
                turns += 1
                items.append(None)
        return turns

    crew.race(reverse, take_turns, reverse, take_turns)

    assert items == [None]


def test_a_slice_assignment_leaves_exactly_one_item(crew: Crew) -> None:
    items: list[None] = [None]

    def fill() -> int:
        for _ in range(ROUNDS):
            items[:] = (None,)
        return 0

    def pop() -> int:
        longest = 0
        for _ in range(ROUNDS):
            longest = max(longest, len(items))
            with suppress(IndexError):
                items.pop()
            longest = max(longest, len(items))
        return longest

    outcome = crew.race(fill, fill, pop, fill)

    assert max(outcome) == 1
    items[:] = (None,)
    assert items == [None]
