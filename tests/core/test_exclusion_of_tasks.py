# SPDX-License-Identifier: ISC
"""What holds for everything that behaves as a lock, seen from tasks that wait: hand-over, time-outs, cancellation.

The tasks take a step when the test says so, so each interleaving is written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic._engine import waitqueue
from aiologic._engine.waitqueue import WaitQueue
from aiologic.lowlevel import async_checkpoint

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from typing import Callable

    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


class Scene:
    """A lock that one task has, and others wait for."""

    def __init__(self, world: HandWorld, lock: Any, waiting: int) -> None:
        self._world = world
        self._lock = lock
        self.order: list[int] = []
        self.holder = world.spawn(self._hold(-1)).step()
        assert self.order == [-1]
        self.tasks = [world.spawn(self._hold(n)).step() for n in range(waiting)]
        assert lock.waiting == waiting

    async def _hold(self, number: int) -> None:
        async with self._lock as entered:
            assert entered is self._lock
            self.order.append(number)
            await async_checkpoint(force=True)

    def release(self) -> None:
        """The holder leaves its block."""
        assert self.holder.step().is_done

    def finish(self, *tasks: HandTask) -> None:
        """The rest go in and out, one by one."""
        for task in tasks:
            assert task.is_woken
            assert not task.step().is_done
            assert task.step().is_done


@pytest.fixture
def scene(world: HandWorld, lock: Any) -> Callable[[int], Scene]:
    return lambda waiting: Scene(world, lock, waiting)


def test_tasks_are_served_in_the_order_of_arrival(
    scene: Callable[[int], Scene], lock: Any, is_free: Callable[[Any], bool]
) -> None:
    played = scene(4)
    played.release()
    played.finish(*played.tasks)

    assert played.order == [-1, 0, 1, 2, 3]
    assert is_free(lock)
    assert lock.waiting == 0


def test_a_release_hands_over_and_nobody_overtakes(
    scene: Callable[[int], Scene], world: HandWorld, lock: Any
) -> None:
    played = scene(2)
    first, second = played.tasks
    played.release()

    # The first has it, although it has not run yet.
    assert first.is_woken
    assert not second.is_woken
    assert lock.waiting == 1
    assert world.run(lock.async_acquire(blocking=False)) is False
    assert lock.green_acquire(blocking=False) is False
    played.finish(first, second)


def test_who_waits_first_is_served_first_in_whatever_world(
    scene: Callable[[int], Scene], world: HandWorld, lock: Any, crew: Crew
) -> None:
    played = scene(1)
    (before,) = played.tasks

    def work() -> None:
        with lock:
            played.order.append(100)

    thread = crew.start(work)
    crew.wait_for_waiters(lock, 2)
    after = world.spawn(played._hold(1)).step()

    played.release()
    assert not after.is_woken
    played.finish(before)
    thread.result()
    crew.wait_until(lambda: after.is_woken)
    played.finish(after)
    assert played.order == [-1, 0, 100, 1]


def test_time_is_up(scene: Callable[[int], Scene], world: HandWorld, lock: Any) -> None:
    played = scene(0)
    late = world.spawn(lock.async_acquire(timeout=2.5)).step()
    assert late.timeout == 2.5

    assert late.time_out().result is False

    assert lock.waiting == 0
    played.release()


def test_granted_in_the_moment_when_time_is_up(
    scene: Callable[[int], Scene],
    world: HandWorld,
    lock: Any,
    is_free: Callable[[Any], bool],
) -> None:
    played = scene(0)
    lucky = world.spawn(lock.async_acquire(timeout=2.5)).step()
    played.release()

    assert lucky.time_out().result is True

    assert not is_free(lock)


# -- the two rules of a wait that ends early -------------------------------------------------------------------------


@pytest.mark.parametrize("position", [0, 1, 2])
def test_cancelled_before_the_release(
    scene: Callable[[int], Scene],
    lock: Any,
    position: int,
    is_free: Callable[[Any], bool],
) -> None:
    played = scene(3)
    cancelled = played.tasks.pop(position)
    with pytest.raises(Cancelled):
        cancelled.cancel(Cancelled())
    assert lock.waiting == 2

    played.release()
    played.finish(*played.tasks)

    assert is_free(lock)


def test_granted_then_cancelled(
    scene: Callable[[int], Scene], lock: Any, is_free: Callable[[Any], bool]
) -> None:
    """The grant is passed on."""
    played = scene(3)
    first, second, third = played.tasks
    played.release()
    assert first.is_woken

    with pytest.raises(Cancelled):
        first.cancel(Cancelled())

    assert second.is_woken
    assert not third.is_woken
    played.finish(second, third)
    assert is_free(lock)


def test_granted_then_cancelled_and_nobody_else_waits(
    scene: Callable[[int], Scene], lock: Any, is_free: Callable[[Any], bool]
) -> None:
    played = scene(1)
    played.release()

    with pytest.raises(Cancelled):
        played.tasks[0].cancel(Cancelled())

    assert is_free(lock)
    assert lock.green_acquire(blocking=False) is True


def test_all_are_cancelled_one_after_the_other(
    scene: Callable[[int], Scene], lock: Any, is_free: Callable[[Any], bool]
) -> None:
    played = scene(4)
    played.release()
    for task in played.tasks:
        assert task.is_woken
        with pytest.raises(Cancelled):
            task.cancel(Cancelled())

    assert is_free(lock)
    assert lock.waiting == 0


def test_a_grant_to_a_task_that_never_runs_again_is_passed_on(
    scene: Callable[[int], Scene], lock: Any, is_free: Callable[[Any], bool]
) -> None:
    """Its loop was closed, and its backend says so."""
    played = scene(2)
    first, second = played.tasks
    played.release()
    first._at.lost()  # type: ignore[attr-defined]

    assert second.is_woken
    # Its coroutine is closed much later, and has nothing to give back.
    first.coroutine.close()
    assert not is_free(lock)
    played.finish(second)
    assert is_free(lock)


def test_a_coroutine_that_is_thrown_away_leaves_the_queue(
    scene: Callable[[int], Scene], lock: Any
) -> None:
    played = scene(2)
    first, second = played.tasks
    first.coroutine.close()
    assert lock.waiting == 1

    played.release()
    played.finish(second)


# -- the queue is swept ----------------------------------------------------------------------------------------------


def test_a_release_while_a_leaver_sweeps(
    world: HandWorld, lock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leaves, and sweeps the queue.   B releases, but A has the turn.   A looks whether somebody is next."""
    sweep = WaitQueue._sweep

    def released_and_swept(queue: WaitQueue) -> None:
        lock.green_release()
        sweep(queue)

    monkeypatch.setattr(waitqueue, "SMALLEST_SWEEP", 1)
    monkeypatch.setattr(WaitQueue, "_sweep", released_and_swept)
    assert lock.green_acquire(blocking=False) is True
    leaver = world.spawn(lock.async_acquire(timeout=1)).step()
    following = world.spawn(lock.async_acquire()).step()

    assert leaver.time_out().result is False

    assert following.is_woken
    assert following.step().result is True
