# SPDX-License-Identifier: ISC
"""Many permits take no memory until they are used, and behave like few."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import BoundedSemaphore, CapacityLimiter, Semaphore
from aiologic._pool import LARGEST_LIST, Pool, pool_of, size_of

from .raising import heard, needs_places, places

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

BLOCKS_AND_A_REST = 3 * LARGEST_LIST + 5


@pytest.mark.parametrize("count", [0, 1, LARGEST_LIST])
def test_few_are_a_list(count: int) -> None:
    permits = pool_of(count)
    assert type(permits) is list
    assert size_of(permits) == len(permits) == count


@pytest.mark.parametrize("count", [LARGEST_LIST + 1, BLOCKS_AND_A_REST])
def test_each_is_there_once(count: int) -> None:
    permits = pool_of(count)
    assert type(permits) is Pool
    for left in range(count, 0, -1):
        assert size_of(permits) == left
        assert permits
        del permits[0]
    assert size_of(permits) == 0
    assert not permits
    with pytest.raises(IndexError):
        del permits[0]


def test_what_comes_back_is_used_first() -> None:
    permits = pool_of(10**6)
    del permits[0]
    for _ in range(10):
        permits.extend([None] * 3)
        permits.append(None)
        for _ in range(4):
            del permits[0]
    assert size_of(permits) == 10**6 - 1
    assert len(permits) == 0
    assert permits


@pytest.mark.parametrize(
    "make",
    [
        lambda: Semaphore(10**6),
        lambda: BoundedSemaphore(10**6),
        lambda: BoundedSemaphore(0, 10**6),
        lambda: CapacityLimiter(10**6),
    ],
)
def test_a_million_permits_cost_little(make: Any) -> None:
    make()
    tracemalloc = pytest.importorskip(
        "tracemalloc", reason="PyPy has none", exc_type=ImportError
    )
    tracemalloc.start()
    primitive = make()
    for _ in range(10):
        if not isinstance(primitive, CapacityLimiter):
            primitive.release(0)
            if primitive.value:
                primitive.green_acquire()
            primitive.release()
    current, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert current < 10_000


def test_any_number_of_permits() -> None:
    semaphore = Semaphore(10**30)
    with semaphore:
        assert semaphore.value == 10**30 - 1
    assert "[value=1" in repr(semaphore)


def test_waiters_of_many(world: HandWorld) -> None:
    """Tasks that wait are served from a pool as from a list."""
    semaphore = Semaphore(LARGEST_LIST + 1)
    for _ in range(LARGEST_LIST + 1):
        assert semaphore.green_acquire(blocking=False) is True
    assert semaphore.green_acquire(blocking=False) is False
    tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(3)]
    semaphore.release(2)
    assert [task.is_woken for task in tasks] == [True, True, False]
    semaphore.release(2)
    assert [task.step().result for task in tasks] == [True] * 3
    assert semaphore.value == 1


@pytest.mark.skipif(
    not hasattr(gc, "callbacks"), reason="can't be told when it collects"
)
def test_a_finalizer_takes_permits_while_they_are_counted() -> None:
    """Any allocation may run one; before Python 3.12, at once."""
    permits = pool_of(100 * LARGEST_LIST)

    def take_a_block(*_phase: object) -> None:
        for _ in range(LARGEST_LIST):
            del permits[0]

    for _ in range(5):
        take_a_block()
    # Otherwise those that the interpreter keeps would be used again, and nothing would be allocated.
    in_use = [(number, number) for number in range(5000)]
    before = gc.get_threshold()
    gc.callbacks.append(take_a_block)
    gc.set_threshold(1)
    try:
        assert size_of(permits) <= 95 * LARGEST_LIST
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(take_a_block)
    assert len(in_use) == 5000


@pytest.mark.usefixtures("tiny_switch_interval")
def test_it_never_looks_empty_while_it_is_not(crew: Crew) -> None:
    """Each thread puts back what it took, so there is always one."""
    for _ in range(30):
        permits = pool_of(LARGEST_LIST + 1)
        for _ in range(LARGEST_LIST - 3):
            del permits[0]

        def work(permits: list[None] = permits) -> int:
            empty = 0
            for _ in range(30):
                empty += not permits
                del permits[0]
                empty += not permits  # there are four, and three at most are out
                permits.append(None)
            return empty

        assert sum(crew.race(*[work] * 3)) == 0
        assert size_of(permits) == 4


def test_others_take_the_last_of_a_block() -> None:
    """A has a block in its hands.   Others take what is in it.   A takes from the next."""

    class Raced(Pool):
        def _block(self) -> list[None] | None:
            block = super()._block()
            if block is not None and not self._at:
                block.clear()
            return block

    permits = Raced(BLOCKS_AND_A_REST)
    del permits[0]
    assert size_of(permits) == BLOCKS_AND_A_REST - LARGEST_LIST - 1


@needs_places
def test_who_is_interrupted_has_taken_none() -> None:
    for interruption in places():
        permits = pool_of(LARGEST_LIST + 1)
        permits.append(None)  # it came back

        def take(permits: list[None] = permits) -> None:
            del permits[0]

        error = heard(interruption, take)

        assert size_of(permits) == LARGEST_LIST + 2 - (error is None)


@pytest.mark.usefixtures("tiny_switch_interval")
def test_threads_take_each_permit_once(crew: Crew) -> None:
    permits = pool_of(BLOCKS_AND_A_REST)

    def take_all() -> int:
        taken = 0
        while True:
            try:
                del permits[0]
            except IndexError:
                return taken
            taken += 1

    assert sum(crew.race(*[take_all] * 4)) == BLOCKS_AND_A_REST
    assert not permits
