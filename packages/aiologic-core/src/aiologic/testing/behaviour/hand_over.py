# SPDX-License-Identifier: ISC
"""Who gets it next: the task that has waited longest, directly, and no other.

If one of these fails: look at duties 3 and 4 if a task is "stuck"; at duty 3 again if a
sleeper is held up, since ``unpark()`` must only schedule; at duty 9 if the owner is
wrong. Core decides who is next in line.
"""

from __future__ import annotations

import threading
import time

import aiologic

from .._duties import in_turn
from .._stage import SHORT, Operation, until, wait_for
from ..catalogue import free_permits, happen
from ..operations import acquire, block, release, run, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._stage import Call, Stage, World
    from ..operations import Exclusive

#: A hub may serve a thousand callbacks before it checks its timers.
MOST_TURNS = 10_000


def test_it_is_served_in_the_order_of_arrival(
    stage: Stage, exclusive: Exclusive
) -> None:
    holder = stage.actor()
    holder.does(acquire(exclusive))
    served: list[int] = []
    calls: list[Call] = []
    for number in range(5):

        def note(number: int = number) -> None:
            served.append(number)

        calls.append(stage.actor().starts(block(exclusive, note)))
        until(lambda: exclusive.waiting == len(calls))

    holder.does(release(exclusive))

    for call in calls:
        call.result()
    assert served == [0, 1, 2, 3, 4]
    assert exclusive.waiting == 0
    assert free_permits(exclusive)


def test_a_newcomer_cannot_overtake_the_one_who_was_given_it(
    stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    holder, newcomer = threads.actor(), threads.actor()
    holder.does(acquire(exclusive))
    waiter = stage.actor()
    call = waiter.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)

    with stage.frozen():  # the waiter has it, but can't know that yet (a thread can)
        holder.does(release(exclusive))

        assert exclusive.waiting == 0
        assert not free_permits(exclusive)
        assert newcomer.does(acquire(exclusive, blocking=False)) is False
        assert newcomer.does(acquire(exclusive, timeout=0)) is False

    assert call.result() is True
    waiter.does(release(exclusive))
    assert free_permits(exclusive)


def test_statistics_count_who_waits_in_which_library(
    stage: Stage, world: World, threads: Stage, exclusive: Exclusive
) -> None:
    holder = threads.actor()
    holder.does(acquire(exclusive))
    calls = [stage.actor().starts(block(exclusive, lambda: None)) for _ in range(2)]
    until(lambda: exclusive.waiting == 2)

    said = exclusive.statistics()

    assert (said.waiting, said.waiting_by_library) == (2, {world.library: 2})
    assert said.value == free_permits(exclusive) == 0
    holder.does(release(exclusive))
    for call in calls:
        call.result()
    now = exclusive.statistics()
    assert (now.value, now.waiting, now.waiting_by_library) == (1, 0, {})
    assert said.waiting == 2


def test_the_next_owner_is_written_down_before_it_runs(
    stage: Stage, threads: Stage, lock: aiologic.Lock
) -> None:
    holder, waiter = threads.actor(), stage.actor()
    holder.does(acquire(lock))
    before = lock.owner
    call = waiter.starts(acquire(lock))
    until(lambda: lock.waiting == 1)

    with stage.frozen():
        holder.does(release(lock))
        after = lock.owner

    assert call.result() is True
    assert before is not None
    assert after is not None
    assert before != after
    assert lock.owner == after
    waiter.does(release(lock))
    assert lock.owner is None


def test_two_tasks_of_one_world_exclude_each_other(
    stage: Stage, exclusive: Exclusive
) -> None:
    inside = threading.Event()
    go_on = threading.Event()
    first, second = stage.actor(), stage.actor()
    first.does(acquire(exclusive))

    call = second.starts(block(exclusive, inside.set))
    until(lambda: exclusive.waiting == 1)
    assert not inside.is_set()
    first.does(run(go_on.set))
    assert not inside.is_set()
    first.does(release(exclusive))

    wait_for(inside)
    call.result()
    assert go_on.is_set()


def test_two_tasks_in_turns_do_not_hold_up_a_sleeper(
    runtime_stage: Stage, exclusive: Exclusive
) -> None:
    """However fast they hand it to each other. The test counts turns, and doesn't measure time."""
    turns = [0]
    sets_out: list[float] = []
    due: list[int] = []
    goes_on: list[int] = []

    def take_a_turn() -> None:
        turns[0] += 1
        if sets_out and not due:
            while time.monotonic() <= sets_out[0] + 2 * SHORT:
                pass  # this turn takes until the sleeper is due
            due.append(turns[0])

    def is_over() -> bool:
        return bool(goes_on) or turns[0] > 2 * MOST_TURNS

    holder, sleeper = runtime_stage.actor(), runtime_stage.actor()
    holder.does(acquire(exclusive))
    players = [runtime_stage.actor() for _ in range(2)]
    calls = [p.starts(again(block(exclusive, take_a_turn), is_over)) for p in players]
    until(lambda: exclusive.waiting == 2)
    with runtime_stage.frozen():
        released = holder.starts(release(exclusive))
        calls.append(
            sleeper.starts(
                in_turn(
                    run(lambda: sets_out.append(time.monotonic())),
                    wait(aiologic.Event(), SHORT),
                    run(lambda: goes_on.append(turns[0])),
                )
            )
        )

    released.result()
    for call in calls:
        call.result()
    assert goes_on[0] - due[0] <= MOST_TURNS


def again(operation: Operation, is_over: Callable[[], bool]) -> Operation:
    """Do it repeatedly, until ``is_over()``."""

    def green() -> None:
        while not is_over():
            operation.green()

    async def aio() -> None:
        while not is_over():
            await operation.aio()

    return Operation(f"{operation.text}, again and again", green, aio)


def test_an_event_wakes_all_who_wait_and_all_who_come_later(
    stage: Stage, threads: Stage, event: aiologic.Event
) -> None:
    calls = [stage.actor().starts(wait(event)) for _ in range(3)]
    until(lambda: event.waiting == 3)

    threads.actor().does(run(lambda: happen(event)))

    assert [call.result() for call in calls] == [True, True, True]
    assert event.waiting == 0
    assert stage.actor().does(wait(event)) is True
    assert stage.actor().does(wait(event, 0)) is True


def test_an_event_is_set_by_a_task_of_the_same_world(
    stage: Stage, event: aiologic.Event
) -> None:
    call = stage.actor().starts(wait(event))
    until(lambda: event.waiting == 1)

    stage.actor().does(run(lambda: happen(event)))

    assert call.result() is True
