# SPDX-License-Identifier: ISC
"""What the backend relies on although curio does not promise it: these fail if a release of curio has changed it."""

from __future__ import annotations

import selectors
import sys
import threading

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("curio.traps")


@pytest.fixture
def inside() -> ModuleType:
    from aiologic_curio import _kernel

    return _kernel


def test_the_current_task_is_found_without_await(inside: ModuleType) -> None:
    async def main() -> tuple[object, object, object, object]:
        kernel = await curio.traps._get_kernel()
        found = inside.current_task(), inside.current_kernel()
        return (*found, await curio.current_task(), kernel)

    task, kernel, true_task, true_kernel = curio.run(main)

    assert task is true_task
    assert kernel is true_kernel
    assert inside.current_task() is None
    assert inside.current_kernel() is None


def test_there_is_none_while_the_kernel_itself_runs(inside: ModuleType) -> None:
    """While activations are told of a task, and while a trap of it is carried out, no step of the task runs."""
    seen: list[object] = []

    class Activation(curio.kernel.Activation):  # type: ignore[misc]
        def running(self, task: object) -> None:
            seen.append(inside.current_task())

        def suspended(self, task: object, trap: object) -> None:
            seen.append(inside.current_task())

    class Rest(curio.sched.SchedFIFO):  # type: ignore[misc]
        def _kernel_suspend(self, task: object) -> Any:
            seen.append(inside.current_task())
            return super()._kernel_suspend(task)

    class Selector(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> Any:
            seen.append(inside.current_task())
            return super().select(timeout)

        def close(self) -> None:
            # At the very end, when the kernel has no runner any more.
            seen.append(inside.current_task())
            super().close()

    async def main() -> None:
        async with curio.ignore_after(0.001):
            await Rest().suspend("TEST")

    curio.run(main, activations=[Activation()], selector=Selector())

    assert len(seen) > 5
    assert set(seen) == {None}


def test_the_frame_of_a_task_is_on_the_stack_of_its_steps(inside: ModuleType) -> None:
    async def main() -> bool:
        root = inside.root_frame(await curio.current_task())
        frame = sys._getframe()
        while frame is not root and frame.f_back is not None:
            frame = frame.f_back
        return frame is root

    assert curio.run(main)


def test_errands_are_run_in_steps_of_the_kernels_first_task(inside: ModuleType) -> None:
    """In its own thread, in order, and promptly, whoever sends them."""
    seen: list[tuple[int, object, object]] = []
    all_seen = curio.UniversalEvent()

    def look(number: int) -> None:
        seen.append((number, inside.current_task(), threading.get_ident()))
        if number == 9:
            all_seen.set()

    async def main() -> list[tuple[int, object, object]]:
        kernel = inside.current_kernel()

        def bring() -> None:
            for number in range(10):
                inside.call_soon(kernel, lambda number=number: look(number))

        thread = threading.Thread(target=bring)
        thread.start()
        async with curio.timeout_after(5):
            await all_seen.wait()
        thread.join()
        first = min(kernel._tasks)
        return [
            (number, kernel._tasks[first], threading.get_ident())
            for number in range(10)
        ]

    assert curio.run(main) == seen


def test_errands_are_not_lost_when_the_socket_is_full(inside: ModuleType) -> None:
    """It neither blocks nor raises: when the socket is read, all errands are found."""
    count = 5000  # the socket takes some hundreds
    seen: list[int] = []

    async def main() -> None:
        kernel = inside.current_kernel()
        for number in range(count):
            inside.call_soon(kernel, lambda number=number: seen.append(number))
        while len(seen) < count:
            await curio.sleep(0)

    curio.run(main)

    assert seen == list(range(count))


def test_a_kernel_that_was_shut_down_takes_no_errand(inside: ModuleType) -> None:
    async def main() -> object:
        return inside.current_kernel()

    kernel = curio.run(main)

    assert inside.has_ended(kernel)
    with pytest.raises(RuntimeError):
        inside.call_soon(kernel, lambda: None)
    inside.drop_errands(kernel)


def test_a_kernel_that_has_crashed_takes_no_errand(inside: ModuleType) -> None:
    """Its socket stays open, and nobody reads it any more."""
    kernels: list[Any] = []
    closings: list[Any] = []
    tasks: list[Any] = []

    async def main() -> None:
        kernel = inside.current_kernel()
        kernels.append(kernel)
        closings.extend(kernel._shutdown_funcs)
        tasks.extend(kernel._tasks.values())
        await curio.traps._read_wait(-1)  # no kernel survives that

    with pytest.raises(ValueError, match="-1"):
        curio.run(main)
    with pytest.raises(RuntimeError):
        inside.call_soon(kernels[0], lambda: None)
    # What a crash leaves behind would cause warnings in the tests that follow.
    for close in closings:
        close()
    for task in tasks:
        task.terminated = task.joined = True


def test_a_kernel_that_is_shut_down_meanwhile_takes_no_errand(
    inside: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B checks whether it has ended.   A: it ends.   B writes to its socket."""

    async def main() -> object:
        return inside.current_kernel()

    kernel = curio.run(main)
    monkeypatch.setattr(inside, "has_ended", lambda kernel: kernel is None)
    with pytest.raises(RuntimeError):
        inside.call_soon(kernel, lambda: None)


@pytest.mark.parametrize("sleeps", [False, True])
def test_a_task_is_made_ready_once_for_each_suspension(
    inside: ModuleType, sleeps: bool
) -> None:
    """If a sleep ends and we wake the task as well, only one of the two counts."""
    turns: list[object] = []

    async def sleeper() -> None:
        for _ in range(2):
            woken = await (curio.sleep(1000) if sleeps else inside.rest.suspend("TEST"))
            turns.append(woken)

    async def main() -> None:
        kernel = inside.current_kernel()
        task = await curio.spawn(sleeper)
        await curio.sleep(0)
        for turn in (1, 2):
            assert task.cancel_func is not None
            inside.let_go_on(kernel, task)
            inside.let_go_on(kernel, task)  # it is ready: no effect
            assert task.cancel_func is None
            assert task.state == "READY"
            await curio.sleep(0)
            assert turns == [None] * turn
            if sleeps:
                assert task.sleep is None or turn == 1
        await task.join()
        assert not kernel._runner.__closure__[inside._READY].cell_contents

    curio.run(main)


def test_the_clock_is_the_kernels(inside: ModuleType) -> None:
    async def main() -> tuple[float, float, float]:
        kernel = inside.current_kernel()
        return await curio.clock(), inside.clock_of(kernel), await curio.clock()

    before, ours, after = curio.run(main)

    assert before <= ours <= after


@pytest.mark.parametrize(
    ("selector", "limit", "expected"),
    [
        (selectors.SelectSelector, None, 31 * 86_400.0),
        (selectors.SelectSelector, 1.0, sys.float_info.max),
        (selectors.SelectSelector, 31 * 86_400.0, sys.float_info.max),
        (getattr(selectors, "EpollSelector", None), None, (2**31 - 1) / 1000),
        (getattr(selectors, "EpollSelector", None), 1e9, (2**31 - 1) / 1000),
        (getattr(selectors, "PollSelector", None), 60.0, sys.float_info.max),
    ],
)
def test_the_longest_sleep_is_the_selectors(
    selector: Any, limit: float | None, expected: float
) -> None:
    from aiologic_curio import _clock

    if selector is None:
        pytest.skip("about selectors that this platform lacks")

    async def main() -> float:
        return _clock.longest_sleep()

    made = selector()
    found = curio.run(main, selector=made, max_select_timeout=limit)
    assert found == expected


def test_a_kernel_without_a_variable_is_refused(inside: ModuleType) -> None:
    with pytest.raises(ImportError, match="can't work with curio 1"):
        inside._place_of("currant", "kernel_run")
    with pytest.raises(ImportError, match="has no variable 'current' in kernel_walk"):
        inside._place_of("current", "kernel_walk")
