# SPDX-License-Identifier: ISC
"""Where curio's cancellation is disabled, or a call is shielded: what came meanwhile is raised afterwards."""

from __future__ import annotations

import aiologic
import pytest
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import async_checkpoint, async_checkpoint_if_cancelled

from .steps import run, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")


def test_a_wait_that_can_not_be_cancelled() -> None:
    """disable_cancellation() holds during a wait; what came meanwhile is raised afterwards."""
    lock = aiologic.Lock()
    heard: list[object] = []

    async def victim() -> None:
        try:
            async with curio.disable_cancellation():
                async with curio.ignore_after(0.001):
                    heard.append(await lock.async_acquire())
                    lock.async_release()
                await async_checkpoint(force=True)
                await async_checkpoint_if_cancelled(force=True)
                heard.append("still here")
            heard.append("and here")
            await async_checkpoint_if_cancelled(force=True)
            heard.append("never")
        except curio.TaskCancelled:
            heard.append("cancelled")
            raise

    async def main() -> None:
        async with lock:
            task = await curio.spawn(victim)
            await until_waiting(lock)
            await task.cancel(blocking=False)
            for _ in range(3):
                await curio.sleep(0.001)
            assert lock.waiting == 1
        await task.wait()

    run(main)
    assert heard == [True, "still here", "and here", "cancelled"]
    assert not lock.locked()


class Shield:
    """A call that is shielded, in a task that is cancelled meanwhile."""

    def __init__(self, fails: bool = False) -> None:
        self.event = aiologic.Event()
        self.fails = fails
        self.heard: list[object] = []

    async def call(self) -> str:
        self.heard.append(await curio.current_task())
        await self.event
        if self.fails:
            raise LookupError
        return "done"

    async def shield(self) -> None:
        self.heard.append(await curio.current_task())
        try:
            try:
                self.heard.append(await worlds.async_world()[0].shield(self.call()))
            except LookupError:
                self.heard.append("failed")
            await curio.sleep(0)
            self.heard.append("never")
        except curio.TaskCancelled:
            self.heard.append("cancelled")
            raise

    async def main(self) -> None:
        task = await curio.spawn(self.shield)
        await until_waiting(self.event)
        await task.cancel(blocking=False)
        await curio.sleep(0)
        assert self.event.waiting == 1
        self.event.set()
        await task.wait()
        assert task.allow_cancel is True


@pytest.mark.parametrize("fails", [False, True])
def test_a_shielded_call(fails: bool) -> None:
    """It runs in the same task, and the next call that blocks raises the cancellation."""
    shield = Shield(fails)

    run(shield.main)

    outer, inner, *heard = shield.heard
    assert outer is inner
    assert heard == ["failed" if fails else "done", "cancelled"]


def test_a_shield_inside_a_shield() -> None:
    async def main() -> list[bool]:
        backend = worlds.async_world()[0]
        task = await curio.current_task()
        seen = []

        async def inner() -> None:
            seen.append(task.allow_cancel)

        async def outer() -> None:
            await backend.shield(inner())
            seen.append(task.allow_cancel)

        await backend.shield(outer())
        seen.append(task.allow_cancel)
        return seen

    assert run(main) == [False, False, True]
