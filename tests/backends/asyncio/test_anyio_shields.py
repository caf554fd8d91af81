# SPDX-License-Identifier: ISC
"""AnyIO's scopes and our shield: whether AnyIO works here, and that a cancelled scope spares a shielded call."""

from __future__ import annotations

import asyncio

import aiologic
import pytest
from aiologic.lowlevel import shield

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import anyio
    import anyio.lowlevel
    from aiologic_asyncio import _anyio

    Task = asyncio.Task[Any]
else:
    Task = asyncio.Task
    anyio = pytest.importorskip("anyio", reason="scopes of AnyIO need AnyIO")
    _anyio = pytest.importorskip("aiologic_asyncio._anyio")

TURNS = 5


class Counted(Task):
    """A task that knows how many times it was cancelled."""

    cancellations = 0

    def cancel(self, *args: Any, **options: Any) -> bool:
        self.cancellations += 1
        return super().cancel(*args, **options)


def counted(loop: Any, coroutine: Any, **options: Any) -> Counted:
    return Counted(coroutine, loop=loop, **options)


async def turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def called(event: aiologic.Event) -> bool:
    return await event


@pytest.mark.parametrize("what", ["a coroutine", "a bare wait"])
def test_a_cancelled_scope_does_not_cancel_who_shields(what: str) -> None:
    """It would do so again at each turn of the loop, for as long as the call takes."""
    passed: list[object] = []

    async def main() -> None:
        asyncio.get_running_loop().set_task_factory(counted)
        event, scope = aiologic.Event(), anyio.CancelScope()

        async def shields() -> None:
            with scope:
                passed.append(
                    await shield(called(event) if what == "a coroutine" else event)
                )
                await anyio.lowlevel.checkpoint()
                passed.append("after it")

        task: Any = asyncio.create_task(shields())
        await turns()
        assert event.waiting == 1
        scope.cancel()
        await turns()
        seen = task.cancellations, event.waiting
        event.set()
        await task
        assert seen == (0, 1)
        assert scope.cancelled_caught

    asyncio.run(main())
    assert passed == [True]


def test_without_sniffio_anyio_supposes_asyncio(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """AnyIO has worked without it since 4.12."""
    monkeypatch.setattr(_anyio, "sniffio", None)
    assert _anyio.takes_us_for_asyncio() is True


def test_with_sniffio_anyio_needs_a_task() -> None:
    pytest.importorskip("sniffio", reason="it is about sniffio")

    async def main() -> bool:
        return _anyio.takes_us_for_asyncio()

    assert _anyio.takes_us_for_asyncio() is False
    assert asyncio.run(main()) is True
