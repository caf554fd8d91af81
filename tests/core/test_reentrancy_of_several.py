# SPDX-License-Identifier: ISC
"""A signal handler may use a semaphore or a limiter between any two steps of an operation on the same one.

See test_reentrancy.py.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import BoundedSemaphore, CapacityLimiter, RCapacityLimiter, Semaphore

from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .hand_driven import HandWorld


def unset() -> Semaphore:
    return Semaphore(0)


def bounded() -> Semaphore:
    return BoundedSemaphore(0, 9)


in_both = pytest.mark.parametrize("make", [unset, bounded])


@in_both
@pytest.mark.parametrize("waiters", [0, 1, 3, 5])
def test_several_are_released_while_several_are_released(
    world: HandWorld, make: Any, waiters: int
) -> None:
    for interruption in interruptions():
        semaphore = make()
        tasks = [world.spawn(semaphore.async_acquire()).step() for _ in range(waiters)]
        release = partial(semaphore.release, 2)
        interruption.during(release, release)

        released = 2 + 2 * interruption.was_made
        served = min(waiters, released)
        assert [task.is_woken for task in tasks] == [n < served for n in range(waiters)]
        assert semaphore.value == released - served
        assert semaphore.waiting == waiters - served


@in_both
def test_several_are_released_while_a_thread_acquires(make: Any) -> None:
    for interruption in interruptions():
        semaphore = make()
        had = interruption.during(
            partial(semaphore.green_acquire, timeout=0), partial(semaphore.release, 3)
        )

        assert semaphore.waiting == 0
        assert semaphore.value == 3 * interruption.was_made - had


@in_both
@pytest.mark.parametrize("is_first", [True, False])
def test_several_are_released_while_a_task_joins(
    world: HandWorld, make: Any, is_first: bool
) -> None:
    for interruption in interruptions():
        semaphore = make()
        if not is_first:
            assert semaphore.green_acquire(timeout=0) is False
        task = world.spawn(semaphore.async_acquire())
        interruption.during(task.step, partial(semaphore.release, 2))

        assert task.is_done or task.is_woken is interruption.was_made
        assert semaphore.waiting == (not interruption.was_made)
        if interruption.was_made:
            assert semaphore.value == 1
            assert task.is_done or task.step().result is True


@in_both
def test_a_task_joins_while_several_are_released(world: HandWorld, make: Any) -> None:
    for interruption in interruptions():
        semaphore = make()
        task = world.spawn(semaphore.async_acquire())
        interruption.during(partial(semaphore.release, 2), task.step)
        if not interruption.was_made:
            task.step()

        assert task.is_woken or task.is_done
        assert semaphore.value == 1
        assert semaphore.waiting == 0


def test_a_bounded_one_is_released_while_it_is_released() -> None:
    for interruption in interruptions():
        semaphore = BoundedSemaphore(0, 2)
        refused: list[RuntimeError] = []

        def release(count: int) -> None:
            try:
                semaphore.release(count)  # noqa: B023  # called before the next round
            except RuntimeError as error:
                refused.append(error)  # noqa: B023

        interruption.during(partial(release, 1), partial(release, 1))
        release(1)

        assert semaphore.value == 2
        assert len(refused) == interruption.was_made


@in_both
def test_a_block_is_entered_while_a_block_is_entered_and_left(make: Any) -> None:
    for interruption in interruptions():
        semaphore = make()
        semaphore.release(2)

        def use() -> None:
            with semaphore:  # noqa: B023  # called before the next round
                pass

        interruption.during(use, use)

        assert semaphore.value == 2


@pytest.mark.parametrize("kind", [CapacityLimiter, RCapacityLimiter])
@pytest.mark.parametrize("tokens", [1, 2])
def test_a_limiter_is_tried_while_it_is_used(kind: Any, tokens: int) -> None:
    """The handler may be refused, because the limiter is in use; it must not break anything."""
    for interruption in interruptions():
        limiter = kind(tokens)

        def use() -> None:
            with limiter:  # noqa: B023  # called before the next round
                assert limiter.green_borrowed()  # noqa: B023

        def handler() -> None:
            try:
                if limiter.green_acquire(blocking=False):  # noqa: B023
                    limiter.green_release()  # noqa: B023
            except RuntimeError as error:
                assert "already holding" in str(error)  # noqa: PT017  # it need not be raised

        interruption.during(use, handler)

        assert not limiter
        assert limiter.available_tokens == tokens
        assert not limiter._holders


@pytest.mark.parametrize("kind", [CapacityLimiter, RCapacityLimiter])
def test_a_limiter_is_tried_while_it_is_handed_over(
    world: HandWorld, kind: Any
) -> None:
    for interruption in interruptions():
        limiter = kind(1)
        limiter.green_acquire()
        waiting = world.spawn(limiter.async_acquire()).step()

        def handler() -> None:
            was_mine = limiter.green_borrowed()  # noqa: B023  # called before the next round
            try:
                if not limiter.green_acquire(blocking=False):  # noqa: B023
                    return
            except RuntimeError as error:
                assert "already holding" in str(error)  # noqa: PT017  # it need not be raised
            else:
                assert was_mine, "a newcomer has overtaken"
                limiter.green_release()  # noqa: B023

        interruption.during(limiter.green_release, handler)

        assert waiting.is_woken
        assert waiting.step().result is True
        assert list(limiter._holders) == [waiting]


def test_a_token_is_borrowed_once_more_at_any_step() -> None:
    for interruption in interruptions():
        limiter = RCapacityLimiter()
        limiter.green_acquire()

        def use() -> None:
            with limiter:  # noqa: B023  # called before the next round
                assert limiter.green_count() == 2  # noqa: B023
            limiter.green_acquire(2)  # noqa: B023
            limiter.green_release(2)  # noqa: B023

        def handler() -> None:
            with limiter:  # noqa: B023
                assert limiter.green_borrowed()  # noqa: B023

        interruption.during(use, handler)

        assert limiter.green_count() == 1
        limiter.green_release()
        assert not limiter
