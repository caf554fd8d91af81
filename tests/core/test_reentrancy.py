# SPDX-License-Identifier: ISC
"""A signal handler, or a finalizer, may use a primitive between any two steps of an operation on the same one.

Each test carries out its operation again and again; the handler comes in before
the first step of our code, then before the second, and so on to the last.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Callable

    from .hand_driven import HandWorld


class Interruption:
    """Calls a handler before a certain step of aiologic's code, once, in the thread that takes the step."""

    def __init__(self, step: int) -> None:
        self._left = step
        self.was_made = False

    def during(
        self, operation: Callable[[], Any], handler: Callable[[], object]
    ) -> Any:
        def trace(frame: FrameType, event: str, _argument: object) -> Any:
            if "aiologic" not in str(frame.f_globals.get("__name__")):
                return None
            # If an interpreter has no events for opcodes, its events for lines have to do.
            frame.f_trace_opcodes = True
            if event in {"opcode", "line"}:
                self._left -= 1
                if self._left < 0:
                    sys.settrace(before)
                    frame.f_trace = None
                    self.was_made = True
                    handler()
                    return None
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            return operation()
        finally:
            sys.settrace(before)


def interruptions() -> Iterator[Interruption]:
    """One for each step, until the operation ends before it is interrupted."""
    for step in range(2_000):
        interruption = Interruption(step)
        yield interruption
        if not interruption.was_made:
            assert step > 3, "nothing was interrupted"
            return
    raise AssertionError("it does not end")


async def waited_for(event: aiologic.Event) -> bool:
    return await event


def test_an_event_is_set_while_a_thread_begins_to_wait() -> None:
    for interruption in interruptions():
        event = aiologic.Event()
        heard = interruption.during(partial(event.wait, 0), event.set)

        assert heard in (True, False)
        assert event.is_set() is interruption.was_made
        assert event.waiting == 0
        event.set()
        assert event.wait() is True


def test_an_event_is_set_while_a_task_joins(world: HandWorld) -> None:
    for interruption in interruptions():
        event = aiologic.Event()
        task = world.spawn(waited_for(event))
        interruption.during(task.step, event.set)

        assert task.is_done or task.is_woken is interruption.was_made
        assert event.waiting == (not interruption.was_made)
        event.set()
        assert task.is_done or task.step().result is True


def test_an_event_is_set_while_it_is_set(world: HandWorld) -> None:
    for interruption in interruptions():
        event = aiologic.Event()
        tasks = [world.spawn(waited_for(event)).step() for _ in range(2)]
        interruption.during(event.set, event.set)

        assert [task.step().result for task in tasks] == [True, True]
        assert event.waiting == 0


def test_a_semaphore_is_released_while_a_thread_acquires_it() -> None:
    for initial in 0, 1:
        for interruption in interruptions():
            semaphore = aiologic.BinarySemaphore(initial)
            had = interruption.during(
                partial(semaphore.green_acquire, timeout=0), semaphore.release
            )

            # No permit is lost, and D10: there is never a second one.
            permits = initial + interruption.was_made
            assert semaphore.waiting == 0
            assert had or semaphore.value == permits == 0 or semaphore.value == 1
            if initial == 1:
                assert had
            assert semaphore.value <= max(0, permits - had)
            if permits == 1:
                assert semaphore.value == 1 - had


def test_a_lock_is_released_while_a_task_joins(world: HandWorld, lock: Any) -> None:
    for interruption in interruptions():
        lock.green_acquire()
        task = world.spawn(lock.async_acquire())
        interruption.during(task.step, lock.green_release)
        if not interruption.was_made:
            lock.green_release()

        assert task.is_woken or task.is_done
        assert task.is_done or task.step().result is True
        assert lock.waiting == 0
        with world.runs(task):
            lock.async_release()


def test_a_task_joins_while_a_lock_is_released(world: HandWorld, lock: Any) -> None:
    kind = type(lock)
    for interruption in interruptions():
        lock = kind()  # each time without a queue
        lock.green_acquire()
        task = world.spawn(lock.async_acquire())
        interruption.during(lock.green_release, task.step)
        if not interruption.was_made:
            task.step()

        assert task.is_woken or task.is_done
        assert task.is_done or task.step().result is True
        assert lock.waiting == 0


def test_a_task_joins_while_an_event_is_set(world: HandWorld) -> None:
    for interruption in interruptions():
        event = aiologic.Event()
        task = world.spawn(waited_for(event))
        interruption.during(event.set, task.step)
        if not interruption.was_made:
            task.step()

        assert task.is_woken or task.is_done
        assert task.is_done or task.step().result is True


def test_a_semaphore_is_released_twice_where_two_wait(world: HandWorld) -> None:
    for interruption in interruptions():
        semaphore = aiologic.BinarySemaphore(0)
        first, second = (world.spawn(semaphore.async_acquire()) for _ in range(2))
        first.step()
        second.step()
        interruption.during(semaphore.release, semaphore.release)

        assert first.is_woken
        assert second.is_woken is interruption.was_made
        assert semaphore.value == 0


def test_a_semaphore_is_released_while_it_is_released(world: HandWorld) -> None:
    for interruption in interruptions():
        semaphore = aiologic.BinarySemaphore(0)
        waiting = world.spawn(semaphore.async_acquire()).step()
        interruption.during(semaphore.release, semaphore.release)

        assert waiting.is_woken
        assert semaphore.value == interruption.was_made
        assert semaphore.waiting == 0


def test_a_bounded_semaphore_is_released_while_it_is_released() -> None:
    for interruption in interruptions():
        semaphore = aiologic.BoundedBinarySemaphore(0, 1)
        refused: list[RuntimeError] = []

        def release() -> None:
            try:
                semaphore.release()  # noqa: B023  # called before the next round
            except RuntimeError as error:
                refused.append(error)  # noqa: B023

        interruption.during(release, release)

        assert semaphore.value == 1
        assert len(refused) == interruption.was_made


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
@pytest.mark.parametrize("way", ["block", "methods"])
def test_a_lock_is_tried_while_it_is_taken_and_left(kind: Any, way: str) -> None:
    """The handler may be refused, because the lock is in use; it must not break anything."""
    for interruption in interruptions():
        lock = kind()

        def use() -> None:
            if way == "block":
                with lock:  # noqa: B023  # called before the next round
                    assert lock.green_owned()  # noqa: B023
            else:
                assert lock.green_acquire(timeout=0) is True  # noqa: B023
                lock.green_release()  # noqa: B023

        def handler() -> None:
            try:
                if lock.green_acquire(blocking=False):  # noqa: B023
                    lock.green_release()  # noqa: B023
            except RuntimeError as error:
                assert "already holding" in str(error)  # noqa: PT017  # it need not be raised

        interruption.during(use, handler)

        assert not lock
        assert lock.owner is None
        assert lock.waiting == 0
        assert lock.green_acquire(blocking=False) is True


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_a_lock_is_tried_while_it_is_handed_over(world: HandWorld, kind: Any) -> None:
    for interruption in interruptions():
        lock = kind()
        lock.green_acquire()
        waiting = world.spawn(lock.async_acquire()).step()

        def handler() -> None:
            was_mine = lock.green_owned()  # noqa: B023  # called before the next round
            try:
                if not lock.green_acquire(blocking=False):  # noqa: B023
                    return
            except RuntimeError as error:
                assert "already holding" in str(error)  # noqa: PT017  # it need not be raised
            else:
                assert was_mine, "a newcomer has overtaken"
                lock.green_release()  # noqa: B023

        interruption.during(lock.green_release, handler)

        assert waiting.is_woken
        assert waiting.step().result is True
        assert lock.owner == ("handdriven", id(waiting))


def test_an_rlock_is_entered_once_more_at_any_step() -> None:
    for interruption in interruptions():
        lock = aiologic.RLock()
        lock.green_acquire()

        def use() -> None:
            with lock:  # noqa: B023  # called before the next round
                assert lock.count == 2  # noqa: B023
            lock.green_acquire(2)  # noqa: B023
            lock.green_release(2)  # noqa: B023

        def handler() -> None:
            with lock:  # noqa: B023
                assert lock.green_owned()  # noqa: B023

        interruption.during(use, handler)

        assert lock.count == 1
        lock.green_release()
        assert not lock
