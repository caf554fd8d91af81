# SPDX-License-Identifier: ISC
"""C3: what could only freeze the loop for ever raises at once instead."""

from __future__ import annotations

import aiologic
import pytest
from aiologic._runtime import blocking
from aiologic._runtime.threads import ThreadWaiter
from aiologic.lowlevel import current_async_task
from aiologic.testing.harness import (
    Stage,
    acquire,
    release,
    run,
    until,
)

from .conftest import ASYNC, awaits, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def with_block(lock: Any) -> None:
    with lock:
        raise AssertionError("it is another's")


def wait_on_its_condition(lock: Any) -> None:
    with aiologic.Condition(lock):
        raise AssertionError("it is another's")


def writing() -> Any:
    return aiologic.RWLock().writing


@inside(ASYNC)
@pytest.mark.parametrize(
    ("kind", "blocks"),
    [
        (aiologic.Lock, with_block),
        (aiologic.RLock, with_block),
        (aiologic.CapacityLimiter, with_block),
        (writing, with_block),
        (aiologic.Lock, wait_on_its_condition),
        (aiologic.RLock, wait_on_its_condition),
    ],
)
def test_it_names_both(
    stage: Stage, kind: Callable[[], Any], blocks: Callable[[Any], None]
) -> None:
    lock = kind()
    holder, other = stage.actor(), stage.actor()
    go_on = aiologic.Event()
    seen: list[object] = []

    async def hold() -> str:
        async with lock:
            seen.append(current_async_task())
            await go_on
        return "completed"

    call = holder.starts(awaits(hold))
    until(lambda: go_on.waiting == 1)

    with pytest.raises(RuntimeError, match="would block for ever") as refused:
        other.does(run(lambda: blocks(lock)))

    assert repr(seen[0]) in str(refused.value)  # the owner
    assert "current thread" in str(refused.value)
    assert not call.is_done
    # Its state has not changed: taken, and nobody in line.
    assert other.does(acquire(lock, blocking=False)) is False
    go_on.set()
    assert call.result() == "completed"
    other.does(acquire(lock))
    other.does(release(lock))


@inside(ASYNC)
def test_one_that_comes_before_in_line_counts_as_well(stage: Stage) -> None:
    """A thread has the lock; the next in line is a task of the loop that is about to freeze."""
    lock = aiologic.Lock()
    holder, waiter, other = stage.actor(), stage.actor(), stage.actor()
    lock.green_acquire()
    call = waiter.starts(acquire(lock))
    until(lambda: lock.waiting == 1)

    with pytest.raises(RuntimeError, match="comes before it"):
        other.does(run(lambda: with_block(lock)))

    lock.green_release()
    assert call.result() is True
    assert holder.does(acquire(lock, blocking=False)) is False
    waiter.does(release(lock))


@inside(ASYNC)
@pytest.mark.parametrize(
    "wait",
    [
        lambda: aiologic.Event().wait(),
        lambda: aiologic.SimpleQueue[int]().green_get(),
        lambda: aiologic.Queue[int]([1], 1).green_put(2),
        lambda: aiologic.Semaphore(0).green_acquire(),
    ],
    ids=["Event", "SimpleQueue", "Queue", "Semaphore"],
)
def test_what_has_no_owner_is_refused_on_demand(
    stage: Stage, wait: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """AIOLOGIC_BLOCKING=error; for these nobody can tell that they would wait for ever."""
    # The environment is read at import, and decides which of the two methods is used.
    monkeypatch.setattr(blocking, "_wanted", "error")
    monkeypatch.setattr(ThreadWaiter, "park", blocking.guarded(ThreadWaiter.park))

    with pytest.raises(aiologic.BlockingError, match="blocks the event loop"):
        stage.actor().does(run(wait))
