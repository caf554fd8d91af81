# SPDX-License-Identifier: ISC
"""How a trio task is woken, and what happens if the wake-up comes early, late, twice or too late."""

from __future__ import annotations

import threading

import aiologic
import aiologic_trio
import pytest
import trio
import trio.lowlevel
import trio.testing
from aiologic._runtime.detect import worlds
from aiologic.testing._interruption import Interruption

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar

    T = TypeVar("T")


class Source:
    """Stands for a primitive; records what becomes of a grant."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def _take_back(self, waiter: object) -> None:
        self.heard.append("taken back")

    def _leave(self, waiter: object) -> None:
        self.heard.append("left")


def run(function: Callable[..., Awaitable[T]], *args: object) -> T:
    async def in_time() -> T:
        with trio.fail_after(10):
            return await function(*args)

    return trio.run(in_time)


def new_waiter(source: Source) -> Any:
    waiter = worlds.async_world()[0].create_waiter()
    waiter.source = source
    return waiter


async def until_waiting(primitive: Any, count: int = 1) -> None:
    while primitive.waiting != count:
        await trio.lowlevel.checkpoint()


@pytest.fixture
def entrances(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each use of the run's thread-safe entrance."""
    used: list[object] = []
    original = trio.lowlevel.TrioToken.run_sync_soon

    def run_sync_soon(token: Any, function: Any, *args: Any, **kwargs: Any) -> object:
        used.append(function)
        return original(token, function, *args, **kwargs)

    monkeypatch.setattr(trio.lowlevel.TrioToken, "run_sync_soon", run_sync_soon)
    return used


def test_a_task_wakes_a_task_of_its_run_directly(entrances: list[object]) -> None:
    event = aiologic.Event()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(event.with_)
            await until_waiting(event)
            event.set()

    run(main)
    assert entrances == []


def test_a_thousand_waiters_are_woken_by_a_thread_through_one_entrance(
    entrances: list[object],
) -> None:
    event = aiologic.Event()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(1000):
                nursery.start_soon(event.with_)
            await until_waiting(event, 1000)
            thread = threading.Thread(target=event.set)
            thread.start()
            thread.join()  # the run is busy with us meanwhile

    run(main)
    assert len(entrances) == 1


def test_a_task_of_another_run_wakes_through_the_entrance(
    entrances: list[object],
) -> None:
    event = aiologic.Event()

    async def set_it() -> None:
        event.set()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(event.with_)
            await until_waiting(event)
            entrances.clear()
            thread = threading.Thread(target=trio.run, args=[set_it])
            thread.start()
            thread.join()

    run(main)
    assert len(entrances) == 1


@pytest.mark.parametrize("from_thread", [False, True])
def test_a_wake_up_before_the_wait_is_remembered(from_thread: bool) -> None:
    source = Source()

    async def main() -> bool:
        waiter = new_waiter(source)
        if from_thread:
            thread = threading.Thread(target=waiter.wake)
            thread.start()
            thread.join()
        else:
            waiter.wake()
        with trio.testing.assert_checkpoints():
            woken: bool = await waiter.park(None)
        return woken

    assert run(main) is True
    assert source.heard == []


@pytest.mark.parametrize("others", [0, 3])
def test_a_handler_wakes_who_is_about_to_sleep(others: int) -> None:
    """At any moment, in A's own step, alone or in a crowd: A sees it before it sleeps, or is woken then."""

    async def main(number: int) -> bool:
        event = aiologic.Event()
        interruption = Interruption(number, event.set, aiologic_trio.__path__)
        async with trio.open_nursery() as nursery:
            for _ in range(others):
                nursery.start_soon(event.with_)
            await until_waiting(event, others)
            nursery.start_soon(set_when_asleep, event)
            interruption.begin()
            try:
                assert await event is True
            finally:
                interruption.end()
        return interruption.was_made

    async def set_when_asleep(event: aiologic.Event) -> None:
        if not event.is_set():
            await until_waiting(event, others + 1)
            event.set()

    number = 0
    while run(main, number):
        number += 1
    assert number > 10


def test_to_wake_twice_is_harmless() -> None:
    """trio itself crashes when a task is rescheduled twice."""

    async def main() -> list[bool]:
        waiter = new_waiter(Source())
        woken: list[bool] = []

        async def sleep() -> None:
            woken.append(await waiter.park(None))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(sleep)
            await trio.testing.wait_all_tasks_blocked()
            woken.append(waiter.wake())
            woken.append(waiter.wake())
            waiter.unpark()
            thread = threading.Thread(target=waiter.unpark)
            thread.start()
            thread.join()
        return woken

    assert run(main) == [True, False, True]


def test_a_wake_up_from_a_thread_that_comes_after_the_abort() -> None:
    """The task was cancelled while the wake-up was on its way: it is not rescheduled again."""
    semaphore = aiologic.BinarySemaphore(0)

    async def main() -> bool:
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(semaphore.async_acquire)
                await until_waiting(semaphore)
                thread = threading.Thread(target=semaphore.release)
                thread.start()
                thread.join()
                scope.cancel()
        await trio.lowlevel.checkpoint()  # the entrance is served
        return scope.cancelled_caught

    assert run(main) is True
    assert semaphore.value == 1


def test_cancelled_when_already_granted_by_a_task() -> None:
    """It sees the wake-up first; its next checkpoint raises the cancellation."""
    lock = aiologic.Lock()
    seen: list[str] = []

    async def victim(scope: trio.CancelScope) -> None:
        with scope:
            async with lock:
                seen.append("has it")
                await trio.lowlevel.checkpoint()
                seen.append("not cancelled")

    async def main() -> None:
        scope = trio.CancelScope()
        async with trio.open_nursery() as nursery:
            async with lock:
                nursery.start_soon(victim, scope)
                await until_waiting(lock)
            scope.cancel()

    run(main)
    assert seen == ["has it"]
    assert not lock.locked()


def test_deadlines_and_time_outs_end_what_comes_first() -> None:
    lock, event = aiologic.Lock(), aiologic.Event()

    async def main() -> None:
        async with lock:
            with trio.move_on_after(0.01) as scope:
                await event.with_(1000)
            assert scope.cancelled_caught
            with trio.move_on_after(1000) as scope:
                assert await event.with_(0.01) is False
            assert not scope.cancelled_caught
            with trio.move_on_after(0):
                await event
                raise AssertionError("it is a checkpoint")
            assert lock.async_owned()

    run(main)
    assert event.waiting == 0
    assert not lock.locked()


def test_a_shielded_wait_goes_on_in_a_cancelled_scope() -> None:
    lock = aiologic.Lock()
    got: list[bool] = []

    async def wait(scope: trio.CancelScope) -> None:
        with scope, trio.CancelScope(shield=True):
            got.append(await lock.async_acquire())
            lock.async_release()

    async def main() -> None:
        scope = trio.CancelScope()
        async with trio.open_nursery() as nursery, lock:
            nursery.start_soon(wait, scope)
            await until_waiting(lock)
            scope.cancel()
            await trio.testing.wait_all_tasks_blocked()
            assert lock.waiting == 1

    run(main)
    assert got == [True]


def test_a_wait_that_ended_before_it_slept_wakes_nobody_from_another_sleep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A handler raises as A falls asleep.   A sleeps elsewhere, with trio's mark unchanged.   B wakes A's waiter."""

    def interrupted(_: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    async def sleep_elsewhere(waiter: Any, scope: trio.CancelScope) -> None:
        monkeypatch.setattr("aiologic_trio._waiter.wait_task_rescheduled", interrupted)
        with pytest.raises(KeyboardInterrupt):
            await waiter.park(None)
        with scope:
            await trio.sleep_forever()  # raises if somebody resumes it

    async def main() -> None:
        waiter, scope = new_waiter(Source()), trio.CancelScope()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(sleep_elsewhere, waiter, scope)
            await trio.testing.wait_all_tasks_blocked()
            waiter.unpark()
            await trio.testing.wait_all_tasks_blocked()
            scope.cancel()

    run(main)
