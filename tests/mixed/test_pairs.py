# SPDX-License-Identifier: ISC
"""A task of one world has it, and a task of another waits for it."""

from __future__ import annotations

import aiologic
import pytest
from aiologic.testing.harness import (
    CANCELLED,
    SHORT,
    Operation,
    acquire,
    block,
    release,
    run,
    until,
    wait,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .conftest import Exclusive, Pair


def test_it_is_handed_over(pair: Pair, exclusive: Exclusive) -> None:
    holder, waiter = pair.holders.actor(), pair.waiters.actor()
    holder.does(acquire(exclusive))
    assert waiter.does(acquire(exclusive, blocking=False)) is False
    call = waiter.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    assert not call.is_done

    holder.does(release(exclusive))
    assert call.result() is True
    assert exclusive.waiting == 0

    # And back again.
    call = holder.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    waiter.does(release(exclusive))
    assert call.result() is True
    holder.does(release(exclusive))


def test_it_goes_back_and_forth_in_the_order_of_arrival(
    pair: Pair, exclusive: Exclusive
) -> None:
    first = pair.holders.actor()
    first.does(acquire(exclusive))
    served: list[int] = []
    calls = []
    for number in range(6):
        stage = pair.waiters if number % 2 else pair.holders
        note = block(exclusive, lambda number=number: served.append(number))  # type: ignore[misc]
        calls.append(stage.actor().starts(note))
        until(lambda: exclusive.waiting == len(calls))

    first.does(release(exclusive))

    for call in calls:
        call.result()
    assert served == [0, 1, 2, 3, 4, 5]


def test_time_runs_out(pair: Pair, exclusive: Exclusive) -> None:
    holder, waiter = pair.holders.actor(), pair.waiters.actor()
    holder.does(acquire(exclusive))

    assert waiter.does(acquire(exclusive, timeout=0)) is False
    assert waiter.does(acquire(exclusive, timeout=SHORT)) is False

    assert exclusive.waiting == 0
    holder.does(release(exclusive))
    assert waiter.does(acquire(exclusive, timeout=SHORT)) is True
    waiter.does(release(exclusive))


def test_the_one_who_waits_is_cancelled(
    pair_with_tasks: Pair, exclusive: Exclusive
) -> None:
    holders, waiters = pair_with_tasks
    holder, victim, next_one = holders.actor(), waiters.actor(), holders.actor()
    holder.does(acquire(exclusive))
    victims_call = victim.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    next_call = next_one.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 2)

    waiters.inside(victims_call.cancel)

    assert victims_call.result() == CANCELLED
    assert exclusive.waiting == 1
    holder.does(release(exclusive))
    assert next_call.result() is True


def test_it_is_released_to_one_who_is_being_cancelled(
    pair_with_tasks: Pair, exclusive: Exclusive
) -> None:
    """The victim is cancelled, and has not run since, when it is given the lock."""
    holders, waiters = pair_with_tasks
    holder, victim, next_one = holders.actor(), waiters.actor(), holders.actor()
    holder.does(acquire(exclusive))
    victims_call = victim.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    next_call = next_one.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 2)

    with waiters.frozen() as inside:
        inside(victims_call.cancel)
        holder.does(release(exclusive))
        assert exclusive.waiting == 1
        assert not next_call.is_done

    assert victims_call.result() == CANCELLED
    assert next_call.result() is True
    assert exclusive.waiting == 0


def test_the_one_who_has_it_is_cancelled(
    pair_of_tasks: Pair, exclusive: Exclusive
) -> None:
    """It leaves its block, and so the lock is handed over."""
    holders, waiters = pair_of_tasks
    never = aiologic.Event()
    holders_call = holders.actor().starts(hold_until(exclusive, never))
    until(lambda: never.waiting == 1)
    call = waiters.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)

    holders.inside(holders_call.cancel)

    assert holders_call.result() == CANCELLED
    assert call.result() is True
    assert never.waiting == exclusive.waiting == 0


def test_the_world_of_the_one_who_has_it_ends(
    pair_of_tasks: Pair, exclusive: Exclusive
) -> None:
    holders, waiters = pair_of_tasks
    never = aiologic.Event()
    holders_call = holders.actor().starts(hold_until(exclusive, never))
    until(lambda: never.waiting == 1)
    call = waiters.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)

    holders.close()

    assert holders_call.result() == CANCELLED
    assert call.result() is True


def test_the_world_of_the_one_who_waits_ends(
    pair_with_tasks: Pair, exclusive: Exclusive
) -> None:
    """asyncio.run() and trio.run() cancel what is left when they end; a lock keeps nothing of it."""
    holders, waiters = pair_with_tasks
    holder = holders.actor()
    holder.does(acquire(exclusive))
    call = waiters.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)

    waiters.close()

    assert call.result() == CANCELLED
    assert exclusive.waiting == 0
    holder.does(release(exclusive))
    assert holder.does(acquire(exclusive, blocking=False)) is True


def hold_until(exclusive: Exclusive, event: aiologic.Event) -> Operation:
    """Have it until an event happens."""

    def green() -> bool:
        with exclusive:
            return event.wait()

    async def aio() -> bool:
        async with exclusive:
            return await event

    return Operation("hold", green, aio)


def test_an_event_is_set(pair: Pair) -> None:
    event = aiologic.Event()
    calls = [pair.waiters.actor().starts(wait(event)) for _ in range(2)]
    calls += [pair.waiters.actor().starts(wait(event, 1000)) for _ in range(2)]
    until(lambda: event.waiting == 4)
    assert pair.waiters.actor().does(wait(event, SHORT)) is False

    pair.holders.actor().does(run(event.set))

    assert [call.result() for call in calls] == [True] * 4
    assert event.waiting == 0


def test_the_owner_is_a_task_and_not_its_thread_or_library(pair: Pair) -> None:
    lock = aiologic.Lock()
    holder, other = pair.holders.actor(), pair.waiters.actor()
    sibling = pair.holders.actor()
    holder.does(acquire(lock))

    for stranger in (other, sibling):
        with pytest.raises(RuntimeError, match="current task is not holding"):
            stranger.does(release(lock))

    holder.does(release(lock))
    with pytest.raises(RuntimeError, match="release unlocked"):
        other.does(release(lock))
