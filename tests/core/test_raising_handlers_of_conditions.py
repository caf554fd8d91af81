# SPDX-License-Identifier: ISC
"""A signal handler that raises in the midst of a wait for a condition, or of a notification.

Nobody is left in the condition's queue, or the lock's, whose task is gone. A
notification that its task can't use goes to the next; and a lock is free when
the blocks are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import async_checkpoint
from aiologic.testing._interruption import Interrupted

from .hand_driven import Cancelled
from .raising import (
    ForgivingWaiter,
    ForgivingWorld,
    GreenHandWaiter,
    Places,
    heard,
    needs_places,
    places,
)

if TYPE_CHECKING:
    from .hand_driven import HandTask

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]

MAKERS: dict[str, Callable[[], Any]] = {
    "default": aiologic.Condition,
    "RLock": lambda: aiologic.Condition(aiologic.RLock(), timer=lambda: 0),
    "Lock": lambda: aiologic.Condition(aiologic.Lock()),
    "BinarySemaphore": lambda: aiologic.Condition(aiologic.BinarySemaphore()),
    "none": lambda: aiologic.Condition(None),
}

WITH_A_LOCK = [kind for kind in MAKERS if kind != "none"]


def bounded() -> Any:
    return aiologic.Condition(aiologic.BoundedBinarySemaphore())


made_in_each_way = pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


async def waited_for(
    condition: Any,
    timeout: float | None = None,
    interruption: Places | None = None,
    holds: bool = False,
    has_predicate: bool = False,
) -> bool:
    async with condition:
        if holds:
            await async_checkpoint(force=True)
        if has_predicate:
            awaited = condition.for_(true_from_the_second_time_on(), timeout)
        else:
            awaited = condition if timeout is None else condition.with_(timeout)
        if interruption is None:
            woken: bool = await awaited
        else:
            try:
                with interruption.only_here():
                    woken = await awaited
            finally:
                interruption.end()
        return woken


def true_from_the_second_time_on() -> Callable[[], bool]:
    """A predicate that is waited for, and then is found to be true."""
    values = iter([False])
    return lambda: next(values, True)


async def left_notified(condition: Any) -> int:
    async with condition:
        count: int = condition.notify()
        return count


def notified(condition: Any, interruption: Places | None = None) -> object:
    """Notify one; what came out of it."""
    with condition:
        if interruption is None:
            return condition.notify()
        return heard(interruption, condition.notify)


def is_in_order(condition: Any) -> bool:
    """Nobody has the lock, or waits for it, and the turns are where they belong."""
    lock = condition.lock
    queues = [condition._queue, getattr(lock, "_queue", None)]
    assert condition.waiting == 0
    assert not condition
    for queue in queues:
        if queue is not None:
            assert not [waiter for waiter in queue if waiter]
            assert (queue.turn, queue.grants) == ([None], [])
    return True


def goes_on(task: HandTask) -> object:
    assert task.is_woken
    return task.step().result


BLOCKS = {
    **MAKERS,
    "BoundedBinarySemaphore": lambda: aiologic.Condition(
        aiologic.BoundedBinarySemaphore()
    ),
}


@pytest.mark.parametrize("make", BLOCKS.values(), ids=list(BLOCKS))
@pytest.mark.parametrize("way", ["green", "async"])
def test_a_block(world: ForgivingWorld, make: Callable[[], Any], way: str) -> None:
    """Who is interrupted at its beginning has not come in; at its end, has left it, or can leave it once more."""

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

    async def nothing() -> None:
        """What a task is made of that does as it is told."""

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
        if condition:  # it had not begun
            leave(condition)
        assert is_in_order(condition)
    for interruption in places(0):
        condition = make()
        enter(condition)
        if heard(interruption, lambda c=condition: leave(c)) is not None and condition:  # type: ignore[misc]
            leave(condition)
        assert is_in_order(condition)
        leave(condition)  # has nothing, and releases nothing
        assert is_in_order(condition)


@made_in_each_way
def test_a_notification(world: ForgivingWorld, make: Callable[[], Any]) -> None:
    for interruption in places():
        condition = make()
        first, second = (world.spawn(waited_for(condition)).step() for _ in range(2))

        error = notified(condition, interruption)

        assert isinstance(error, BaseException) is interruption.was_made
        if not first.is_woken:
            assert condition.waiting == 2
            assert notified(condition) == 1
        assert goes_on(first) is True
        if not second.is_woken:
            assert condition.waiting == 1
            assert notified(condition) == 1
        assert goes_on(second) is True
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


# Without a lock, nobody stands in line for it.
@pytest.mark.parametrize("kind", [*WITH_A_LOCK, "BoundedBinarySemaphore"])
@pytest.mark.parametrize("at_once", [False, True], ids=["", "at_once"])
def test_the_beginning_of_a_wait_with_another_in_line(
    world: ForgivingWorld, kind: str, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A releases the lock, and B gets it. Then A is interrupted, and the lock is B's alone.

    Or B has notified A and left, before A is interrupted: the lock is A's again.
    """
    for interruption in places():
        condition = (MAKERS.get(kind) or bounded)()
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
def test_a_notification_of_a_loop_that_has_gone(
    world: ForgivingWorld, make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first can't be told, so the second is."""
    gone: list[Any] = []

    def unpark(waiter: ForgivingWaiter) -> None:
        waiter.unparked = True
        if waiter in gone:
            waiter.lost()

    monkeypatch.setattr(ForgivingWaiter, "unpark", unpark)
    for interruption in places():
        condition = make()
        first, second = (world.spawn(waited_for(condition)).step() for _ in range(2))
        gone[:] = [condition._queue[0][0][0]]

        error = notified(condition, interruption)

        assert isinstance(error, BaseException) is interruption.was_made
        if not second.is_woken:
            assert condition.waiting
            notified(condition)
        assert goes_on(second) is True
        with world.runs(first):
            first.coroutine.close()
        assert is_in_order(condition)


@made_in_each_way
@pytest.mark.parametrize("ends_by", ["wake-up", "time-out", "cancellation"])
@pytest.mark.parametrize("is_notified", [False, True], ids=["", "notified"])
@pytest.mark.parametrize("has_predicate", [False, True], ids=["", "predicate"])
def test_the_end_of_a_wait(
    world: ForgivingWorld,
    make: Callable[[], Any],
    ends_by: str,
    is_notified: bool,
    has_predicate: bool,
) -> None:
    if ends_by == "wake-up" and not is_notified:
        return
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
        if not last.is_woken:  # rather than to nobody, the news goes to two
            assert notified(condition) == 1
        assert goes_on(last) is True
        assert is_in_order(condition)


with_a_lock = pytest.mark.parametrize(
    "make", [MAKERS[kind] for kind in WITH_A_LOCK], ids=WITH_A_LOCK
)


@with_a_lock
@pytest.mark.parametrize("ends_by", ["wake-up", "cancellation", "both"])
def test_the_end_of_a_wait_for_the_lock(
    world: ForgivingWorld, make: Callable[[], Any], ends_by: str
) -> None:
    """Of a task that was cancelled, and may be once more, for these shields hold nothing back."""
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


@with_a_lock
def test_news_that_comes_back_to_a_notifier(
    world: ForgivingWorld, make: Callable[[], Any]
) -> None:
    """A was notified, and is closed while B notifies C: so the notification is handed out by B."""
    for interruption in places(0):
        condition = make()
        told: list[int] = []

        def predicate() -> bool:
            if told:  # noqa: B023  # called before the next round
                told.clear()  # noqa: B023
                with interruption.away(), world.runs(unlucky):  # noqa: B023
                    unlucky.coroutine.close()  # noqa: B023
            return False

        async def chosen() -> None:
            async with condition:  # noqa: B023
                await condition.for_(predicate)  # noqa: B023

        unlucky = world.spawn(waited_for(condition)).step()
        choosy = world.spawn(chosen()).step()
        with condition:
            assert condition.notify() == 1
            told.append(1)
            error = heard(interruption, condition.notify)
        assert (error is not None) is interruption.was_made, interruption.where
        if told:
            assert goes_on(unlucky) is True
        else:
            assert choosy.is_woken, interruption.where
        choosy.cancel_quietly(Cancelled())
        assert is_in_order(condition)


@with_a_lock
@pytest.mark.parametrize("ends_by", ["time-out", "cancellation"])
def test_a_green_wait_that_ends_between_the_notification_and_the_lock(
    world: ForgivingWorld,
    make: Callable[[], Any],
    ends_by: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for interruption in places(2):
        condition = make()
        behind: list[HandTask] = []
        notifying: list[HandTask] = []

        async def notify_and_linger() -> None:
            async with condition:  # noqa: B023  # called before the next round
                assert condition.notify() == 1  # noqa: B023
                await async_checkpoint(force=True)

        def park(_timeout: float | None) -> bool:
            with interruption.away():  # noqa: B023
                if notifying:  # noqa: B023
                    notifying[0].step()  # noqa: B023
                    return True
                behind.append(world.spawn(waited_for(condition)).step())  # noqa: B023
                notifying.append(world.spawn(notify_and_linger()).step())  # noqa: B023
            if ends_by == "cancellation":
                raise Cancelled
            return False

        def wait() -> None:
            with interruption.away(), condition:  # noqa: B023
                monkeypatch.setattr(
                    type(worlds),
                    "create_green_waiter",
                    lambda _: GreenHandWaiter.new(park),
                )
                try:
                    with interruption.only_here():  # noqa: B023
                        condition.wait(1)  # noqa: B023
                finally:
                    interruption.end()  # noqa: B023
                    monkeypatch.undo()

        error = heard(interruption, wait)

        assert isinstance(error, Interrupted) is interruption.was_made
        for task in notifying:
            if not task.is_done:  # the wait for the lock was interrupted
                task.step()
        for task in behind:
            assert goes_on(task) is True, interruption.where
        assert is_in_order(condition)


@made_in_each_way
@pytest.mark.parametrize("ends_by", ["wake-up", "time-out", "cancellation"])
@pytest.mark.parametrize("is_notified", [False, True], ids=["", "notified"])
@pytest.mark.parametrize("has_predicate", [False, True], ids=["", "predicate"])
def test_a_green_wait(
    world: ForgivingWorld,
    make: Callable[[], Any],
    ends_by: str,
    is_notified: bool,
    has_predicate: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same for a green task, from the beginning of its wait on."""
    if ends_by == "wake-up" and not is_notified:
        return
    for interruption in places(2):
        condition = make()
        behind: list[HandTask] = []

        def park(_timeout: float | None) -> bool:
            with interruption.away():  # noqa: B023  # called before the next round
                for _ in range(2):
                    task = world.spawn(waited_for(condition))  # noqa: B023
                    behind.append(task.step())  # noqa: B023
                if is_notified:
                    notified(condition)  # noqa: B023
            if ends_by == "cancellation":
                raise Cancelled
            return ends_by == "wake-up"

        def wait() -> object:
            timeout = 1 if ends_by == "time-out" else None
            with interruption.away(), condition:  # noqa: B023
                monkeypatch.setattr(
                    type(worlds),
                    "create_green_waiter",
                    lambda _: GreenHandWaiter.new(park),
                )
                predicate = true_from_the_second_time_on()
                try:
                    with interruption.only_here():  # noqa: B023
                        if has_predicate:
                            return condition.wait_for(predicate, timeout)  # noqa: B023
                        return condition.wait(timeout)  # noqa: B023
                finally:
                    interruption.end()  # noqa: B023
                    monkeypatch.undo()

        outcome: list[object] = []
        error = heard(interruption, lambda: outcome.append(wait()))  # noqa: B023

        was_cancelled = ends_by == "cancellation" and not interruption.was_made
        assert (error is not None) is (interruption.was_made or was_cancelled)
        assert isinstance(error, Interrupted) is interruption.was_made
        if error is None:
            assert outcome == [is_notified]  # also where time is up: it was decided
        while len(behind) < 2:
            behind.append(world.spawn(waited_for(condition)).step())
        second, last = behind
        if is_notified and ends_by == "cancellation" and isinstance(error, Cancelled):
            assert second.is_woken, "the notification was lost"
        if not second.is_woken:
            assert notified(condition) == 1
        assert goes_on(second) is True
        if not last.is_woken:  # rather than to nobody, the news goes to two
            assert notified(condition) == 1
        assert goes_on(last) is True
        assert is_in_order(condition)
