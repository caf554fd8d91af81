# SPDX-License-Identifier: ISC
"""What the backend takes for the current task, and from when on it checks whether that is a helper."""

from __future__ import annotations

import asyncio
import gc
from weakref import ref

from aiologic_asyncio import _backend, _identity
from aiologic_asyncio._backend import AsyncioBackend
from aiologic_asyncio._identity import principal_of, principals

from .steps import finish, start

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pytest

Loop = asyncio.AbstractEventLoop


class Anything:
    """Can be referred to weakly, as tasks can."""


def test_nothing_is_looked_up_before_somebody_shields_a_call(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A future needs no helper; the first call that does has core choose anew, and no other after it."""
    looks: list[None] = []
    monkeypatch.setattr(_backend, "look_again", lambda: looks.append(None))
    backend = AsyncioBackend()

    async def main() -> None:
        future = loop.create_future()
        loop.call_soon(future.set_result, None)
        await backend.shield(future)
        assert backend.current_task is asyncio.current_task
        assert not looks

        for _ in range(2):
            await backend.shield(asyncio.sleep(0))
            assert backend.current_task is _identity.current_principal
            assert len(looks) == 1

    finish(loop, main())


def test_a_helper_counts_as_its_principal_while_there_is_one() -> None:
    helper, principal = Anything(), Anything()
    principals[id(helper)] = ref(helper), ref(principal)
    try:
        assert principal_of(helper) is principal
        del principal
        gc.collect()
        assert principal_of(helper) is helper
    finally:
        del principals[id(helper)]


def test_a_task_with_the_number_of_a_helper_that_has_gone_is_itself() -> None:
    """If objects are freed late, the entry of one may still be there when the other has its number."""
    gone, task, principal = Anything(), Anything(), Anything()
    principals[id(task)] = ref(gone), ref(principal)
    try:
        assert principal_of(task) is task
        del gone
        gc.collect()
        assert principal_of(task) is task
    finally:
        del principals[id(task)]


def test_a_future_is_no_task(loop: Loop) -> None:
    backend = AsyncioBackend()

    task = start(loop, asyncio.sleep(0))
    assert backend.knows(task)
    assert not backend.knows(loop.create_future())
    finish(loop, task)


def test_a_task_that_has_ended_needs_no_thread(loop: Loop) -> None:
    """What it has not released, nobody will release: but not because its loop is held up by this thread."""
    backend = AsyncioBackend()

    async def main() -> None:
        task = loop.create_task(asyncio.sleep(0))
        assert backend.runs_here(task)
        await task
        assert not backend.runs_here(task)

    finish(loop, main())
