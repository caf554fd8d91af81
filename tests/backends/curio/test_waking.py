# SPDX-License-Identifier: ISC
"""How a curio task is woken, and what happens if the wake-up comes early, late, twice or too late."""

from __future__ import annotations

import aiologic
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import SHORT, switches_of

from .steps import Source, in_a_thread, new_waiter, run, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")


@pytest.fixture
def entrances(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each use of the kernel's thread-safe entrance."""
    from aiologic_curio import _kernel, _waiter

    used: list[object] = []

    def call_soon(kernel: object, function: Any) -> None:
        used.append(kernel)
        _kernel.call_soon(kernel, function)

    monkeypatch.setattr(_waiter, "call_soon", call_soon)
    return used


@pytest.mark.parametrize("timeout", [None, 1000])
def test_a_task_wakes_a_task_of_its_kernel_directly(
    entrances: list[object], timeout: float | None
) -> None:
    event = aiologic.Event()

    async def main() -> None:
        task = await curio.spawn(event.with_, timeout)
        await until_waiting(event)
        event.set()
        await curio.sleep(0)
        assert task.terminated
        assert await task.join() is True

    run(main)
    assert entrances == []


def test_a_thousand_waiters_are_woken_by_a_thread_through_one_entrance(
    entrances: list[object],
) -> None:
    event = aiologic.Event()

    async def main() -> None:
        async with curio.TaskGroup() as group:
            for _ in range(1000):
                await group.spawn(event.with_)
            await until_waiting(event, 1000)
            in_a_thread(event.set)  # the kernel is busy with us meanwhile

    run(main)
    assert len(entrances) == 1


def test_a_thousand_wake_ups_one_by_one_share_an_entrance(
    entrances: list[object],
) -> None:
    """Each release of a semaphore is a separate wake-up."""
    semaphores = [aiologic.BinarySemaphore(0) for _ in range(1000)]

    def release_all() -> None:
        for semaphore in semaphores:
            semaphore.release()

    async def main() -> None:
        async with curio.TaskGroup() as group:
            for semaphore in semaphores:
                await group.spawn(semaphore.async_acquire)
            await until_waiting(semaphores[-1])
            in_a_thread(release_all)

    run(main)
    assert len(entrances) == 1


def test_a_task_of_another_kernel_wakes_through_the_entrance(
    entrances: list[object],
) -> None:
    event = aiologic.Event()

    async def set_it() -> None:
        event.set()

    async def main() -> Any:
        task = await curio.spawn(event.with_)
        await until_waiting(event)
        in_a_thread(lambda: curio.run(set_it))
        await task.join()
        return await curio.traps._get_kernel()

    kernel = run(main)
    assert entrances == [kernel]


def test_an_activation_wakes_through_the_entrance(entrances: list[object]) -> None:
    """It runs in the kernel's thread, and the kernel may be about to sleep."""
    event = aiologic.Event()

    class Activation(curio.kernel.Activation):  # type: ignore[misc]
        def suspended(self, task: object, trap: object) -> None:
            if event.waiting:
                event.set()

    async def main() -> bool:
        async with curio.timeout_after(10):
            return await event

    assert curio.run(main, activations=[Activation()])
    assert len(entrances) == 1


@pytest.mark.parametrize("from_thread", [False, True])
@pytest.mark.parametrize("timeout", [None, 0, 1000])
def test_a_wake_up_before_the_wait_is_remembered(
    from_thread: bool, timeout: float | None
) -> None:
    source = Source()

    async def main() -> Any:
        waiter = new_waiter(source)
        if from_thread:
            in_a_thread(waiter.wake)
        else:
            waiter.wake()
        return await switches_of(waiter.park(timeout))

    assert run(main) == (True, 1)
    assert source.heard == []


@pytest.mark.parametrize("from_thread", [False, True])
def test_a_wake_up_before_the_wait_disturbs_no_other_sleep(from_thread: bool) -> None:
    """The task may do something else between the two."""
    source = Source()

    async def main() -> float:
        waiter = new_waiter(source)
        if from_thread:
            in_a_thread(waiter.wake)
        else:
            waiter.wake()
        before = await curio.clock()
        slept: float = await curio.sleep(0.02) - before
        assert await waiter.park(None) is True
        return slept

    assert run(main) >= 0.02


def test_to_wake_twice_is_harmless() -> None:
    async def main() -> list[bool]:
        waiter = new_waiter(Source())
        woken: list[bool] = []

        async def sleep() -> None:
            woken.append(await waiter.park(None))
            assert await aiologic.Event().with_(0.02) is False  # undisturbed

        task = await curio.spawn(sleep)
        await curio.sleep(0)
        woken.append(waiter.wake())
        woken.append(waiter.wake())
        waiter.unpark()
        in_a_thread(waiter.unpark)
        await task.join()
        return woken

    assert run(main) == [True, False, True]


def test_a_wake_up_that_comes_between_two_portions_of_a_long_sleep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The task is ready at that moment, but does not know of it yet."""
    from aiologic_curio import _waiter

    monkeypatch.setattr(_waiter, "LONGEST_PORTION_SECONDS", SHORT)

    async def wake_between() -> bool:
        event = aiologic.Event()
        me = await curio.current_task()
        am_first = False

        async def keep_the_kernel_busy() -> None:
            nonlocal am_first
            am_first = me.sleep < task.sleep
            while await curio.clock() <= task.sleep:  # a trap, but no switch
                pass

        task = await curio.spawn(event.with_, 1000)
        await until_waiting(event)
        # The kernel is late for both of us, and first takes the one whose time was up first.
        await curio.spawn(keep_the_kernel_busy, daemon=True)
        await curio.sleep(SHORT / 100)
        if am_first:
            assert task.state == "READY"
            assert task.cancel_func is None
        event.set()
        assert await task.join() is True
        assert task.sleep is None
        return am_first

    async def main() -> None:
        while not await wake_between():  # a busy machine stopped us for a portion
            pass

    run(main)


def test_a_long_sleep_is_slept_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    from aiologic_curio import _waiter

    monkeypatch.setattr(_waiter, "LONGEST_PORTION_SECONDS", 0.01)
    event = aiologic.Event()

    async def main() -> None:
        before = await curio.clock()
        assert await event.with_(0.035) is False
        assert await curio.clock() - before >= 0.035
        task = await curio.spawn(event.with_, 1000)
        await curio.sleep(0.025)
        assert event.waiting == 1
        event.set()
        assert await task.join() is True

    run(main)


def test_time_outs_leave_no_timer_behind() -> None:
    """A distant one is forgotten when it is not needed; a near one fires without effect."""
    from aiologic_curio import _kernel

    async def main() -> None:
        kernel = await curio.traps._get_kernel()
        place = kernel._runner.__code__.co_freevars.index("sleepq")
        timers = kernel._runner.__closure__[place].cell_contents
        before = len(timers.far)
        for timeout in (1000, 1e300):
            for _ in range(20):
                event = aiologic.Event()
                task = await curio.spawn(event.with_, timeout)
                await until_waiting(event)
                assert len(timers.far) == before + 1
                event.set()
                assert await task.join() is True
                assert task.sleep is None
        assert len(timers.far) == before
        assert not timers.near
        assert _kernel.current_kernel() is kernel

    run(main)


def test_sleeps_of_any_length() -> None:
    backend: Any = None

    async def main() -> None:
        backend = worlds.async_world()[0]
        before = backend.clock()
        await backend.sleep(0.01)
        assert backend.clock() - before >= 0.01
        assert (await switches_of(backend.sleep(0)))[1] == 1
        assert await curio.ignore_after(0.01, backend.sleep(1e300)) is None
        assert backend.longest_timeout() >= 2_000_000
        assert backend.current_token() is await curio.traps._get_kernel()

    run(main)
    assert backend is None
