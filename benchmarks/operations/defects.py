# SPDX-License-Identifier: ISC
"""One attempt for each known defect of aiologic 0.17.1: what happens, and whether it is right."""

# Each does what the test of that entry does (docs/explanation/defects.md names them), with public names only, so that
# it runs in both environments. Its docstring says what would be right. It fails by an assertion, whose text says what
# happened instead, or by another exception, or by hanging.

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
import warnings
from contextlib import suppress

import aiologic
from aiologic import lowlevel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

# Long enough for other tasks to start waiting, and for what should not happen to happen.
REST_SECONDS = 0.05
LONG_SECONDS = 2.0


def in_thread(function: Callable[[], Any]) -> Any:
    """Run a function in a thread; return its result, or the exception that it raises."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(function())
        except Exception as error:  # the caller checks it
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(LONG_SECONDS)
    return outcome[0] if outcome else "it does not come back"


def on_asyncio(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(function())

    run.__doc__ = function.__doc__
    return run


async def rest() -> None:
    await asyncio.sleep(REST_SECONDS)


# -- conditions ------------------------------------------------------------------------------------------------------


def d1() -> None:
    """A cancelled wait ends with the lock (trio)."""
    import trio

    async def main() -> None:
        for make in aiologic.Lock, aiologic.RLock:
            condition = aiologic.Condition(make())
            owned: list[bool] = []

            async def wait(condition: Any = condition, owned: Any = owned) -> None:
                async with condition:
                    try:
                        await condition
                    finally:
                        owned.append(condition.lock.async_owned())

            async with trio.open_nursery() as nursery:
                nursery.start_soon(wait)
                await trio.testing.wait_all_tasks_blocked()
                nursery.cancel_scope.cancel()
            assert owned == [True], f"{make.__name__}: it ended without the lock"

    import trio.testing

    trio.run(main)


@on_asyncio
async def d2() -> None:
    """Cancelled twice, it ends with the lock (asyncio)."""
    condition = aiologic.Condition(aiologic.Lock())
    owned = []

    async def wait() -> None:
        async with condition:
            try:
                await condition
            finally:
                owned.append(condition.lock.async_owned())

    task = asyncio.ensure_future(wait())
    await rest()
    await condition.lock.async_acquire()
    for _ in range(2):
        task.cancel()
        await rest()
    condition.lock.async_release()
    await asyncio.wait([task])
    assert owned == [True], "it ended without the lock"


@on_asyncio
async def d3() -> None:
    """A predicate that raises counts once."""
    condition = aiologic.Condition()
    told: list[int] = []

    def predicate() -> bool:
        return bool(told) and bool(1 / 0)

    async def wait_for() -> None:
        async with condition:
            await condition.for_(predicate)

    async def wait() -> None:
        async with condition:
            await condition

    raising = asyncio.ensure_future(wait_for())
    await rest()
    others = [asyncio.ensure_future(wait()) for _ in range(3)]
    await rest()
    async with condition:
        told.append(1)
        count = condition.notify(1)
    await rest()
    woken = sum(other.done() for other in others)
    for task in [raising, *others]:
        task.cancel()
    await asyncio.wait([raising, *others])
    assert (count, woken) == (1, 0), (
        f"notify(1) returned {count}, and woke {woken} others"
    )


@on_asyncio
async def d4() -> None:
    """Without a lock, `notify()` does not raise for the predicates of others."""
    condition = aiologic.Condition(None)
    task = asyncio.ensure_future(condition.for_(lambda: False))
    await rest()
    try:
        condition.notify()
    finally:
        task.cancel()
        await asyncio.wait([task])


def d5() -> None:
    """Blocks give the condition itself, also of subclasses."""

    class MyCondition(aiologic.Condition):
        pass

    condition = MyCondition(aiologic.Lock())
    with condition as inside:
        assert inside is condition, f"{type(inside).__qualname__} comes out"


def d6() -> None:
    """`notify()` is refused while another task has the lock."""
    for make in aiologic.Lock, aiologic.RLock, threading.RLock:
        condition = aiologic.Condition(make())
        with condition:
            outcome = in_thread(condition.notify)
        assert isinstance(outcome, RuntimeError), f"over {make.__name__}: accepted"


@on_asyncio
async def d7() -> None:
    """`notify()` ends where the timer stands still."""
    condition = aiologic.Condition(aiologic.Lock(), lambda: 1)

    async def wait() -> None:
        async with condition:
            await condition.for_(lambda: False)

    task = asyncio.ensure_future(wait())
    await rest()
    async with condition:
        assert condition.notify_all() == 0
    task.cancel()
    await asyncio.wait([task])


def d26() -> None:
    """What is no lock is refused."""
    for lock in 5, aiologic.Condition():
        try:
            aiologic.Condition(lock)  # that is the point
        except TypeError:
            continue
        raise AssertionError(f"{lock!r} is accepted")


# -- semaphores, barriers, guards, flags, queues --------------------------------------------------------------------


def d9() -> None:
    """An item of a lazy deque is replaced by its index."""
    items = lowlevel.lazydeque([1])
    items[0] = 2
    assert list(items) == [2]


def d9_repr() -> None:
    """An empty lazy deque tells its limit."""
    assert "maxlen=5" in repr(lowlevel.lazydeque((), 5)), "maxlen is not told"


def d10() -> None:
    """A `BinarySemaphore` has one permit, however often it is released."""
    semaphore = aiologic.BinarySemaphore()
    semaphore.release()
    semaphore.release()
    assert semaphore.value == 1, f"its value is {semaphore.value}"


@on_asyncio
async def d11() -> None:
    """`Semaphore.release(-1)` is refused."""
    semaphore = aiologic.Semaphore(0)
    tasks = [asyncio.ensure_future(semaphore.async_acquire()) for _ in range(3)]
    await rest()
    with suppress(ValueError):
        semaphore.release(-1)
    await rest()
    woken = sum(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert not woken, f"it woke {woken} of 3"


def d8() -> None:
    """`copy.copy()` of a guard is a new one."""
    guard = aiologic.ResourceGuard(action="x")
    assert copy.copy(guard).action == "x"


def d12() -> None:
    """Pickles of protocols 0 and 1 can be used."""
    fresh = [
        pickle.loads(pickle.dumps(made, protocol))
        for made in (aiologic.Lock(), aiologic.Semaphore(1), aiologic.ResourceGuard())
        for protocol in (0, 1)
    ]
    for made in fresh:
        with made:
            pass


def d13() -> None:
    """`Barrier.wait(-1)` breaks nothing."""
    barrier = aiologic.Barrier(2)
    with suppress(ValueError):
        barrier.wait(-1)
    assert not barrier.broken, "it is broken, for everyone"


def d14() -> None:
    """While another puts, there is an item to get, and a place to put."""
    said: list[str] = []

    class Watched(aiologic.Queue[int]):
        def _put(self, item: int) -> None:
            if item == 2:
                # In another thread, since in this one the call would be refused as interrupting itself.
                thread = threading.Thread(target=look, args=(self,), daemon=True)
                thread.start()
                thread.join(REST_SECONDS)
            super()._put(item)

    def look(queue: Watched) -> None:
        for function in (
            lambda: queue.green_get(blocking=False),
            lambda: queue.green_put(3, blocking=False),
        ):
            try:
                function()
            except (aiologic.QueueEmpty, aiologic.QueueFull) as error:
                said.append(type(error).__name__)

    Watched([1]).green_put(2)
    assert not said, f"{' and '.join(said)}, of a queue of one item without a limit"


@on_asyncio
async def d20() -> None:
    """Cancelled after it has passed, a party breaks nothing."""

    async def wait(made: Any) -> None:
        await made

    for made in aiologic.Barrier(2), aiologic.Latch(2):
        first = asyncio.ensure_future(wait(made))
        await rest()
        last = asyncio.ensure_future(wait(made))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first, last])
        if isinstance(made, aiologic.Barrier):
            assert not made.broken, "the barrier is broken"
        else:
            try:
                made.wait(0)
            except RuntimeError:
                raise AssertionError("the latch is broken") from None


def d27() -> None:
    """`Flag.copy()` warns once, and of a flag; a copy of an unset one is silent."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        aiologic.Flag("x").copy()
        texts = [str(warning.message) for warning in caught]
    assert len(texts) == 1, f"it warns {len(texts)} times: {texts}"
    assert "queue" not in texts[0], texts[0]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        copy.copy(aiologic.Flag[int]())
    assert not caught, "a copy of an unset one warns"


# -- who owns it -----------------------------------------------------------------------------------------------------


def d16() -> None:
    """No thread is taken for one that has ended."""
    for make in aiologic.Lock, aiologic.CapacityLimiter:
        lock: Any = make()
        assert in_thread(lock.green_acquire) is True
        owned = getattr(lock, "green_owned", None) or lock.green_borrowed
        taken_for = sum(in_thread(owned) is True for _ in range(5))
        assert not taken_for, f"{make.__name__}: {taken_for} of 5 new threads own it"


@on_asyncio
async def d16_callbacks() -> None:
    """Callbacks own nothing."""
    lock = aiologic.Lock()
    said: list[object] = []

    def callback() -> None:
        acquire = lock.async_acquire(blocking=False)
        try:
            acquire.send(None)
        except StopIteration as stop:
            said.append(stop.value)
        except RuntimeError as error:
            said.append(error)

    asyncio.get_running_loop().call_soon(callback)
    await rest()
    assert isinstance(said[0], RuntimeError), "a callback has acquired a lock"


@on_asyncio
async def d18() -> None:
    """A thread that need not wait for its own task is not refused."""
    lock = aiologic.Lock()
    async with lock:
        for options in {"blocking": False}, {"timeout": 0}:
            try:
                assert lock.green_acquire(**options) is False
            except RuntimeError as error:
                raise AssertionError(f"{options}: RuntimeError: {error}") from None


def d18_next_in_line() -> None:
    """A thread does not wait for ever behind its own task."""
    lock = aiologic.Lock()
    may_end = threading.Event()

    def hold() -> None:
        with lock:
            may_end.wait()

    async def main() -> None:
        threading.Thread(target=hold, daemon=True).start()
        await rest()
        task = asyncio.ensure_future(lock.async_acquire())
        await rest()
        threading.Timer(REST_SECONDS, may_end.set).start()
        try:
            lock.green_acquire()
        except RuntimeError:
            await task
            return
        raise AssertionError("it overtook")

    asyncio.run(main())


def d18_limiter() -> None:
    """A thread does not wait for ever for tokens of its own tasks."""

    async def main() -> None:
        limiter = aiologic.CapacityLimiter()
        async with limiter:
            try:
                limiter.green_acquire()
            except RuntimeError:
                return
            raise AssertionError("it got what a task has")

    asyncio.run(main())


def d24() -> None:
    """Whose lock is made first does not matter."""

    class Parent:
        @aiologic.synchronized
        @classmethod
        def of_class(cls) -> None:
            pass

        @aiologic.synchronized
        def plain(self) -> None:
            pass

    Parent.of_class()
    first, second = Parent(), Parent()
    first.plain()
    second.plain()
    locks = [vars(each).get("_synchronized_lock") for each in (first, second)]
    assert None not in locks, (
        "instances share the lock of their class, which came first"
    )


def d24_slots() -> None:
    """Objects with slots can be synchronized."""

    class WithSlots:
        __slots__ = ("__weakref__",)

        @aiologic.synchronized
        def plain(self) -> None:
            pass

    WithSlots().plain()


def d25() -> None:
    """The text 0 in the environment is off."""
    assert not lowlevel.green_checkpoint_enabled(), "checkpoints are on"


DEFECTS: dict[str, Callable[[], None]] = {
    "D1": d1,
    "D2": d2,
    "D3": d3,
    "D4": d4,
    "D5": d5,
    "D6": d6,
    "D7": d7,
    "D8": d8,
    "D9": d9,
    "D9, repr": d9_repr,
    "D10": d10,
    "D11": d11,
    "D12": d12,
    "D13": d13,
    "D14": d14,
    "D16": d16,
    "D16, callbacks": d16_callbacks,
    "D18": d18,
    "D18, next in line": d18_next_in_line,
    "D18, limiters": d18_limiter,
    "D20": d20,
    "D24": d24,
    "D24, slots": d24_slots,
    "D25": d25,
    "D26": d26,
    "D27": d27,
}
