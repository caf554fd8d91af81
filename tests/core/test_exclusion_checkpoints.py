# SPDX-License-Identifier: ISC
"""What holds for everything that behaves as a lock where checkpoints are on: one for each call, and what ends there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import RCapacityLimiter, RLock
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import enable_checkpoints
from aiologic.testing.catalogue import PERMITS

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from typing import Callable

    from .hand_driven import HandWorld

pytestmark = pytest.mark.usefixtures("checkpoints_restored")

REENTRANT = {RLock, RCapacityLimiter}


def test_a_free_lock_is_one_checkpoint(world: HandWorld, lock: Any) -> None:
    acquiring = world.spawn(enable_checkpoints(lock.async_acquire)()).step()
    assert acquiring.checkpoints == 1

    assert acquiring.step().result is True

    assert acquiring.checkpoints == 1


def test_a_block_is_one_checkpoint(world: HandWorld, lock: Any) -> None:
    @enable_checkpoints
    async def work() -> None:
        async with lock:
            pass

    working = world.spawn(work()).step()
    assert not working.is_done
    assert working.step().is_done
    assert working.checkpoints == 1


def test_a_wait_is_no_further_checkpoint(world: HandWorld, lock: Any) -> None:
    assert lock.green_acquire(blocking=False) is True
    late = world.spawn(enable_checkpoints(lock.async_acquire)()).step()
    lock.green_release()

    assert late.step().result is True
    assert late.checkpoints == 0


def test_without_blocking_there_is_no_checkpoint(world: HandWorld, lock: Any) -> None:
    attempt = enable_checkpoints(lock.async_acquire)

    assert world.run(attempt(blocking=False)) is True
    assert world.run(attempt(blocking=False)) is False


@pytest.mark.parametrize("way", ["async_acquire", "__aenter__"])
def test_cancelled_at_the_checkpoint(
    world: HandWorld, lock: Any, is_free: Callable[[Any], bool], way: str
) -> None:
    """The task that was about to have it gives it to the next."""
    unlucky = world.spawn(enable_checkpoints(getattr(lock, way))()).step()
    following = world.spawn(lock.async_acquire()).step()
    assert not is_free(lock)
    assert not following.is_done

    with pytest.raises(Cancelled):
        unlucky.cancel(Cancelled())

    assert following.is_woken
    assert following.step().result is True


@pytest.mark.parametrize("way", ["green_acquire", "__enter__"])
def test_interrupted_at_a_green_checkpoint(
    lock: Any,
    is_free: Callable[[Any], bool],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same for green callers, where greenlets are killed, and threads get Ctrl-C."""

    def checkpoint(_backend: object) -> None:
        assert not is_free(lock)
        raise Cancelled

    monkeypatch.setattr(type(worlds.threads), "checkpoint", checkpoint)
    with enable_checkpoints(), pytest.raises(Cancelled):
        getattr(lock, way)()

    assert is_free(lock) == 1
    monkeypatch.undo()
    assert lock.green_acquire(blocking=False) is True


@pytest.mark.parametrize(
    "kind", [kind for kind in PERMITS if kind.cls in REENTRANT], ids=str
)
def test_interrupted_at_the_green_checkpoint_of_one_more(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that has it comes to a checkpoint where it may wait; if that raises, it is not counted once more."""

    def checkpoint(_backend: object) -> None:
        raise Cancelled

    lock = kind()
    assert lock.green_acquire() is True
    monkeypatch.setattr(type(worlds.threads), "checkpoint", checkpoint)
    with enable_checkpoints():
        with pytest.raises(Cancelled):
            lock.green_acquire()
        assert lock.green_count() == 1
        assert lock.green_acquire(blocking=False) is True
    assert lock.green_count() == 2
