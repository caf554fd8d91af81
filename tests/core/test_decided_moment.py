# SPDX-License-Identifier: ISC
"""A wait may end by itself at the very moment at which a release has decided it, and has done nothing more.

    A waits for a lock with a time-out.   B releases: it decides A's wait.   A's time is up, or A is cancelled.
    A finds that it has the grant, and goes on.   Only now B does whatever comes after the decision.

B's next steps come too late for A, which may have left the lock by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic._runtime.detect import worlds

from .hand_driven import Cancelled, HandTask, HandWaiter, HandWorld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Callable


class WatchedWaiter(HandWaiter):
    """Tells when somebody else has decided it, by list.pop() or ``del``."""

    __slots__ = ("when_decided",)

    when_decided: Callable[[], object]

    def pop(self, *index: Any) -> None:
        super().pop(*index)
        self._tell()

    def __delitem__(self, index: Any) -> None:
        super().__delitem__(index)
        self._tell()

    def _tell(self) -> None:
        react, self.when_decided = self.when_decided, lambda: None
        react()


class WatchedWorld(HandWorld):
    def create_waiter(self) -> WatchedWaiter:
        waiter = WatchedWaiter((None,))
        waiter.unparked = False
        waiter.timeout = None
        waiter.when_decided = lambda: None
        return waiter


@pytest.fixture
def world() -> Iterator[HandWorld]:
    world = WatchedWorld()
    worlds.add(world)
    yield world
    worlds.remove(world.library)


def test_time_is_up_in_that_moment(
    world: HandWorld, lock: Any, is_free: Callable[[Any], bool]
) -> None:
    async def enter_and_leave() -> bool:
        if not await lock.async_acquire(timeout=1):
            return False
        lock.async_release()
        return True

    lock.green_acquire()
    task = world.spawn(enter_and_leave()).step()
    task._at.when_decided = task.time_out  # type: ignore[attr-defined]
    lock.green_release()
    if not task.is_done:
        task.step()

    assert task.result is True
    assert is_free(lock)
    assert getattr(lock, "owner", None) is None
    assert lock.green_acquire(blocking=False) is True
    lock.green_release()


def test_cancelled_in_that_moment(
    world: HandWorld, lock: Any, is_free: Callable[[Any], bool]
) -> None:
    release_and_cancel(world, lock)

    assert is_free(lock)
    assert getattr(lock, "owner", None) is None
    assert lock.green_acquire(blocking=False) is True
    lock.green_release()


def test_cancelled_in_that_moment_while_another_waits(
    world: HandWorld, lock: Any, is_free: Callable[[Any], bool]
) -> None:
    async def enter_and_leave() -> None:
        async with lock:
            assert not is_free(lock)

    following = world.spawn(enter_and_leave())
    release_and_cancel(world, lock, following)

    assert following.step().is_done
    assert is_free(lock)
    assert lock.green_acquire(blocking=False) is True
    lock.green_release()


def release_and_cancel(world: HandWorld, lock: Any, *following: HandTask) -> None:
    lock.green_acquire()
    unlucky = world.spawn(lock.async_acquire()).step()
    for task in following:
        task.step()

    def cancel() -> None:
        with pytest.raises(Cancelled):
            unlucky.cancel(Cancelled())

    unlucky._at.when_decided = cancel  # type: ignore[attr-defined]
    lock.green_release()


def test_an_event_has_nothing_to_write_down(world: HandWorld) -> None:
    event = aiologic.Event()
    task = world.spawn(event.with_(1)).step()
    following = world.spawn(event.with_(1)).step()
    task._at.when_decided = task.time_out  # type: ignore[attr-defined]
    event.set()

    assert task.result is True
    assert following.step().result is True
