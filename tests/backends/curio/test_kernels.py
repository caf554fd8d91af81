# SPDX-License-Identifier: ISC
"""Several kernels; kernels that rest between two runs, that were shut down, and that have crashed."""

from __future__ import annotations

import gc
import threading
import weakref

import aiologic
import pytest
from aiologic.testing.harness import CANCELLED, acquire, release, until, wait

from .steps import FAR, Source, in_a_thread, new_waiter, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from typing import Any

    from aiologic.testing.harness import Stage

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")


@pytest.fixture
def kernel() -> Iterator[Any]:
    """A kernel that does not run yet."""
    kernel = curio.Kernel()
    yield kernel
    if kernel._shutdown_funcs is not None:
        kernel.run(shutdown=True)


def test_a_task_of_each_of_several_kernels_is_itself() -> None:
    """Owners are told apart, and each kernel's tasks are woken by the others."""
    lock = aiologic.Lock()
    owners: list[object] = []
    inside: list[None] = []
    # ``owner`` shows a task by its id(), which may be reused when a task is gone; these stay until they are counted.
    tasks: list[object] = []

    async def turn() -> None:
        for _ in range(10):
            async with lock:
                inside.append(None)
                assert len(inside) == 1
                assert lock.async_owned()
                owners.append(lock.owner)
                await curio.sleep(0)
                inside.pop()

    async def main() -> None:
        async with curio.TaskGroup() as group:
            tasks.extend([await group.spawn(turn) for _ in range(3)])

    threads = [threading.Thread(target=curio.run, args=[main]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(owners) == 90
    assert len(set(owners)) == 9
    assert not lock.locked()


def test_a_wake_up_waits_for_a_kernel_that_rests(kernel: Any) -> None:
    """Between two runs nobody looks; the next run finds it, in whatever thread that is."""
    event = aiologic.Event()

    async def begin() -> Any:
        task = await curio.spawn(event.with_)
        await until_waiting(event)
        return task

    async def end(task: Any) -> Any:
        async with curio.timeout_after(FAR):
            return await task.join()

    task = kernel.run(begin)
    event.set()
    assert not task.terminated
    ended: list[object] = []
    in_a_thread(lambda: ended.append(kernel.run(end, task)))

    assert ended == [True]
    kernel.run(shutdown=True)


def test_a_lock_that_a_task_of_a_resting_kernel_holds_can_be_waited_for(
    kernel: Any,
) -> None:
    """Any thread may run that kernel again: it is not certain that the wait would never end."""
    lock = aiologic.Lock()

    async def take() -> None:
        await curio.spawn(lock.async_acquire, daemon=True)
        while not lock.locked():
            await curio.sleep(0)

    kernel.run(take)
    assert lock.green_acquire(timeout=0.001) is False

    async def inside() -> None:
        with pytest.raises(RuntimeError, match="current task is not holding"):
            lock.async_release()

    kernel.run(inside)


def test_a_kernel_that_is_shut_down_cancels_its_waiters(
    stage: Stage, threads: Stage
) -> None:
    semaphore = aiologic.BinarySemaphore(0)
    call = stage.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 1)
    next_call = threads.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 2)

    stage.close()

    assert call.result() == CANCELLED
    threads.actor().does(release(semaphore))
    assert next_call.result() is True
    assert semaphore.waiting == semaphore.value == 0


def test_a_kernel_that_is_asked_to_end_with_a_wake_up_inside(
    stage: Stage, threads: Stage
) -> None:
    semaphore = aiologic.BinarySemaphore(0)
    call = stage.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 1)
    next_call = threads.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 2)

    with stage.frozen() as inside:
        semaphore.release()
        inside(call.cancel)
    stage.close()

    assert call.result() == CANCELLED
    assert next_call.result() is True


def test_tasks_wait_and_are_woken_while_the_kernel_is_shut_down() -> None:
    """The entrance stays open until the last task has ended, because it is the kernel's own."""
    lock, leaving = aiologic.Lock(), aiologic.Event()
    heard: list[object] = []

    async def tidy() -> None:
        try:
            await curio.sleep(1000)
        finally:
            leaving.set()
            heard.append(await lock.async_acquire())
            lock.async_release()

    async def main() -> None:
        await curio.spawn(tidy, daemon=True)
        await curio.sleep(0)

    lock.green_acquire()
    thread = threading.Thread(target=curio.run, args=[main])
    thread.start()
    leaving.wait()
    until(lambda: lock.waiting == 1)
    lock.green_release()
    thread.join(FAR)

    assert not thread.is_alive()
    assert heard == [True]
    assert not lock.locked()


def test_a_waiter_of_a_kernel_that_was_shut_down_is_woken_in_vain() -> None:
    source = Source()

    async def main() -> Any:
        return new_waiter(source)

    waiter = curio.run(main)

    assert waiter.wake() is True
    assert source.heard == ["taken back"]
    assert waiter.abandon() is True  # as if its coroutine were closed now


def test_a_wake_up_that_a_kernel_did_not_come_to_deliver() -> None:
    """It is in the queue of a kernel that has ended; the next one to wake one of its waiters finds it."""
    early, late = Source(), Source()

    async def main() -> Any:
        waiters = new_waiter(early), new_waiter(late)
        in_a_thread(waiters[0].wake)
        return waiters

    waiter, other = crashed(main)

    assert early.heard == []
    assert other.wake() is True
    assert late.heard == ["taken back"]
    collect()
    assert early.heard == ["taken back"]
    assert waiter.abandon() is True


def collect() -> None:
    """Without reference counting, finalizers take their time."""
    for _ in range(4):
        gc.collect()


def crashed(function: Callable[[], Awaitable[Any]]) -> Any:
    """What the function returned, in a kernel that crashes at that moment."""
    results: list[Any] = []
    left: list[Any] = []

    async def main() -> None:
        results.append(await function())
        kernel = await curio.traps._get_kernel()
        left.extend((list(kernel._shutdown_funcs), list(kernel._tasks.values())))
        await curio.traps._read_wait(-1)  # no kernel survives that

    with pytest.raises(ValueError, match="-1"):
        curio.run(main)
    # What a crash leaves behind would cause warnings in the tests that follow.
    closings, tasks = left
    for close in closings:
        close()
    for task in tasks:
        task.terminated = task.joined = True
    return results[0]


@pytest.mark.parametrize("kind", ["Lock", "RLock", "BinarySemaphore"])
def test_a_crashed_kernel_keeps_nobody_waiting(threads: Stage, kind: str) -> None:
    """A thousand of its tasks stand before a thread in the queue, and will never run again."""
    exclusive = getattr(aiologic, kind)()
    holder, next_one = threads.actor(), threads.actor()
    holder.does(acquire(exclusive))

    async def main() -> None:
        for _ in range(1000):
            await curio.spawn(exclusive.async_acquire, daemon=True)
        await until_waiting(exclusive, 1000)

    crashed(main)
    call = next_one.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1001)

    holder.does(release(exclusive))

    assert call.result() is True
    gc.collect()  # now their coroutines are closed
    assert exclusive.waiting == 0
    next_one.does(release(exclusive))
    assert holder.does(acquire(exclusive, blocking=False)) is True


def test_nothing_of_a_kernel_that_was_shut_down_is_kept(threads: Stage) -> None:
    """Neither by a primitive that outlives it, nor by what woke it."""
    lock, event = aiologic.Lock(), aiologic.Event()
    kernels: list[Any] = []
    patient = threads.actor().starts(wait(event))

    async def main() -> None:
        kernels.append(weakref.ref(await curio.traps._get_kernel()))
        kernels.append(weakref.ref(await curio.current_task()))
        async with lock:
            task = await curio.spawn(lock.async_acquire)
            await until_waiting(lock)
        in_a_thread(lambda: None)
        await task.join()
        semaphore = aiologic.BinarySemaphore(0)
        thread = threading.Thread(target=semaphore.release)
        thread.start()
        await semaphore.async_acquire()
        thread.join()

    for _ in range(3):
        curio.run(main)
        lock = aiologic.Lock()
    collect()

    assert [kernel() for kernel in kernels] == [None] * 6
    event.set()
    assert patient.result() is True
