# SPDX-License-Identifier: ISC
"""The steps of deques that decide our races are single steps, and copies are snapshots: see test_atomic_steps.py."""

from __future__ import annotations

import gc
from collections import deque
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from aiologic._engine.free_threading import FREE_THREADED

from .collisions import ROUNDS, THREADS

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..crew import Crew

pytestmark = pytest.mark.usefixtures("tiny_switch_interval")


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
    """A cycle whose finalizer does to a container what another thread would do."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._cycle = self

    def __del__(self) -> None:
        self._work()


@pytest.mark.skipif(not hasattr(gc, "set_threshold"), reason="PyPy has no thresholds")
@pytest.mark.skipif(FREE_THREADED, reason="there, so little garbage is left for later")
@pytest.mark.parametrize("copied", [list, deque.copy])
def test_no_finalizer_comes_into_a_copy_of_a_deque(copied: Any) -> None:
    # Before 3.12 any allocation may start a collection. tuple() allocates while it iterates, and fails here.
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


def test_what_is_moved_in_one_call_is_never_nowhere(crew: Crew) -> None:
    """And one of the threads that move it gets it; without the GIL, only that is guaranteed."""
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
            # The order matters: what has left the row by now is in somebody's hands.
            try:
                left = row.copy()
            except RuntimeError:  # it met a half-finished step: once more
                assert FREE_THREADED
                continue
            seen = len({*left, *chain(*[mine[:] for mine in hands])})
            missing += ROUNDS - seen
        return missing

    missing, *_ = crew.race(look, *[lambda mine=mine: move(mine) for mine in hands])

    assert sorted(chain(*hands)) == list(range(ROUNDS))
    assert missing == 0 or FREE_THREADED
