# SPDX-License-Identifier: ISC
"""Our checkpoints are AnyIO's: they yield once, and notice a cancelled scope; and they can be switched."""

from __future__ import annotations

import os
import subprocess
import sys

import aiologic
import pytest
from aiologic.lowlevel import (
    async_checkpoint,
    async_checkpoint_enabled,
    async_checkpoint_if_cancelled,
    disable_checkpoints,
    enable_checkpoints,
)
from aiologic.testing.harness import switches_of

from .steps import turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import anyio
    import anyio.lowlevel
    import anyio.to_thread

    from .conftest import Exclusive
    from .steps import Runner
else:
    anyio = pytest.importorskip("anyio", reason="about AnyIO")
    pytest.importorskip("anyio.lowlevel")
    pytest.importorskip("anyio.to_thread")


def calls(exclusive: Exclusive) -> dict[str, Callable[[], Awaitable[object]]]:
    """Each call that need not wait."""
    event = aiologic.Event()
    event.set()

    async def acquire(**options: float) -> None:
        await exclusive.async_acquire(**options)  # type: ignore[arg-type]
        exclusive.async_release()

    async def block() -> None:
        async with exclusive:
            pass

    async def happened() -> None:
        await event

    return {
        "acquire": acquire,
        "acquire in time": lambda: acquire(timeout=5),
        "block": block,
        "event": happened,
        "event in time": lambda: event.with_(5),
        "checkpoint": async_checkpoint,
    }


def test_each_call_yields_as_often_as_a_checkpoint_of_anyio(
    run: Runner, exclusive: Exclusive
) -> None:
    async def main() -> None:
        (_, once) = await switches_of(anyio.lowlevel.checkpoint())
        assert once == 1
        for name, call in calls(exclusive).items():
            for expected, switch in {
                1: enable_checkpoints,
                0: disable_checkpoints,
            }.items():
                _, count = await switches_of(switch(call()))
                assert count == expected, name

    run(main)
    assert exclusive.green_acquire(blocking=False)


def test_each_call_hears_of_a_cancelled_scope_if_it_is_a_checkpoint(
    run: Runner, exclusive: Exclusive
) -> None:
    async def main() -> None:
        for name, call in calls(exclusive).items():
            heard = []
            for switch in (enable_checkpoints, disable_checkpoints):
                with anyio.CancelScope() as scope:
                    scope.cancel()
                    try:
                        await switch(call())
                        heard.append(False)
                    except anyio.get_cancelled_exc_class():
                        heard.append(True)
                        raise
            assert heard == [True, False], name
            # It has been released.
            assert not exclusive.waiting
            assert await exclusive.async_acquire(blocking=False), name
            exclusive.async_release()

    run(main)


def test_a_checkpoint_hears_of_a_scope_that_a_neighbour_cancels(run: Runner) -> None:
    """A task that goes from checkpoint to checkpoint can be cancelled at each of them."""
    rounds: list[None] = []

    async def work(scope: anyio.CancelScope) -> None:
        with scope:
            while True:
                rounds.append(None)
                await async_checkpoint(force=True)

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(work, scope)
            await turns(20)
            scope.cancel()
            count = len(rounds)
            await turns(20)
            assert len(rounds) <= count + 1

    run(main)
    assert len(rounds) >= 10


def test_a_shield_keeps_it_away_from_a_checkpoint(run: Runner) -> None:
    passed: list[str] = []

    async def main() -> None:
        with anyio.CancelScope() as scope:
            scope.cancel()
            with anyio.CancelScope(shield=True):
                await async_checkpoint(force=True)
                await async_checkpoint_if_cancelled(force=True)
                await enable_checkpoints(aiologic.Lock().async_acquire())
                passed.append("in the shield")
            await async_checkpoint_if_cancelled(force=True)
            passed.append("outside")

    run(main)
    assert passed == ["in the shield"]


def test_to_look_does_not_yield(run: Runner) -> None:
    async def main() -> None:
        with anyio.CancelScope():
            _, count = await switches_of(async_checkpoint_if_cancelled(force=True))
            assert count == 0

    run(main)


def test_a_setting_is_inherited_by_tasks_and_not_by_threads(run: Runner) -> None:
    """AnyIO copies the context into both."""

    async def in_a_task(seen: list[bool]) -> None:
        seen.append(async_checkpoint_enabled())

    def in_a_thread() -> object:
        return aiologic.lowlevel.green_checkpoint_enabled()

    async def main() -> None:
        for switch in (enable_checkpoints, disable_checkpoints):
            seen: list[bool] = []
            async with switch():
                async with anyio.create_task_group() as group:
                    group.start_soon(in_a_task, seen)
                with switch():
                    assert await anyio.to_thread.run_sync(in_a_thread) is False
            assert seen == [switch is enable_checkpoints]

    run(main)


# The environment is read when the library is imported, so each runs in a process of its own.
SWITCHES = """
import sys, anyio, aiologic
from aiologic.testing.harness import switches_of

async def main():
    lock, event = aiologic.Lock(), aiologic.Event()
    event.set()
    counts = [(await switches_of(lock.async_acquire()))[1]]
    counts.append((await switches_of(event.with_()))[1])
    heard = []
    with anyio.CancelScope() as scope:
        scope.cancel()
        try:
            await event
        except anyio.get_cancelled_exc_class():
            heard.append("heard")
            raise
    print(*counts, *heard)

anyio.run(main, backend=sys.argv[1])
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, {"asyncio": "0 0", "trio": "1 1 heard"}),
        (
            {"AIOLOGIC_ASYNC_CHECKPOINTS": "1"},
            {"asyncio": "1 1 heard", "trio": "1 1 heard"},
        ),
        ({"AIOLOGIC_ASYNC_CHECKPOINTS": "0"}, {"asyncio": "0 0", "trio": "0 0"}),
        (
            {"AIOLOGIC_ASYNCIO_CHECKPOINTS": "1", "AIOLOGIC_TRIO_CHECKPOINTS": ""},
            {"asyncio": "1 1 heard", "trio": "0 0"},
        ),
        (
            {"AIOLOGIC_ASYNC_CHECKPOINTS": "1", "AIOLOGIC_ASYNCIO_CHECKPOINTS": "0"},
            {"asyncio": "0 0", "trio": "1 1 heard"},
        ),
    ],
    ids=["default", "async on", "async off", "crossed", "all but asyncio"],
)
def test_the_environment_switches_them(
    backend: str, variables: dict[str, str], expected: dict[str, str]
) -> None:
    pytest.importorskip(backend, reason=f"AnyIO on {backend} needs that")
    pytest.importorskip(f"aiologic_{backend}", reason=f"{backend} needs its backend")
    clean = {k: v for k, v in os.environ.items() if "CHECKPOINTS" not in k}

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SWITCHES, backend],
        env={**clean, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == expected[backend]
