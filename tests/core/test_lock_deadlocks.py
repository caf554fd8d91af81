# SPDX-License-Identifier: ISC
"""A thread that would wait for ever behind its own tasks is told so; and nobody else is. ADR 0010."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import BinarySemaphore, Condition, Lock, RLock, RWLock
from aiologic._engine.waitqueue import queue_for
from aiologic._runtime.detect import worlds
from aiologic.backends import API_VERSION, PENDING, GreenBackend, GreenWaiter
from aiologic.lowlevel import shield

from .hand_driven import HandTask, HandWorld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .crew import Crew

HOLDS = "^the current thread is already holding this lock: <thread 'MainThread' 0x"
WAITS = "^the current thread is already waiting for this lock: <thread 'MainThread' 0x"
LOST = "^the current thread could not have this lock again: <thread 'MainThread' 0x"


class Stop(BaseException):
    """What cancels a task here."""


def writing() -> Any:
    return RWLock().writing


@pytest.fixture(params=[Lock, RLock, writing])
def lock(request: pytest.FixtureRequest) -> Any:
    return request.param()


@pytest.fixture
def elsewhere() -> Iterator[HandWorld]:
    """A world whose tasks live in another thread."""
    world = HandWorld("elsewhere")
    world.home = 0
    worlds.add(world)
    yield world
    worlds.remove(world.library)


def refused(lock: Any, world: HandWorld, text: str, *tasks: HandTask) -> None:
    """Each way to wait for ever is refused, in words that name one of the tasks; nothing has changed."""
    before = repr(lock), lock.waiting
    for acquire in lock.green_acquire, lock.__enter__, shield(lock.green_acquire):
        with world.runs(None), pytest.raises(RuntimeError, match=text) as error:
            acquire()
        assert any(repr(task) in str(error.value) for task in tasks)
    with world.runs(None):
        assert lock.green_acquire(blocking=False) is False
        assert lock.green_acquire(timeout=0) is False
        assert lock.green_acquire(timeout=0.001) is False
    assert (repr(lock), lock.waiting) == before


def releasing(lock: Any, world: HandWorld, task: HandTask) -> Callable[[], None]:
    def release() -> None:
        with world.runs(task):
            lock.async_release()

    return release


# -- certain ---------------------------------------------------------------------------------------------------------


def test_the_owner_lives_here(lock: Any, world: HandWorld) -> None:
    owner = world.spawn(lock.async_acquire()).step()
    refused(lock, world, HOLDS, owner)
    releasing(lock, world, owner)()
    assert lock.green_acquire() is True


def test_who_was_just_given_it_lives_here(lock: Any, world: HandWorld) -> None:
    lock.green_acquire()
    given = world.spawn(lock.async_acquire()).step()
    lock.green_release()
    assert given.is_woken
    refused(lock, world, HOLDS, given)
    given.step()
    refused(lock, world, HOLDS, given)


def test_the_next_in_line_lives_here(
    lock: Any, world: HandWorld, elsewhere: HandWorld
) -> None:
    """D18: the lock will be given to a task that can't run, whoever has it now; it hung."""
    owner = elsewhere.spawn(lock.async_acquire()).step()
    following = world.spawn(lock.async_acquire()).step()
    refused(lock, world, WAITS, following)

    releasing(lock, elsewhere, owner)()
    assert following.step().result is True
    releasing(lock, world, following)()
    assert not lock.locked()


def test_its_time_out_does_not_help_for_its_loop_stands_still(
    lock: Any, world: HandWorld, crew: Crew
) -> None:
    crew.run(lock.green_acquire)
    following = world.spawn(lock.async_acquire(timeout=1)).step()
    refused(lock, world, WAITS, following)
    assert following.time_out().result is False


def test_somebody_in_line_lives_here(
    lock: Any, world: HandWorld, elsewhere: HandWorld
) -> None:
    """Not at the front, and not at the end."""
    tasks = [
        each.spawn(lock.async_acquire()).step()
        for each in (elsewhere, elsewhere, world, elsewhere)
    ]
    refused(lock, world, WAITS, tasks[2])
    for task in tasks[1:]:
        task.cancel_quietly(Stop())


def test_a_wait_for_a_condition_would_not_get_its_lock_again(world: HandWorld) -> None:
    """Contract 3, no. 38: whoever notifies, the lock goes to a task that can't run."""
    for lock in Lock(), RLock():
        condition = Condition(lock)
        with world.runs(None), condition:
            following = world.spawn(lock.async_acquire()).step()
            before = repr(condition), repr(lock), lock.owner
            waits = (
                condition.wait,
                lambda condition=condition: condition.wait(1),
                lambda condition=condition: condition.wait_for(lambda: False),
            )
            for wait in waits:
                with pytest.raises(RuntimeError, match=LOST) as error:
                    wait()
                assert repr(following) in str(error.value)
            assert (repr(condition), repr(lock), lock.owner) == before
        assert following.step().result is True


def test_who_has_no_lock_is_told_that_first(world: HandWorld) -> None:
    """It waits for nothing, so there is no deadlock to be told of."""
    for lock in Lock(), RLock():
        condition = Condition(lock)
        holder = world.spawn(lock.async_acquire()).step()
        following = world.spawn(lock.async_acquire()).step()
        with world.runs(None):
            for wait in condition.wait, lambda c=condition: c.wait_for(lambda: False):
                with pytest.raises(RuntimeError, match="un-acquired"):
                    wait()
        with world.runs(holder):
            lock.async_release()
        assert following.step().result is True


def test_who_is_notified_first_would_not_let_it_have_the_lock_again(
    world: HandWorld,
) -> None:
    """First in, first out: whoever notifies the thread has notified the task before, which then has the lock."""
    for lock in Lock(), RLock():
        condition = Condition(lock)
        first = world.spawn(waiting(condition)).step()
        with world.runs(None), condition:
            before = repr(condition), repr(lock), lock.owner
            for wait in condition.wait, lambda c=condition: c.wait_for(lambda: False):
                with pytest.raises(RuntimeError, match=LOST) as error:
                    wait()
                assert f"{first!r}, which is notified before it" in str(error.value)
            assert (repr(condition), repr(lock), lock.owner) == before
            assert condition.wait(0) is False
            assert condition.notify() == 1
        assert first.step().is_done


async def waiting(condition: Any) -> None:
    async with condition:
        await condition


def test_a_block_of_a_condition_behind_a_task_of_the_same_thread(
    world: HandWorld, crew: Crew
) -> None:
    condition = Condition()
    crew.run(condition.lock.green_acquire)
    following = world.spawn(condition.lock.async_acquire()).step()
    with world.runs(None), pytest.raises(RuntimeError, match=WAITS):
        condition.__enter__()
    following.cancel_quietly(Stop())


def going_on(crew: Crew, task: HandTask) -> Callable[[], None]:
    """Its next step, once it was woken: who serves the queue may be the thread that just joins it."""

    def go_on() -> None:
        crew.wait_until(lambda: task.is_woken)
        task.step()

    return go_on


@pytest.mark.parametrize("by", ["another task", "the owner itself"])
def test_a_task_that_calls_is_named_and_told_what_to_write(
    lock: Any, world: HandWorld, by: str
) -> None:
    owner = world.spawn(lock.async_acquire()).step()
    caller = owner if by == "the owner itself" else world.spawn(nothing()).step()
    what = "rwlock.writing" if "RWLock" in repr(lock) else type(lock).__name__.lower()
    for acquire, instead in (
        (lock.__enter__, f"async with {what}:"),
        (lock.green_acquire, f"await {what}.async_acquire(...)"),
    ):
        with world.runs(caller), pytest.raises(RuntimeError, match=HOLDS) as error:
            acquire()
        assert str(error.value).endswith(
            f" would block for ever, for {owner!r}, which"
            f" {'has' if what == 'rwlock.writing' else 'owns'} the lock, runs in this very"
            f" thread. The call came from {caller!r}. Write {instead!r} instead"
        )
    with world.runs(None), pytest.raises(RuntimeError, match=r"this very thread$"):
        lock.green_acquire()


def test_a_task_that_waits_for_a_condition_is_told_to_await_it(
    world: HandWorld,
) -> None:
    condition = Condition(Lock())
    condition.__enter__()
    following = world.spawn(condition.lock.async_acquire()).step()
    caller = world.spawn(nothing()).step()
    with world.runs(caller), pytest.raises(RuntimeError, match=LOST) as error:
        condition.wait()
    assert str(error.value).endswith(
        f"The call came from {caller!r}."
        " Write 'await condition (or await condition.with_(...))' instead"
    )
    condition.__exit__(None, None, None)
    assert following.step().result is True


async def nothing() -> None:
    pass


# -- near misses: it may end, so it is tried ------------------------------------------------------------------------


def waits_and_gets_it(
    lock: Any, world: HandWorld, crew: Crew, *acts: Callable[[], object]
) -> None:
    """The thread waits, in its loop; while it does, another thread carries out what ends its wait."""
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
    """What is left of them stands in the queue, and is in nobody's way."""
    owner = elsewhere.spawn(lock.async_acquire()).step()
    assert world.spawn(lock.async_acquire(timeout=1)).step().time_out().is_done
    world.spawn(lock.async_acquire()).step().cancel_quietly(Stop())
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
    """A worker of a task that was given the lock, for one: that task can go on."""
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
    """It interrupts a task of this thread, which neither holds the lock nor waits for it."""
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
    """B serves the queue and sees A's wait; A, a task of this thread, gives up; B writes it down as the owner.

    Then the thread comes here, before B learns that it was too late.
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
    """The same, for both sides."""
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
    """A wait in which others of its thread go on."""

    __slots__ = ("meanwhile",)

    meanwhile: Any

    def park(self, timeout: float | None) -> bool:
        assert timeout is None
        assert self, "it was woken before it waited"
        self.meanwhile()
        return not self

    def unpark(self) -> None:
        """It looks by itself."""


class Hub(GreenBackend):
    """A green library whose waits let the test go on."""

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
        """There is nobody else."""


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


def test_a_wait_for_a_condition_goes_on_behind_tasks_of_others(
    world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    """And behind those of this thread that have given up the lock, or only wait to be notified."""
    condition = Condition()
    lock = condition.lock

    async def wait() -> None:
        async with condition:
            await condition

    async def notify() -> None:
        async with condition:
            condition.notify_all()

    def help_it() -> None:
        crew.wait_until(lambda: other.is_woken)  # the thread has let go
        other.step()

    with world.runs(None), condition:
        world.spawn(lock.async_acquire()).step().cancel_quietly(Stop())
        other = elsewhere.spawn(notify()).step()
        helper = crew.start(help_it)
        assert condition.wait() is True
    helper.result()
    assert other.is_done

    waiting = world.spawn(wait()).step()
    with world.runs(None), condition:
        assert condition.wait(0) is False
        condition.notify()
    assert waiting.step().is_done


@pytest.mark.parametrize(
    "before", ["elsewhere", "delegated", "left", "no lock", "semaphore"]
)
def test_who_waits_to_be_notified_before_it_may_not_be_in_its_way(
    world: HandWorld, elsewhere: HandWorld, crew: Crew, before: str
) -> None:
    """It lives elsewhere, may be passed over, has left; or needs no lock, or one that anybody may release."""
    kinds: Any = {"no lock": lambda: None, "semaphore": BinarySemaphore}
    lock: Any = kinds.get(before, RLock)()
    condition = Condition(lock)

    async def wait_for() -> None:
        async with condition:
            await condition.for_(lambda: before != "delegated")

    home = elsewhere if before == "elsewhere" else world
    wait = wait_for() if before == "delegated" else waiting(condition)
    first = home.spawn(wait).step()
    if before == "left":
        first.cancel_quietly(Stop())
    already = condition.waiting

    def help_it() -> None:
        crew.wait_for_waiters(condition, already + 1)
        with condition:
            condition.notify_all()
        if before == "elsewhere":
            going_on(crew, first)()
        if before == "semaphore":
            lock.release()  # on behalf of the task, which can't

    helper = crew.start(help_it)
    with world.runs(None), condition:
        assert condition.wait() is True
    helper.result()
    if before == "delegated":
        first.cancel_quietly(Stop())
    elif not first.is_done:
        assert first.step().is_done


def test_what_is_true_already_is_not_waited_for(world: HandWorld) -> None:
    for lock in Lock(), RLock():
        condition = Condition(lock)
        with world.runs(None), condition:
            following = world.spawn(lock.async_acquire()).step()
            assert condition.wait_for(lambda: 5) == 5
        assert following.step().result is True


def test_a_condition_whose_lock_anybody_may_release_is_waited_for(
    world: HandWorld, crew: Crew
) -> None:
    permit = BinarySemaphore()
    condition = Condition(permit)

    def help_it() -> None:
        crew.wait_for_waiters(condition, 1)
        condition.notify()
        permit.release()  # on behalf of the task, which can't

    with world.runs(None), condition:
        following = world.spawn(permit.async_acquire()).step()
        helper = crew.start(help_it)
        assert condition.wait() is True
    helper.result()
    assert following.step().result is True
