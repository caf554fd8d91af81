# SPDX-License-Identifier: ISC
"""Conditions over each kind of lock: waiting, notifying, moving to the lock's queue, and leaving with the lock.

These are the rows of contract 1.3.6; waits that end by predicates are in
``test_condition_predicates.py``.
"""

from __future__ import annotations

import copy
import pickle
import threading
import weakref
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition
from aiologic._notifying import serve
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import enable_checkpoints

from .raising import GreenHandWaiter

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


class Cancelled(BaseException):
    """What this library throws into its tasks."""


# With a queue of their own, to which waiters move.
MIXED = {
    "Lock": aiologic.Lock,
    "RLock": aiologic.RLock,
    "BinarySemaphore": aiologic.BinarySemaphore,
    "BoundedBinarySemaphore": aiologic.BoundedBinarySemaphore,
}
THREAD = {"threading.Lock": threading.Lock, "threading.RLock": threading.RLock}
KINDS: dict[str, Callable[[], Any]] = {"None": lambda: None, **MIXED, **THREAD}
LOCKS: dict[str, Callable[[], Any]] = {**MIXED, **THREAD}

each_kind = pytest.mark.parametrize("make", list(KINDS.values()), ids=list(KINDS))
each_lock = pytest.mark.parametrize("make", list(LOCKS.values()), ids=list(LOCKS))
each_mixed = pytest.mark.parametrize("make", list(MIXED.values()), ids=list(MIXED))


def is_free(lock: Any) -> bool:
    return bool(lock.value) if hasattr(lock, "value") else not lock.locked()


class Waiting:
    """A task that waits in a block, as far as it has come."""

    def __init__(self, world: HandWorld, condition: Any, **how: Any) -> None:
        self.log: list[object] = []
        self.condition = condition
        self.task: HandTask = world.spawn(self.run(**how)).step()

    async def run(self, **how: Any) -> object:
        async with self.condition:
            self.log.append("inside")
            try:
                woken = await (self.condition.with_(**how) if how else self.condition)
            except BaseException as error:
                self.log.append(type(error).__name__)
                raise
            finally:
                lock = self.condition.lock
                if hasattr(lock, "async_owned"):
                    assert lock.async_owned(), "the lock is not its own"
                elif lock is not None and hasattr(lock, "value"):
                    assert lock.value == 0
            self.log.append(woken)
            return woken


async def notify(condition: Any, *args: Any, **options: Any) -> int:
    async with condition:
        count: int = condition.notify(*args, **options)
        return count


# -- construction ----------------------------------------------------------------------------------------------------


def test_it_is_what_it_is_called() -> None:
    """D5: a private class stood in for it, and blocks of subclasses yielded another object. Contract 1.3.6."""

    class MyCondition(Condition[Any, Any]):
        pass

    assert type(Condition()) is Condition
    for condition in Condition(), MyCondition(aiologic.Lock()):
        with condition as inside:
            assert inside is condition


async def _enter(condition: Any) -> Any:
    async with condition as inside:
        return inside


def test_async_blocks_yield_the_condition(world: HandWorld) -> None:
    """D5."""

    class MyCondition(Condition[Any, Any]):
        pass

    condition = MyCondition()
    assert world.run(_enter(condition)) is condition


def test_defaults() -> None:
    """Contract 1.3.6: a new RLock, and a timer that counts."""
    condition = Condition()
    assert type(condition.lock) is aiologic.RLock
    assert condition.lock is not Condition().lock
    first = condition.timer()
    assert condition.timer() > first
    assert Condition(None).lock is None


def test_lock_and_timer_are_what_was_given() -> None:
    lock = aiologic.Lock()

    def timer() -> int:
        return 1

    condition = Condition(lock, timer)
    assert condition.lock is lock
    assert condition.timer is timer
    with pytest.raises(AttributeError):
        condition.lock = lock  # type: ignore[misc]


@pytest.mark.parametrize(
    "name", ["async", "int", "condition", "class", "class of locks", "sync only"]
)
def test_bad_locks_are_refused(name: str) -> None:
    """D26: they were found out on use, if at all. Contract 1.3.6, ADR 0025."""
    import asyncio

    class HalfALock:
        def acquire(self) -> bool:
            return True

        def release(self) -> None:
            pass

    class WholeLock(HalfALock):
        def locked(self) -> bool:
            return False

    async def in_a_loop() -> object:
        return asyncio.Lock()  # up to 3.9 it needs one

    bad = {
        "async": lambda: asyncio.run(in_a_loop()),
        "int": lambda: 5,
        "condition": Condition,
        "class": lambda: threading.Lock.__class__,
        "class of locks": lambda: WholeLock,
        "sync only": HalfALock,
    }[name]()
    with pytest.raises(TypeError, match="lock must be a Lock, an RLock") as refused:
        Condition(bad)
    assert repr(bad) in str(refused.value)


def test_bad_timers_are_refused() -> None:
    with pytest.raises(TypeError, match="timer must be callable, got 5"):
        Condition(None, 5)  # type: ignore[call-overload]  # that is the point


def test_names() -> None:
    assert repr(Condition()).startswith("<aiologic.Condition(<aiologic.RLock>) at 0x")
    assert repr(Condition()).endswith(" [waiting=0]>")
    assert repr(Condition(None)).startswith("<aiologic.Condition(None) at 0x")
    assert "(None, timer=<built-in function len>)" in repr(Condition(None, len))  # type: ignore[type-var]


def test_it_can_be_subscribed() -> None:
    """Contract 1.2."""
    subscribed: Any = Condition[aiologic.Lock, "Callable[[], int]"]
    assert type(subscribed(aiologic.Lock())) is Condition


def test_as_an_object() -> None:
    """Contract 1.2: weak references, no dict, no queue while idle, equal to itself only."""

    class MyCondition(Condition[Any, Any]):
        pass

    condition: Any = Condition()
    with condition:
        pass
    assert condition._queue is None
    assert isinstance(weakref.ref(condition), weakref.ref)
    assert not hasattr(condition, "__dict__")
    with pytest.raises(AttributeError):
        condition.colour = "red"
    assert condition != Condition(condition.lock)
    assert len({condition, condition, Condition()}) == 2
    mine: Any = MyCondition()
    mine.colour = "red"
    assert repr(mine).startswith(f"<{__name__}.test_as_an_object.<locals>.MyCondition(")
    assert Condition.__module__ == "aiologic"
    assert condition.__getstate__() is None


def test_subclasses_with_arguments_of_their_own() -> None:
    class Named(Condition[Any, Any]):
        def __new__(cls, name: str) -> Any:
            self = super().__new__(cls, aiologic.Lock())
            self.name = name  # type: ignore[attr-defined]
            return self

        def __init__(self, name: str) -> None:
            pass

    named: Any = Named("mine")
    assert (type(named), named.name) == (Named, "mine")
    with named:
        assert named.notify_all() == 0


@each_kind
def test_copies_share_the_lock(make: Callable[[], Any]) -> None:
    """Contract 1.3.6."""
    condition = Condition(make())
    copied = copy.copy(condition)
    assert type(copied) is Condition
    assert copied is not condition
    assert copied.lock is condition.lock
    assert copied.__getnewargs__() == (condition.lock,)


@each_mixed
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_have_a_lock_of_their_own(
    make: Callable[[], Any], protocol: int
) -> None:
    """Contract 1.3.6; D12."""
    condition = Condition(make())
    with condition:
        for fresh in (
            pickle.loads(pickle.dumps(condition, protocol)),
            copy.deepcopy(condition),
        ):
            assert type(fresh.lock) is type(condition.lock)
            assert fresh.lock is not condition.lock
            assert not fresh
            assert condition


# -- blocks ----------------------------------------------------------------------------------------------------------


@each_lock
def test_a_block_has_the_lock(
    make: Callable[[], Any], world: HandWorld, crew: Crew
) -> None:
    """Contract 1.3.6: enter and exit."""
    condition = Condition(make())
    assert not condition
    with condition:
        assert condition
        assert crew.run(lambda: bool(condition))
    assert not condition

    async def block() -> None:
        async with condition:
            assert condition

    world.run(block())
    assert not condition


def test_without_a_lock_blocks_do_nothing(world: HandWorld) -> None:
    condition = Condition(None)
    with condition, condition:
        assert not condition
    assert world.run(_enter(condition)) is condition


def test_a_reentrant_block() -> None:
    condition = Condition()
    with condition, condition:
        assert condition.lock.green_count() == 2
    assert not condition


def test_an_async_reentrant_block(world: HandWorld) -> None:
    condition = Condition()

    async def block() -> None:
        async with condition:
            async with condition:
                assert condition.lock.async_count() == 2
            assert condition.lock.async_count() == 1

    world.run(block())
    assert not condition


@each_mixed
def test_a_block_that_has_lost_its_lock_releases_nothing(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6, row "exit"; 2.1 no. 19. This world's shields hold nothing back."""
    condition: Any = Condition(make())

    async def block() -> None:
        async with condition:
            await condition.with_(1)

    leaver = world.spawn(block()).step()
    condition.__enter__()
    leaver.time_out()
    assert condition.lock.waiting == 1
    with pytest.raises(Cancelled):
        leaver.cancel(Cancelled())

    assert condition.lock.waiting == 0
    assert not is_free(condition.lock)
    condition.__exit__(None, None, None)
    assert is_free(condition.lock)


@each_mixed
@pytest.mark.parametrize("has_it", [False, True])
def test_a_green_block_that_may_have_lost_its_lock(
    make: Callable[[], Any],
    world: HandWorld,
    monkeypatch: pytest.MonkeyPatch,
    has_it: bool,
) -> None:
    """It is interrupted in its wait for the lock, or as that is over: it releases what it has."""
    condition: Any = Condition(make())
    parks: list[float | None] = []

    async def enter() -> None:
        await condition.__aenter__()
        await world.checkpoint()
        await condition.__aexit__(None, None, None)

    other = world.spawn(enter())

    def park(timeout: float | None) -> bool:
        parks.append(timeout)
        if len(parks) == 1:
            other.step()  # has the lock
            return False
        if not has_it:
            raise Cancelled
        other.step()
        return True

    def shield(call: Callable[[], object]) -> None:
        call()
        raise Cancelled  # was held back

    def wait() -> None:
        with condition:
            monkeypatch.setattr(
                type(worlds), "create_green_waiter", lambda _: GreenHandWaiter.new(park)
            )
            condition.wait(1)

    monkeypatch.setattr(type(worlds.green_backend()), "shield", staticmethod(shield))
    with pytest.raises(Cancelled):
        wait()
    assert parks == [1, None]
    assert condition.lock.waiting == 0
    if not has_it:
        assert not is_free(condition.lock)
        other.step()
    assert is_free(condition.lock)


class Stubborn:
    """A thread lock whose ``acquire`` fails when told to."""

    fails = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.release = self._lock.release
        self.locked = self._lock.locked

    def acquire(self) -> bool:
        if self.fails:
            raise Cancelled
        return self._lock.acquire()


def test_a_block_that_has_lost_its_thread_lock_releases_nothing() -> None:
    """Contract 1.3.6, row "exit"; 2.1 no. 19."""
    lock = Stubborn()
    condition = Condition(lock)

    def wait() -> None:
        with condition:
            lock.fails = True
            condition.wait(0)

    with pytest.raises(Cancelled):
        wait()
    assert not lock.locked()
    lock.fails = False
    with condition:
        assert lock.locked()
    assert not lock.locked()


@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.RLock])
def test_a_deadlock_is_refused(
    make: Callable[[], Any], world: HandWorld, crew: Crew
) -> None:
    """2.1 no. 39: a task has it, and its own thread would block for ever; other threads just wait. ADR 0024."""
    condition = Condition(make())

    async def hold() -> None:
        async with condition:
            await world.checkpoint()

    holder = world.spawn(hold()).step()
    with pytest.raises(
        RuntimeError, match=r"already holding this lock.*block for ever"
    ):
        condition.__enter__()

    def enter() -> bool:
        with condition:
            return bool(condition)

    other = crew.start(enter)
    crew.wait_for_waiters(condition.lock, 1)
    holder.step()
    assert other.result() is True
    assert not condition


@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.RLock])
def test_a_lock_that_can_not_be_regained(
    make: Callable[[], Any], world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder runs in the thread that would wait for it: refused, as by the lock itself. ADR 0024."""
    condition = Condition(make())

    async def hold() -> None:
        async with condition:
            await world.checkpoint()

    holder = world.spawn(hold())

    def park(*_: object) -> bool:
        holder.step()  # as a greenlet might, which this thread runs meanwhile
        return False

    monkeypatch.setattr("aiologic._runtime.threads.ThreadWaiter.park", park)

    def wait() -> None:
        with condition:
            condition.wait(1)

    with pytest.raises(
        RuntimeError, match=r"already holding this lock.*block for ever"
    ):
        wait()
    assert condition.waiting == 0
    assert condition
    holder.step()
    assert not condition


@pytest.mark.parametrize("raises", [False, True])
def test_an_async_block_outside_of_a_library(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch, raises: bool
) -> None:
    """To enter it is refused; and nothing is released that is another's."""

    def nobody() -> None:
        raise RuntimeError("no running event loop")

    if raises:  # as asyncio does
        for name in "quick_task", "outer_task":
            monkeypatch.setattr(worlds, name, nobody)
    condition: Any = Condition()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        condition.__aenter__().send(None)
    holder = world.spawn(condition.__aenter__()).step()
    assert holder.is_done
    with pytest.raises(RuntimeError):
        condition.__aexit__(None, None, None)
    assert condition
    monkeypatch.undo()
    with world.runs(holder):
        condition.__aexit__(None, None, None)
    assert not condition
    assert condition.lock.owner is None


def test_a_new_thread_leaves_a_block_that_is_not_its_own(crew: Crew) -> None:
    condition = Condition()
    with condition:
        crew.run(condition.__exit__, None, None, None)
        assert condition
    assert not condition


def test_a_block_does_not_overtake_who_is_about_to_have_the_lock(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waits for the lock.   B has the turn of its queue, and stops.   C releases the lock: it is A's, and not D's."""

    def park(_timeout: float | None) -> bool:
        raise Cancelled

    condition: Any = Condition()
    condition.__enter__()
    first = world.spawn(condition.__aenter__()).step()
    queue: Any = condition.lock._queue
    del queue.turn[0]
    condition.__exit__(None, None, None)
    with monkeypatch.context() as patch:
        patch.setattr(
            "aiologic._runtime.threads.ThreadWaiter.park", lambda _, t: park(t)
        )
        with pytest.raises(Cancelled):
            condition.__enter__()
        second = world.spawn(condition.__aenter__()).step()
        assert not second.is_done
    queue.turn.append(None)
    condition.lock._settle()
    for task in first, second:
        assert task.step().is_done
        with world.runs(task):
            condition.__aexit__(None, None, None)
    assert not condition


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_a_green_block_lets_others_run_once_where_checkpoints_are_on(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[None] = []
    thread = type(worlds.green_backend())
    monkeypatch.setattr(thread, "checkpoint", staticmethod(lambda: made.append(None)))
    condition = Condition(make())
    with condition:
        pass
    assert not made
    with enable_checkpoints(), condition:
        pass
    assert len(made) == (condition.lock is not None)


# -- waiting and notifying -------------------------------------------------------------------------------------------


@each_kind
def test_notified(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: True if notified; the number of notified; first in, first out."""
    condition = Condition(make())
    tasks = [Waiting(world, condition) for _ in range(4)]
    assert condition.waiting == 4
    assert is_unlocked(condition)

    assert world.run(notify(condition, 0)) == 0
    assert world.run(notify(condition)) == 1
    assert condition.waiting == 3
    assert [waiting.task.is_woken for waiting in tasks] == [True, False, False, False]
    assert tasks[0].task.step().result is True

    assert world.run(notify(condition, 2)) == 2
    for waiting in tasks[1:3]:
        assert waiting.task.step().result is True
    assert world.run(notify(condition, 5)) == 1
    assert tasks[3].task.step().result is True
    assert world.run(notify(condition)) == 0
    assert condition.waiting == 0
    assert is_unlocked(condition)


def is_unlocked(condition: Any) -> bool:
    return condition.lock is None or not condition


@each_kind
@pytest.mark.parametrize("count", [-1, -5])
def test_all_notified(make: Callable[[], Any], world: HandWorld, count: int) -> None:
    """Contract 1.3.6: negative = all."""
    condition = Condition(make())
    tasks = [Waiting(world, condition) for _ in range(3)]
    assert world.run(notify(condition, count)) == 3
    for waiting in tasks:
        assert waiting.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_threads_notified(make: Callable[[], Any], crew: Crew) -> None:
    condition = Condition(make())

    def wait() -> bool:
        with condition:
            return condition.wait(20)

    waiting = [crew.start(wait) for _ in range(3)]
    crew.wait_for_waiters(condition, 3)
    with condition:
        assert condition.notify_all() == 3
    assert [member.result() for member in waiting] == [True] * 3
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("count", ["1", 1.0])
def test_what_count_must_be(
    make: Callable[[], Any], world: HandWorld, count: Any
) -> None:
    condition: Any = Condition(make())
    waiting = Waiting(world, condition)
    with pytest.raises(TypeError, match="count must be an integer"):
        world.run(notify(condition, count))
    assert not waiting.task.is_woken
    assert condition.waiting == 1
    assert world.run(notify(condition)) == 1
    assert waiting.task.step().result is True


@each_lock
def test_without_the_lock(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6, errors; D6: thread locks were not looked at."""
    condition = Condition(make())
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        condition.wait()
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        condition.wait_for(lambda: True)
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        world.run(condition.with_())
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        world.run(condition.for_(lambda: True))
    with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
        condition.notify()
    with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
        condition.notify_all()
    assert condition.waiting == 0
    assert is_unlocked(condition)


@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.RLock, threading.RLock])
def test_with_somebody_elses_lock(
    make: Callable[[], Any], world: HandWorld, crew: Crew
) -> None:
    """D6: notify() was accepted while another task had the lock."""
    condition = Condition(make())

    def intrude() -> None:
        with pytest.raises(RuntimeError, match="cannot notify on un-acquired lock"):
            condition.notify()
        with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
            condition.wait()

    with condition:
        crew.run(intrude)
        if make is not threading.RLock:  # whose owner is the thread
            with pytest.raises(RuntimeError, match="cannot wait on un-acquired"):
                world.run(condition.with_())


@pytest.mark.parametrize(
    "make", [aiologic.BinarySemaphore, threading.Lock], ids=["semaphore", "lock"]
)
def test_nobodys_lock_needs_only_be_taken(make: Callable[[], Any], crew: Crew) -> None:
    """Contract 1.3.6: "by anyone"."""
    condition = Condition(make())
    with condition:
        assert crew.run(condition.notify) == 0


@each_kind
@pytest.mark.parametrize(
    ("count", "notified"), [(0, 0), (1, 1), (2, 2), (5, 2), (-1, 2)]
)
def test_a_notification_while_another_is_at_the_queue(
    make: Callable[[], Any], world: HandWorld, count: int, notified: int
) -> None:
    """It is left to the other, who looks again; and it is not for those who have come since."""
    condition = Condition(make())
    early = [Waiting(world, condition) for _ in range(2)]
    turn = condition._queue.turn  # type: ignore[union-attr]
    del turn[0]
    assert world.run(notify(condition, count)) == notified
    late = Waiting(world, condition)
    assert condition.waiting == 3
    turn.append(None)
    serve(condition, condition._queue)  # type: ignore[arg-type]  # somebody has waited
    assert not late.task.is_woken
    for waiting in early[:notified]:
        assert waiting.task.step().result is True
    assert world.run(notify(condition, -1)) == 3 - notified
    for waiting in (*early[notified:], late):
        assert waiting.task.step().result is True


def test_the_timer_decides_who_is_old_enough(world: HandWorld) -> None:
    """Contract 1.3.6: stamps and deadlines."""
    now = [0]
    condition = Condition(None, lambda: now[0])
    tasks = []
    for now[0] in (1, 2, 3):
        tasks.append(Waiting(world, condition))

    assert condition.notify_all(deadline=0) == 0
    assert condition.notify_all(deadline=2) == 2
    assert [waiting.task.is_woken for waiting in tasks] == [True, True, False]
    now[0] = 2
    assert condition.notify() == 0
    now[0] = 3
    assert condition.notify() == 1
    for waiting in tasks:
        assert waiting.task.step().result is True


def test_deadlines_of_the_default_timer(world: HandWorld) -> None:
    condition = Condition(None)
    old = Waiting(world, condition)
    deadline = condition.timer()
    new = Waiting(world, condition)
    assert condition.notify_all(deadline=deadline) == 1
    assert old.task.is_woken
    assert not new.task.is_woken
    assert condition.notify_all() == 1
    for waiting in (old, new):
        assert waiting.task.step().result is True


def test_who_waits_again_is_not_notified_again(world: HandWorld) -> None:
    """2.1 no. 3: only waiters older than the notification wake."""
    condition = Condition(None)

    async def wait_twice() -> None:
        await condition
        await condition

    task = world.spawn(wait_twice()).step()
    assert condition.notify_all() == 1
    task.step()
    assert not task.is_woken
    assert condition.waiting == 1
    assert condition.notify_all() == 1
    assert task.step().is_done


# -- moving to the lock's queue --------------------------------------------------------------------------------------


@each_mixed
def test_the_notified_queue_for_the_lock_in_order(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6: no thundering herd; lockers queued before the notification go first, later ones after."""
    lock = make()
    condition = Condition(lock)
    first, second = Waiting(world, condition), Waiting(world, condition)
    condition.__enter__()
    before = world.spawn(lock.async_acquire()).step()
    assert condition.notify_all() == 2
    assert (condition.waiting, lock.waiting) == (0, 3)
    after = world.spawn(lock.async_acquire()).step()
    assert (
        lock.green_acquire(blocking=False)
        if isinstance(lock, aiologic.RLock)
        else not lock_is_taken_twice(lock)
    )
    if isinstance(lock, aiologic.RLock):
        lock.green_release()
    condition.__exit__(None, None, None)

    for task in (before, first.task, second.task, after):
        others = [
            one for one in (before, first.task, second.task, after) if one.is_woken
        ]
        assert others == [task]
        with world.runs(task.step()):
            if task in (before, after):
                lock.async_release()
    assert is_free(lock)


def lock_is_taken_twice(lock: Any) -> bool:
    try:
        return bool(lock.green_acquire(blocking=False))
    except RuntimeError:
        return False


@each_mixed
def test_one_switch(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: exactly one switch, from the notification to the lock."""
    condition = Condition(make())
    waiting = Waiting(world, condition)
    assert world.run(notify(condition)) == 1
    assert waiting.task.step().is_done
    assert waiting.task.checkpoints == 0


def test_the_level_of_a_reentrant_lock_is_restored(world: HandWorld) -> None:
    """Contract 1.3.6; 2.1 no. 18."""
    lock = aiologic.RLock()
    condition = Condition(lock)

    async def wait() -> int:
        await lock.async_acquire(3)
        assert await condition
        level = lock.async_count()
        lock.async_release(3)
        return level

    task = world.spawn(wait()).step()
    assert not lock.locked()
    assert world.run(notify(condition)) == 1
    assert task.step().result == 3


def test_a_bounded_semaphore_keeps_its_bound(world: HandWorld) -> None:
    """2.1 no. 20."""
    lock = aiologic.BoundedBinarySemaphore()
    condition = Condition(lock)
    waiting = Waiting(world, condition)
    world.run(notify(condition))
    assert waiting.task.step().result is True
    with pytest.raises(RuntimeError, match="released too many times"):
        lock.release()


# -- leaving early ---------------------------------------------------------------------------------------------------


@each_kind
def test_time_is_up(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: False on time-out, and the lock is there."""
    condition = Condition(make())
    waiting = Waiting(world, condition, timeout=5)
    assert waiting.task.timeout == 5
    assert waiting.task.time_out().result is False
    assert (condition.waiting, world.run(notify(condition))) == (0, 0)
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("timeout", [-1, float("nan")])
def test_bad_time_outs(
    make: Callable[[], Any], world: HandWorld, timeout: float
) -> None:
    condition = Condition(make())
    with condition:
        with pytest.raises(ValueError, match="timeout must be non-"):
            condition.wait(timeout)
        with pytest.raises(ValueError, match="timeout must be non-"):
            condition.wait_for(lambda: True, timeout)
    with pytest.raises(ValueError, match="timeout must be non-"):
        world.run(condition.with_(timeout))
    with pytest.raises(ValueError, match="timeout must be non-"):
        world.run(condition.for_(lambda: True, timeout))


@each_mixed
def test_time_is_up_while_another_has_the_lock(
    make: Callable[[], Any], world: HandWorld
) -> None:
    condition = Condition(make())
    waiting = Waiting(world, condition, timeout=5)
    condition.__enter__()
    waiting.task.time_out()
    assert condition.lock.waiting == 1
    assert waiting.task.timeout is None
    condition.__exit__(None, None, None)
    assert waiting.task.step().result is False


@each_mixed
def test_time_is_up_after_the_notification(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6: time keeps running until it has the lock; the notification goes to the next."""
    condition = Condition(make())
    hasty = Waiting(world, condition, timeout=5)
    patient = Waiting(world, condition)
    condition.__enter__()
    assert condition.notify() == 1
    hasty.task.time_out()
    condition.__exit__(None, None, None)
    assert hasty.task.step().result is False
    assert patient.task.is_woken
    assert patient.task.step().result is True
    assert is_free(condition.lock)


@each_mixed
def test_the_lock_comes_in_the_moment_in_which_time_is_up(
    make: Callable[[], Any], world: HandWorld
) -> None:
    condition = Condition(make())
    waiting = Waiting(world, condition, timeout=5)
    assert world.run(notify(condition)) == 1
    assert waiting.task.is_woken
    assert waiting.task.time_out().result is True


@each_kind
def test_cancelled(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: cancelled, it has the lock again; D1 is about where that was not so."""
    condition = Condition(make())
    waiting = Waiting(world, condition)
    with pytest.raises(Cancelled):
        waiting.task.cancel(Cancelled())
    assert waiting.log == ["inside", "Cancelled"]
    assert (condition.waiting, world.run(notify(condition))) == (0, 0)
    assert is_unlocked(condition)


@each_mixed
def test_cancelled_while_another_has_the_lock(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6: it waits for the lock, and raises then."""
    condition = Condition(make())
    waiting = Waiting(world, condition)
    condition.__enter__()
    waiting.task.cancel(Cancelled())
    assert condition.lock.waiting == 1
    condition.__exit__(None, None, None)
    with pytest.raises(Cancelled):
        waiting.task.step()
    assert is_free(condition.lock)


@each_mixed
@pytest.mark.parametrize("way", ["await", "with_", "for_"])
def test_cancelled_again_while_another_has_the_lock(
    make: Callable[[], Any], world: HandWorld, way: str
) -> None:
    """In a library whose shields hold nothing back: it has left without the lock, which is the other's."""
    condition = Condition(make())

    async def wait() -> None:
        async with condition:
            if way == "await":
                await condition
            elif way == "with_":
                await condition.with_(5)
            else:
                await condition.for_(lambda: False)

    task = world.spawn(wait()).step()
    condition.__enter__()
    task.cancel(Cancelled())
    before = repr(condition.lock)
    assert condition.lock.waiting == 1
    waiter: Any = task._at
    task.cancel_quietly(Cancelled())
    assert waiter.source is None
    assert condition.lock.waiting == 0
    assert not is_free(condition.lock)
    assert (
        before.partition("waiting")[0] == repr(condition.lock).partition("waiting")[0]
    )
    condition.__exit__(None, None, None)
    assert is_free(condition.lock)


@each_kind
def test_notified_and_cancelled(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: the notification goes to the next, for each kind of lock."""
    condition = Condition(make())
    unlucky, next_one, last = (Waiting(world, condition) for _ in range(3))
    assert world.run(notify(condition)) == 1
    assert unlucky.task.is_woken
    with pytest.raises(Cancelled):
        unlucky.task.cancel(Cancelled())
    assert next_one.task.is_woken
    assert next_one.task.step().result is True
    assert not last.task.is_woken
    assert world.run(notify(condition)) == 1
    assert last.task.step().result is True
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("how", [{}, {"timeout": 5}], ids=["", "timeout"])
@pytest.mark.parametrize("end", ["woken", "time is up", "cancelled"])
def test_a_wait_that_is_over_can_not_be_lost(
    make: Callable[[], Any], world: HandWorld, how: Any, end: str
) -> None:
    """A loop that is closed later on tells its waiters that they are lost: nobody else is notified for that."""
    if end == "time is up" and not how:
        return
    condition = Condition(make())
    waiting, other = Waiting(world, condition, **how), Waiting(world, condition)
    waiter: Any = waiting.task._at
    if end == "woken":
        assert world.run(notify(condition)) == 1
        assert waiting.task.step().result is True
    elif end == "time is up":
        assert waiting.task.time_out().result is False
    else:
        waiting.task.cancel_quietly(Cancelled())
    assert waiter.source is None
    waiter.lost()
    assert not other.task.is_woken
    assert condition.waiting == 1
    assert is_unlocked(condition)
    other.task.cancel_quietly(Cancelled())


@each_mixed
def test_moved_and_cancelled(make: Callable[[], Any], world: HandWorld) -> None:
    condition = Condition(make())
    unlucky, next_one = Waiting(world, condition), Waiting(world, condition)
    condition.__enter__()
    assert condition.notify() == 1
    unlucky.task.cancel(Cancelled())
    assert condition.lock.waiting == 1
    condition.__exit__(None, None, None)
    with pytest.raises(Cancelled):
        unlucky.task.step()
    assert next_one.task.step().result is True
    assert is_free(condition.lock)


async def _waits_in_a_block(condition: Any) -> None:
    async with condition:
        await condition


@each_kind
@pytest.mark.parametrize("is_notified", [False, True])
def test_closed(make: Callable[[], Any], world: HandWorld, is_notified: bool) -> None:
    """A coroutine that is closed can't wait for the lock: it leaves without, and passes on what it was given."""
    condition = Condition(make())
    closed = world.spawn(_waits_in_a_block(condition)).step()
    next_one = Waiting(world, condition)
    if is_notified:
        assert world.run(notify(condition)) == 1
        assert closed.is_woken
    with world.runs(closed):
        closed.coroutine.close()
    if not is_notified:
        assert condition.waiting == 1
        assert world.run(notify(condition)) == 1
    assert next_one.task.is_woken
    assert next_one.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_lost(make: Callable[[], Any], world: HandWorld) -> None:
    """Its loop was closed before it could run: lock and notification go to the next, once."""
    condition = Condition(make())
    lost = world.spawn(_waits_in_a_block(condition)).step()
    next_one, last = Waiting(world, condition), Waiting(world, condition)
    assert world.run(notify(condition)) == 1
    assert lost.is_woken
    lost._at.lost()  # type: ignore[attr-defined]
    assert next_one.task.step().result is True
    lost.coroutine.close()
    assert not last.task.is_woken
    assert world.run(notify(condition)) == 1
    assert last.task.step().result is True
    assert is_unlocked(condition)


@each_kind
def test_statistics(make: Callable[[], Any], world: HandWorld, crew: Crew) -> None:
    """Who waits for a notification, and who has the lock, as far as that can be told."""
    condition = Condition(make())
    tasks = [Waiting(world, condition) for _ in range(2)]

    def wait() -> bool:
        with condition:
            return condition.wait(20)

    thread = crew.start(wait)
    crew.wait_for_waiters(condition, 3)
    crew.wait_until(lambda: is_unlocked(condition))  # it waits first, and lets go then
    said = condition.statistics()
    assert (said.value, said.waiting, dict(said.holders)) == (1, 3, {})
    assert said.waiting_by_library == {world.library: 2, "threading": 1}
    with condition:
        said = condition.statistics()
        assert said.value == (condition.lock is None)
        owner = getattr(condition.lock, "owner", None)
        assert dict(said.holders) == ({} if owner is None else {owner: 1})
        assert condition.notify_all() == 3
        assert condition.statistics().waiting == 0
    for waiting in tasks:
        assert waiting.task.step().result is True
    assert thread.result() is True


@each_kind
def test_many_leave(make: Callable[[], Any], world: HandWorld) -> None:
    """Those who have left are swept out of the queue."""
    condition = Condition(make())
    tasks = [Waiting(world, condition, timeout=1) for _ in range(100)]
    stays = Waiting(world, condition)
    for waiting in tasks:
        assert waiting.task.time_out().result is False
    assert condition.waiting == 1
    assert len(condition._queue or ()) < 60
    assert world.run(notify(condition)) == 1
    assert stays.task.step().result is True
