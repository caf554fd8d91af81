# SPDX-License-Identifier: ISC
"""The steps of built-in containers that decide our races are single steps on this interpreter.

One test for each row of the table in ``aiologic/_engine/__init__.py``. They are
statistical: a failure proves that the interpreter breaks the promise, and a
pass only says that it did not in some thousand collisions.
"""

from __future__ import annotations

import gc
from collections import deque
from contextlib import suppress
from itertools import chain, count, repeat
from typing import TYPE_CHECKING

import pytest
from aiologic import _tally
from aiologic._engine.free_threading import FREE_THREADED
from aiologic._permits import ANY

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..crew import Crew

pytestmark = pytest.mark.usefixtures("tiny_switch_interval")

THREADS = 4
ROUNDS = 1_500


def test_one_pop_gets_the_only_item(crew: Crew) -> None:
    lists: list[list[None]] = [[None] for _ in range(ROUNDS)]

    def pop_all() -> int:
        won = 0
        for items in lists:
            try:
                items.pop()
            except IndexError:
                continue
            won += 1
        return won

    assert sum(crew.race(*[pop_all] * THREADS)) == ROUNDS
    assert not any(lists)


def test_one_deletion_takes_out_the_only_item(crew: Crew) -> None:
    """Half of them pop, and half delete: one of them all has it."""
    lists: list[list[None]] = [[None] for _ in range(ROUNDS)]

    def pop_all() -> int:
        won = 0
        for items in lists:
            try:
                items.pop()
            except IndexError:
                continue
            won += 1
        return won

    def delete_all() -> int:
        won = 0
        for items in lists:
            try:
                del items[0]
            except IndexError:
                continue
            won += 1
        return won

    assert sum(crew.race(*[pop_all, delete_all] * (THREADS // 2))) == ROUNDS
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


def test_what_is_appended_to_a_list_is_popped_once(crew: Crew) -> None:
    items: list[int] = []

    def append(first: int) -> list[int]:
        for number in range(first, first + ROUNDS):
            items.append(number)  # noqa: PERF402  # this very step is what is tested
        return []

    def pop() -> list[int]:
        got: list[int] = []
        while len(got) < ROUNDS:
            try:
                got.append(items.pop())
            except IndexError:
                continue
        return got

    outcome = crew.race(lambda: append(0), pop, lambda: append(ROUNDS), pop)

    assert sorted(chain(*outcome)) == list(range(2 * ROUNDS))


def test_what_is_added_in_one_step_is_popped_once(crew: Crew) -> None:
    items: list[int] = []

    def extend(first: int) -> list[int]:
        for number in range(first, first + ROUNDS, 3):
            items.extend([number, number + 1, number + 2])
        return []

    def pop() -> list[int]:
        got: list[int] = []
        while len(got) < ROUNDS:
            try:
                got.append(items.pop())
            except IndexError:
                continue
        return got

    outcome = crew.race(lambda: extend(0), pop, lambda: extend(ROUNDS), pop)

    assert sorted(chain(*outcome)) == list(range(2 * ROUNDS))


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


def test_a_deque_keeps_the_order_of_each_who_appends(crew: Crew) -> None:
    queue: deque[tuple[int, int]] = deque()

    def append(who: int) -> list[tuple[int, int]]:
        for number in range(ROUNDS):
            queue.append((who, number))
        return []

    def pop() -> list[tuple[int, int]]:
        got: list[tuple[int, int]] = []
        while len(got) < 2 * ROUNDS:
            try:
                got.append(queue.popleft())
            except IndexError:
                continue
        return got

    _, _, got = crew.race(lambda: append(0), lambda: append(1), pop)

    for who in 0, 1:
        assert [number for w, number in got if w == who] == list(range(ROUNDS))


def test_who_alone_takes_out_of_a_deque_can_look_first(crew: Crew) -> None:
    queue: deque[tuple[int, int]] = deque()

    def append(who: int) -> list[tuple[int, int]]:
        for number in range(ROUNDS):
            queue.append((who, number))
        return []

    def take() -> list[tuple[int, int]]:
        got: list[tuple[int, int]] = []
        while len(got) < 2 * ROUNDS:
            try:
                oldest = queue[0]
            except IndexError:
                continue
            del queue[0]
            got.append(oldest)
        return got

    _, _, got = crew.race(lambda: append(0), lambda: append(1), take)

    for who in 0, 1:
        assert [number for w, number in got if w == who] == list(range(ROUNDS))


def test_what_is_put_back_into_a_deque_stays_in_one_piece(crew: Crew) -> None:
    # What a sweep does: it takes some out on the left, and puts them back, while others append on the right.
    queue: deque[tuple[int, int]] = deque((9, number) for number in range(8))

    def append(who: int) -> None:
        for number in range(ROUNDS):
            queue.append((who, number))

    def sweep() -> None:
        for _ in range(ROUNDS // 4):
            taken = [queue.popleft() for _ in range(8)]
            queue.extendleft(reversed(taken))

    crew.race(lambda: append(0), sweep, lambda: append(1))

    assert len(queue) == 8 + 2 * ROUNDS
    assert list(queue)[:8] == [(9, number) for number in range(8)]
    for who in 0, 1:
        assert [n for w, n in queue if w == who] == list(range(ROUNDS))


@pytest.mark.parametrize("copied", [list, deque.copy])
def test_a_copy_of_a_deque_has_what_was_in_it_at_one_moment(
    crew: Crew, copied: Any
) -> None:
    queue: deque[int] = deque(range(20))

    def move_on() -> list[int]:
        for item in range(20, 20 + ROUNDS):
            queue.append(item)
            del queue[0]
        return []

    def copy() -> list[int]:
        sizes = []
        for _ in range(ROUNDS // 5):
            try:
                seen = [*copied(queue)]
            except RuntimeError:  # then once more
                assert FREE_THREADED
                continue
            assert seen == [*range(seen[0], seen[-1] + 1)]
            sizes.append(len(seen))
        return sizes

    outcome = crew.race(move_on, copy, copy)

    assert set(chain(*outcome)) <= {20, 21}


class _Garbage:
    """A cycle, whose finalizer does what another thread would do to a container."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._cycle = self

    def __del__(self) -> None:
        self._work()


@pytest.mark.skipif(not hasattr(gc, "set_threshold"), reason="PyPy has no thresholds")
@pytest.mark.skipif(FREE_THREADED, reason="there, so little garbage is left for later")
@pytest.mark.parametrize("copied", [list, deque.copy])
def test_no_finalizer_comes_into_a_copy_of_a_deque(copied: Any) -> None:
    # Before 3.12 whoever allocates may have to collect. tuple() allocates after it has begun to iterate, and fails here.
    queue: deque[int] = deque(range(20))

    def move_on() -> None:
        queue.append(queue[-1] + 1)
        del queue[0]

    thresholds = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(ROUNDS):
            _Garbage(move_on)
            seen = [*copied(queue)]
            assert seen == [*range(seen[0], seen[0] + 20)]
    finally:
        gc.set_threshold(*thresholds)

    assert queue[0] > 0


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
    """Half of them pop, and half delete."""
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


def test_what_is_moved_in_one_call_is_never_nowhere(crew: Crew) -> None:
    """And it comes to one of those who move it; without the GIL, that alone."""
    row = deque(range(ROUNDS))
    hands: list[list[int]] = [[] for _ in range(THREADS)]

    def move(mine: list[int]) -> int:
        while row:
            with suppress(IndexError):
                mine.extend(map(deque.popleft, (row,)))
        return 0

    def look() -> int:
        missing = 0
        while row:
            # In this order: what has left the row by now is in somebody's hands.
            try:
                left = row.copy()
            except RuntimeError:  # it met a step half-way: once more
                assert FREE_THREADED
                continue
            seen = len({*left, *chain(*[mine[:] for mine in hands])})
            missing += ROUNDS - seen
        return missing

    missing, *_ = crew.race(look, *[lambda mine=mine: move(mine) for mine in hands])

    assert sorted(chain(*hands)) == list(range(ROUNDS))
    assert missing == 0 or FREE_THREADED
