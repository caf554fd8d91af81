# SPDX-License-Identifier: ISC
"""curio's time limits, and time-outs of ours: each ends what it is meant for, and nothing else."""

from __future__ import annotations

import aiologic
import pytest

from .steps import FAR, run, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")


@pytest.mark.parametrize("ours", [None, 1000])
def test_a_time_limit_of_curio_ends_a_wait(ours: float | None) -> None:
    """As TaskTimeout where it is raised, and without a trace where it is ignored."""
    event, lock = aiologic.Event(), aiologic.Lock()

    async def main() -> list[object]:
        heard: list[object] = []
        async with lock:
            with pytest.raises(curio.TaskTimeout):
                async with curio.timeout_after(0.001):
                    await event.with_(ours)
            assert await curio.ignore_after(0.001, event.with_(ours)) is None
            # The limit of an outer block ends the inner one with another exception.
            async with curio.ignore_after(0.001):
                try:
                    async with curio.timeout_after(FAR):
                        await event.with_(ours)
                except curio.TimeoutCancellationError as error:
                    heard.append(type(error))
                    raise
            assert lock.async_owned()
        return heard

    assert run(main) == [curio.TimeoutCancellationError]
    assert event.waiting == 0
    assert not lock.locked()


def test_a_time_out_of_ours_is_no_cancellation() -> None:
    event = aiologic.Event()

    async def main() -> None:
        async with curio.timeout_after(FAR) as scope:
            assert await event.with_(0.001) is False
            assert await event.with_(0) is False
        assert not scope.expired
        task = await curio.current_task()
        assert task.sleep is None
        assert task.cancel_pending is None

    run(main)


def test_a_time_limit_that_is_over_when_it_is_woken() -> None:
    """Woken by a task, and only then out of time: it has the permit, and passes nothing on."""
    semaphore = aiologic.BinarySemaphore(0)
    outcomes: list[object] = []

    async def take() -> None:
        async with curio.ignore_after(0.01):
            outcomes.append(await semaphore.async_acquire())
            await curio.sleep(FAR)

    async def main() -> None:
        task = await curio.spawn(take)
        await until_waiting(semaphore)
        semaphore.release()
        end = await curio.clock() + 0.02
        while await curio.clock() < end:  # a trap, but no switch
            pass
        await task.join()

    run(main)
    assert outcomes == [True]
    assert semaphore.value == 0
