# SPDX-License-Identifier: ISC
"""The steps of dicts and of counters that decide our races are single steps: see test_atomic_steps.py."""

from __future__ import annotations

from itertools import chain, count, repeat
from typing import TYPE_CHECKING

import pytest
from aiologic import _tally
from aiologic._engine.free_threading import FREE_THREADED

from .collisions import ROUNDS, THREADS

if TYPE_CHECKING:
    from typing import Any

    from ..crew import Crew

pytestmark = pytest.mark.usefixtures("tiny_switch_interval")


# -- dicts -----------------------------------------------------------------------------------------------------------


def test_keys_of_a_dict_come_and_go_beside_each_other(crew: Crew) -> None:
    holders: dict[object, int] = {}

    def come_and_go() -> int:
        me = object()
        lost = 0
        for number in range(ROUNDS):
            holders[me] = number
            lost += holders.pop(me, None) != number
        return lost

    assert sum(crew.race(*[come_and_go] * THREADS)) == 0
    assert not holders


def test_setdefault_gives_everybody_the_same_newborn(crew: Crew) -> None:
    newborn: dict[int, object] = {}

    def settle() -> list[object]:
        return [newborn.setdefault(key, object()) for key in range(ROUNDS)]

    first, *others = crew.race(*[settle] * THREADS)

    for other in others:
        assert all(a is b for a, b in zip(first, other))


def test_one_dict_pop_gets_the_value(crew: Crew) -> None:
    values: dict[int, Any] = dict.fromkeys(range(ROUNDS), 1)

    def pop_all() -> int:
        return sum(values.pop(key, 0) for key in range(ROUNDS))

    assert sum(crew.race(*[pop_all] * THREADS)) == ROUNDS
    assert not values


def test_one_deletion_of_a_key_gets_it(crew: Crew) -> None:
    """Half of the threads pop, and half delete."""
    values: dict[int, Any] = dict.fromkeys(range(ROUNDS), 1)

    def pop_all() -> int:
        return sum(values.pop(key, 0) for key in range(ROUNDS))

    def delete_all() -> int:
        won = 0
        for key in range(ROUNDS):
            try:
                del values[key]
            except KeyError:
                continue
            won += 1
        return won

    assert sum(crew.race(*[pop_all, delete_all] * (THREADS // 2))) == ROUNDS
    assert not values


def test_a_copy_of_a_dict_has_what_was_in_it_at_one_moment(crew: Crew) -> None:
    values = dict.fromkeys(range(20))

    def move_on() -> list[int]:
        for key in range(20, 20 + ROUNDS):
            values[key] = None
            del values[key - 20]
        return []

    def copy() -> list[int]:
        sizes = []
        for _ in range(ROUNDS // 5):
            seen = [*values.copy()]
            assert seen == [*range(seen[0], seen[-1] + 1)]
            sizes.append(len(seen))
        return sizes

    outcome = crew.race(move_on, copy, copy)

    assert set(chain(*outcome)) <= {20, 21}


# -- counters --------------------------------------------------------------------------------------------------------


def test_each_number_is_drawn_once(crew: Crew) -> None:
    counter = count()

    def draw() -> list[int]:
        drawn = []
        for _ in range(ROUNDS):
            before = _tally.number(counter)
            drawn.append(next(counter))
            assert before <= drawn[-1] < _tally.number(counter)
        return drawn

    outcome = crew.race(*[draw] * THREADS)

    assert sorted(chain(*outcome)) == list(range(THREADS * ROUNDS))
    assert _tally.number(counter) == THREADS * ROUNDS


def test_each_step_of_a_counter_counts(crew: Crew) -> None:
    counter = _tally.counter_from(3)
    assert isinstance(counter, count if FREE_THREADED else repeat)

    def step() -> None:
        for _ in range(ROUNDS):
            before = _tally.number(counter)
            for _ in counter:
                break
            assert before < _tally.number(counter)

    crew.race(*[step] * THREADS)

    assert _tally.number(counter) == 3 + THREADS * ROUNDS
