# SPDX-License-Identifier: ISC
"""A wait for a lock that only looks like a deadlock may end, so it is tried. ADR 0010."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import Lock, RLock, RWLock
from aiologic._engine.waitqueue import queue_for
from aiologic._runtime.detect import worlds
from aiologic.backends import API_VERSION, PENDING, GreenBackend, GreenWaiter
from aiologic.lowlevel import shield

from .deadlocks import OWNED, going_on, releasing
from .hand_driven import Cancelled, HandWorld

if TYPE_CHECKING:
    from .crew import Crew


@pytest.fixture(params=OWNED)
def lock(request: pytest.FixtureRequest) -> Any:
    return request.param()


def waits_and_gets_it(
    lock: Any, world: HandWorld, crew: Crew, *acts: Callable[[], object]
) -> None:
    """The thread waits, in its loop; meanwhile, another thread does what ends its wait."""
    already = lock.waiting

    def help_it() -> None:
        crew.wait_for_waiters(lock, already + 1)
        for act in acts:
            act()

    helper = crew.start(help_it)
    with world.runs(None):
        assert shield(lock.green_acquire)() is True
    helper.result()
    lock.green_release()


def test_who_stood_before_it_has_given_up(
    lock: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    """Their remains are still in the queue, and are in nobody's way."""
    owner = elsewhere.spawn(lock.async_acquire()).step()
    assert world.spawn(lock.async_acquire(timeout=1)).step().time_out().is_done
    world.spawn(lock.async_acquire()).step().cancel_quietly(Cancelled())
    waits_and_gets_it(lock, world, crew, releasing(lock, elsewhere, owner))


def test_the_owner_and_who_stands_before_it_live_elsewhere(
    lock: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    owner = elsewhere.spawn(lock.async_acquire()).step()
    following = elsewhere.spawn(lock.async_acquire()).step()
    waits_and_gets_it(
        lock,
        world,
        crew,
        releasing(lock, elsewhere, owner),
        going_on(crew, following),
        releasing(lock, elsewhere, following),
    )


def test_who_was_given_it_waits_in_a_shielded_call_elsewhere(
    lock: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    lock.green_acquire()
    given = elsewhere.spawn(shield(lock.async_acquire)()).step()
    lock.green_release()
    waits_and_gets_it(
        lock, world, crew, going_on(crew, given), releasing(lock, elsewhere, given)
    )


def test_another_thread_waits_for_tasks_of_this_one(
    lock: Any, world: HandWorld, crew: Crew
) -> None:
    """For example, a worker thread of the task that was given the lock: that task can go on."""
    lock.green_acquire()
    given = world.spawn(lock.async_acquire()).step()
    following = world.spawn(lock.async_acquire()).step()
    lock.green_release()
    thread = crew.start(lock.green_acquire)
    crew.wait_for_waiters(lock, 2)
    assert given.step().result is True
    releasing(lock, world, given)()
    assert following.step().result is True
    releasing(lock, world, following)()
    assert thread.result() is True


def test_it_was_free_again_before(lock: Any, world: HandWorld) -> None:
    task = world.spawn(lock.async_acquire()).step()
    releasing(lock, world, task)()
    with world.runs(None):
        assert lock.green_acquire() is True


def test_a_signal_handler_may_wait_for_others(
    lock: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    """It interrupts a task of this thread that neither holds the lock nor waits for it."""
    owner = elsewhere.spawn(lock.async_acquire()).step()
    following = elsewhere.spawn(lock.async_acquire()).step()
    handled: list[bool] = []

    def handler(*_: object) -> None:
        waits_and_gets_it(
            lock,
            world,
            crew,
            releasing(lock, elsewhere, owner),
            going_on(crew, following),
            releasing(lock, elsewhere, following),
        )
        handled.append(True)

    async def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, handler)
    try:
        world.run(interrupted())
    finally:
        signal.signal(signal.SIGINT, before)
    assert handled
    assert not lock.locked()


def test_who_is_shown_as_the_owner_has_given_up(
    world: HandWorld, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B serves the queue and sees A's wait; A, a task of this thread, gives up; B records it as the owner.

    Then the thread begins to wait, before B learns that it was too late.
    """
    for lock in Lock(), RLock():
        crew.run(lock.green_acquire)
        gone = world.spawn(lock.async_acquire(timeout=1)).step()
        (waiter,) = queue_for(lock)
        assert gone.time_out().result is False
        queue_for(lock).clear()
        monkeypatch.setattr(lock, "_owner", waiter)  # B, half-way

        def go_on(lock: Any = lock) -> None:
            lock._owner = False
            lock._put_back()

        waits_and_gets_it(lock, world, crew, go_on)


def test_a_reader_or_writer_that_is_shown_has_given_up(
    world: HandWorld, crew: Crew
) -> None:
    """The same for both sides."""
    for exclusive in True, False:
        lock = RWLock()
        crew.run(lock.green_acquire_exclusive)
        acquire = (
            lock.async_acquire_exclusive if exclusive else lock.async_acquire_shared
        )
        gone = world.spawn(acquire(timeout=1)).step()
        (waiter,) = queue_for(lock)
        assert gone.time_out().result is False
        queue_for(lock).clear()
        lock._free(True)
        assert lock._reserve(exclusive)
        lock._note(waiter, exclusive)

        def go_on(
            lock: Any = lock, waiter: Any = waiter, exclusive: bool = exclusive
        ) -> None:
            lock._undo(waiter, exclusive)
            lock._settle()

        waits_and_gets_it(lock.writing, world, crew, go_on)


class Suspended(GreenWaiter):
    """A wait during which others of its thread go on."""

    __slots__ = ("meanwhile",)

    meanwhile: Any

    def park(self, timeout: float | None) -> bool:
        assert timeout is None
        assert self, "it was woken before it waited"
        self.meanwhile()
        return not self

    def unpark(self) -> None:
        """It will look by itself."""


class Hub(GreenBackend):
    """A green library whose waits let the test continue."""

    library = "hub"
    api_version = API_VERSION

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile

    def current_task(self) -> object:
        return self

    def current_token(self) -> object:
        return self

    def is_running(self) -> bool:
        return True

    def knows(self, task: object) -> bool:
        return task is self

    def runs_here(self, task: object) -> bool:
        return True

    def create_waiter(self) -> Suspended:
        waiter = Suspended(PENDING)
        waiter.meanwhile = self.meanwhile
        return waiter

    def checkpoint(self) -> None:
        """There are no other tasks."""


def test_a_green_world_that_suspends_lets_its_thread_go_on(
    lock: Any, world: HandWorld
) -> None:
    def meanwhile() -> None:
        releasing(lock, world, owner)()
        assert following.step().result is True
        releasing(lock, world, following)()

    owner = world.spawn(lock.async_acquire()).step()
    following = world.spawn(lock.async_acquire()).step()
    hub = Hub(meanwhile)
    worlds.add(hub)
    try:
        assert lock.green_acquire() is True
        lock.green_release()
    finally:
        worlds.remove(hub.library)
