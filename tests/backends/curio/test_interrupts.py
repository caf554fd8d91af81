# SPDX-License-Identifier: ISC
"""A wake-up may come at any bytecode of the way to sleep, of a cancellation, and of the end of a sleep."""

# A scene is played again and again. Each time a tracer stops the kernel's thread before another bytecode of curio or of
# its backend, and calls a function there: in the same thread, like a signal handler, or in another one. The last time
# is when the kernel sleeps in its selector. Whenever the wake-up comes, it must neither get lost nor break the kernel.

from __future__ import annotations

import selectors
import sys
import threading
from pathlib import Path

import aiologic
import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
aiologic_curio: Any = pytest.importorskip("aiologic_curio")

TRACED = tuple(str(Path(module.__file__).parent) for module in (curio, aiologic_curio))

#: A wake-up that takes so long is lost.
LONG = 3.0


class Moment:
    """Calls a function before one of the bytecodes that follow once it is armed."""

    def __init__(self, number: int, function: Callable[[], object]) -> None:
        self._left = number
        self._function = function
        self.is_armed = False
        self.has_come = False
        #: Whether it had to come at the end, because there are not so many bytecodes.
        self.is_last = False

    def comes(self) -> None:
        self.is_armed = False
        self.has_come = True
        self._function()

    def begin(self, frame: FrameType, event: str, arg: object) -> Any:
        if not frame.f_code.co_filename.startswith(TRACED):
            return None
        frame.f_trace_opcodes = True
        return self.step

    def step(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "opcode" and self.is_armed:
            if not self._left:
                self.comes()
            self._left -= 1
        return self.step


class Selector(selectors.DefaultSelector):
    """Makes the moment come at the latest when the kernel sleeps."""

    moment: Moment

    def select(self, timeout: float | None = None) -> Any:
        if timeout != 0 and self.moment.is_armed:
            self.moment.is_last = True
            self.moment.comes()
        return super().select(timeout)


def in_a_thread(function: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        thread = threading.Thread(target=function)
        thread.start()
        thread.join()

    return run


def play(
    scene: Callable[[Moment], Awaitable[None]],
    function: Callable[[], object],
    number: int,
) -> Moment:
    moment = Moment(number, function)
    selector = Selector()
    selector.moment = moment
    before = sys.gettrace()
    sys.settrace(moment.begin)
    try:
        curio.run(scene, moment, selector=selector)
    finally:
        sys.settrace(before)
    return moment


WAYS: dict[str, Callable[[Callable[[], object]], Callable[[], object]]] = {
    "handler": lambda function: function,
    "thread": in_a_thread,
}


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest) -> Callable[..., Callable[[], object]]:
    return WAYS[request.param]


def moments(stride: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("first", "stride"),
        [(0, stride), pytest.param(0, 1, marks=pytest.mark.slow)],
        ids=["some", "all"],
    )


@moments(stride=19)
@pytest.mark.parametrize("timeout", [None, 1000], ids=["for ever", "with a time-out"])
@pytest.mark.parametrize("crowd", [False, True], ids=["alone", "in a crowd"])
def test_on_the_way_to_sleep(
    way: Callable[..., Callable[[], object]],
    crowd: bool,
    timeout: float | None,
    first: int,
    stride: int,
) -> None:
    """Woken before it sleeps or as it falls asleep: the task goes on."""
    for number in range(first, 10_000, stride):
        event, semaphore = aiologic.Event(), aiologic.BinarySemaphore(0)
        outcomes: list[object] = []

        async def scene(
            moment: Moment,
            outcomes: list[object] = outcomes,
            event: aiologic.Event = event,
            semaphore: aiologic.BinarySemaphore = semaphore,
        ) -> None:
            async def wait() -> bool:
                if crowd:
                    return await event.with_(timeout)
                return await semaphore.async_acquire(timeout=timeout)

            task = await curio.spawn(wait)
            moment.is_armed = True
            async with curio.ignore_after(LONG):
                await task.join()
            outcomes.append(task.result if task.terminated else "lost")

        moment = play(scene, way(event.set if crowd else semaphore.release), number)
        assert moment.has_come
        assert outcomes == [True]
        assert event.waiting == semaphore.waiting == semaphore.value == 0
        if moment.is_last:
            return
    raise AssertionError("the task never slept")


@moments(stride=23)
@pytest.mark.parametrize("timeout", [None, 1000], ids=["for ever", "with a time-out"])
def test_around_a_cancellation(
    way: Callable[..., Callable[[], object]],
    timeout: float | None,
    first: int,
    stride: int,
) -> None:
    """Released while the task is being cancelled: the task has it, or it is free."""
    for number in range(first, 10_000, stride):
        semaphore = aiologic.BinarySemaphore(0)
        outcomes: list[object] = []

        async def scene(
            moment: Moment,
            semaphore: aiologic.BinarySemaphore = semaphore,
            outcomes: list[object] = outcomes,
        ) -> None:
            async def take() -> None:
                try:
                    outcomes.append(await semaphore.async_acquire(timeout=timeout))
                except curio.TaskCancelled:
                    outcomes.append("cancelled")
                    raise

            task = await curio.spawn(take)
            await curio.sleep(0)
            assert semaphore.waiting == 1
            moment.is_armed = True
            await task.cancel()
            await curio.sleep(0.001)  # there the moment comes at the latest

        moment = play(scene, way(semaphore.release), number)
        assert moment.has_come
        assert outcomes in ([True], ["cancelled"])
        assert semaphore.value == (0 if outcomes == [True] else 1)
        if moment.is_last:
            return
    raise AssertionError("the kernel never slept")


@moments(stride=29)
@pytest.mark.parametrize("whose", ["its own", "a block's"])
def test_around_the_end_of_a_time_out(
    way: Callable[..., Callable[[], object]],
    whose: str,
    first: int,
    stride: int,
) -> None:
    """Released while time runs out: the task has it, or it is free."""
    for number in range(first, 10_000, stride):
        semaphore = aiologic.BinarySemaphore(0)
        outcomes: list[object] = []

        async def scene(
            moment: Moment,
            semaphore: aiologic.BinarySemaphore = semaphore,
            outcomes: list[object] = outcomes,
        ) -> None:
            async def take() -> None:
                if whose == "its own":
                    outcomes.append(await semaphore.async_acquire(timeout=1e-6))
                    return
                # The task records what it got inside the block, before the end of the block can interfere.
                async with curio.ignore_after(1e-6):
                    outcomes.append(await semaphore.async_acquire())

            task = await curio.spawn(take)
            moment.is_armed = True
            await task.join()
            await curio.sleep(0.001)

        moment = play(scene, way(semaphore.release), number)
        assert moment.has_come
        assert outcomes in ([True], [False], [])
        assert semaphore.value == (0 if outcomes == [True] else 1)
        assert semaphore.waiting == 0
        if moment.is_last and number:
            return
    raise AssertionError("the kernel never slept")
