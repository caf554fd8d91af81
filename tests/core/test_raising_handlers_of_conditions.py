# SPDX-License-Identifier: ISC
"""A signal handler that raises in the middle of a wait for a condition, or of its block.

No waiter is left in the condition's queue, or the lock's, whose task is gone. A
notification that its task can't use goes to the next; and the lock is free when
the blocks are left.
"""

from __future__ import annotations

from typing import Any, Callable

import pytest
from aiologic.testing._interruption import Interrupted

from .hand_driven import Cancelled, nothing
from .interrupted_conditions import (
    goes_on,
    is_in_order,
    left_notified,
    made_in_each_way,
    notified,
    waited_for,
    with_a_lock,
    with_a_lock_of_any_bound,
    with_or_without_a_lock_of_any_bound,
)
from .raising import (
    ForgivingWaiter,
    ForgivingWorld,
    each_ending,
    heard,
    needs_places,
    places,
)

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


@with_or_without_a_lock_of_any_bound
@pytest.mark.parametrize("way", ["green", "async"])
def test_a_block(world: ForgivingWorld, make: Callable[[], Any], way: str) -> None:
    """A task that is interrupted at its beginning has not come in; at its end, it has left, or can leave once more."""

    async def enters(condition: Any) -> None:
        await condition.__aenter__()

    async def leaves(condition: Any) -> None:
        await condition.__aexit__(None, None, None)

    def enter(condition: Any) -> None:
        if way == "async":
            awaited(enters(condition))
        else:
            condition.__enter__()

    def leave(condition: Any) -> None:
        if way == "async":
            awaited(leaves(condition))
        else:
            condition.__exit__(None, None, None)

    task = world.spawn(nothing()).step()

    def awaited(coroutine: Any) -> None:
        with world.runs(task), pytest.raises(StopIteration):
            coroutine.send(None)

    for interruption in places(0):
        condition = make()
        if heard(interruption, lambda c=condition: enter(c)) is not None:  # type: ignore[misc]
            assert is_in_order(condition)
            enter(condition)
        leave(condition)
        assert is_in_order(condition)
    for interruption in places(0):
        condition = make()
        enter(condition)
        error = heard(interruption, lambda c=condition: leave(c))  # type: ignore[misc]
        assert (error is not None) is interruption.was_made, interruption.where
        if error is not None and condition:  # it had not begun
            leave(condition)
        assert is_in_order(condition)
        leave(condition)  # has nothing, and releases nothing
        assert is_in_order(condition)


@made_in_each_way
def test_the_beginning_of_a_wait(
    world: ForgivingWorld, make: Callable[[], Any]
) -> None:
    for interruption in places():
        condition = make()
        others = [world.spawn(waited_for(condition)).step()]
        task = world.spawn(waited_for(condition, None, interruption))

        with interruption.away():
            error = heard(interruption, task.step)

        assert (error is not None) is interruption.was_made, interruption.where
        assert condition.waiting == 1 + (error is None)
        if error is None:
            others.append(task)
        others.append(world.spawn(waited_for(condition)).step())
        for other in others:
            assert notified(condition) == 1
            assert goes_on(other) is True
        assert is_in_order(condition)


# Without a lock, nobody waits in line for it.
@with_a_lock_of_any_bound
@pytest.mark.parametrize("at_once", [False, True], ids=["", "at_once"])
def test_the_beginning_of_a_wait_with_another_in_line(
    world: ForgivingWorld,
    make: Callable[[], Any],
    at_once: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A releases the lock, and B gets it. Then A is interrupted, and the lock is B's alone.

    Or B has notified A and left, before A is interrupted: the lock is A's again.
    """
    for interruption in places():
        condition = make()
        task = world.spawn(waited_for(condition, None, interruption, holds=True)).step()
        other = world.spawn(left_notified(condition)).step()
        assert not other.is_done

        def unpark(waiter: ForgivingWaiter) -> None:
            waiter.unparked = True
            if at_once and not other.is_done:  # noqa: B023  # called before the next round
                with interruption.away():  # noqa: B023
                    other.step()  # noqa: B023

        with monkeypatch.context() as patch, interruption.away():
            patch.setattr(ForgivingWaiter, "unpark", unpark)
            error = heard(interruption, task.step)

        if not other.is_done:
            goes_on(other)
        assert other.result == 1 or error is not None
        if error is None and not task.is_done:
            assert goes_on(task) is True
        assert task.is_done
        assert is_in_order(condition)


@made_in_each_way
@each_ending("notified")
@pytest.mark.parametrize("has_predicate", [False, True], ids=["", "predicate"])
def test_the_end_of_a_wait(
    world: ForgivingWorld,
    make: Callable[[], Any],
    ends_by: str,
    is_notified: bool,
    has_predicate: bool,
) -> None:
    for interruption in places(0):
        condition = make()
        timeout = 1 if ends_by == "time-out" else None
        waiting = waited_for(
            condition, timeout, interruption, has_predicate=has_predicate
        )
        task = world.spawn(waiting).step()
        behind, last = (world.spawn(waited_for(condition)).step() for _ in range(2))
        if is_notified:
            notified(condition)

        def end() -> None:
            if ends_by == "wake-up":
                task.step()  # noqa: B023  # called before the next round
            elif ends_by == "time-out":
                task.time_out()  # noqa: B023
            else:
                task.cancel_quietly(Cancelled())  # noqa: B023

        error = heard(interruption, end)

        assert (error is not None) is interruption.was_made, interruption.where
        assert error is None or isinstance(error, Interrupted), interruption.where
        assert task.is_done
        if is_notified and ends_by == "cancellation":
            assert behind.is_woken, "the notification was lost"
        if not behind.is_woken:
            assert notified(condition) == 1
        assert goes_on(behind) is True
        if not last.is_woken:  # rather two than nobody: two are notified
            assert notified(condition) == 1
        assert goes_on(last) is True
        assert is_in_order(condition)


@with_a_lock
@pytest.mark.parametrize("ends_by", ["wake-up", "cancellation", "both"])
def test_the_end_of_a_wait_for_the_lock(
    world: ForgivingWorld, make: Callable[[], Any], ends_by: str
) -> None:
    """For a task that was cancelled, and may be once more, because these shields hold nothing back."""
    for interruption in places(0):
        condition = make()
        task = world.spawn(waited_for(condition, None, interruption)).step()
        behind = world.spawn(waited_for(condition)).step()
        condition.__enter__()
        task.cancel(Cancelled())
        assert condition.lock.waiting == 1
        if ends_by != "cancellation":
            condition.__exit__(None, None, None)
            assert task.is_woken

        def end() -> None:
            if ends_by == "wake-up":
                task.step()  # noqa: B023  # called before the next round
            else:
                task.cancel_quietly(Cancelled())  # noqa: B023

        error = heard(interruption, end)

        assert task.is_done
        assert isinstance(error, Interrupted) is interruption.was_made
        if ends_by == "cancellation":
            assert condition.lock.waiting == 0
            condition.__exit__(None, None, None)
        assert notified(condition) == 1
        assert goes_on(behind) is True
        assert is_in_order(condition)
