# SPDX-License-Identifier: ISC
"""C13: signal handlers and finalizers set events, and put into queues that they interrupt."""

# A trace function calls the handler at a certain bytecode (see aiologic/testing/_interruption.py): a real signal would
# hit the one that matters once in a million times. Real signals show that they wake a loop at once.

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import signal
import sys
import threading
import weakref
from pathlib import Path

import aiologic
import pytest
from aiologic.testing.harness import (
    Interruption,
    Operation,
    Stage,
    get,
    until,
    wait,
)

from tests.worlds.catalogue import NAMES

from .conftest import ASYNC, Two, between, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

OURS = [str(Path(aiologic.__file__).parent)]
FAR = 20.0


class Round:
    """An operation, what interrupts it, and what must be true afterwards."""

    def operation(self) -> Any:
        """In a green world: do it."""

    async def aoperation(self) -> Any:
        """In an async one."""
        return self.operation()

    def handler(self) -> None:
        """Called in the middle of it, in the same thread."""

    def check(self, result: Any, was_interrupted: bool) -> None:
        """Called after it, to check."""


class SetInSet(Round):
    def __init__(self) -> None:
        self.event = aiologic.Event()
        self.operation = self.handler = self.event.set  # type: ignore[method-assign]

    def check(self, result: Any, was_interrupted: bool) -> None:
        assert self.event.is_set()
        assert self.event.waiting == 0


class SetInWait(SetInSet):
    """It has happened, or happens in the middle of the wait; otherwise time runs out."""

    def __init__(self) -> None:
        self.event = aiologic.Event()
        self.handler = self.event.set  # type: ignore[method-assign]

    def operation(self) -> bool:
        return self.event.wait(0)

    async def aoperation(self) -> bool:
        return await self.event.with_(0)

    def check(self, result: bool, was_interrupted: bool) -> None:
        assert self.event.is_set() is was_interrupted
        assert self.event.waiting == 0


class PutInPut(Round):
    def __init__(self) -> None:
        self.queue: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()

    def operation(self) -> None:
        self.queue.put(1)

    def handler(self) -> None:
        self.queue.put(2)

    def check(self, result: Any, was_interrupted: bool) -> None:
        got = sorted(self.queue.get_nowait() for _ in range(len(self.queue)))
        assert got == [1, 2][: 1 + was_interrupted]


class PutInGet(Round):
    """Either the item that was there is got, or the one that came."""

    def __init__(self) -> None:
        self.queue: aiologic.SimpleQueue[int] = aiologic.SimpleQueue([1])

    def operation(self) -> int:
        return self.queue.green_get()

    async def aoperation(self) -> int:
        return await self.queue.async_get()

    def handler(self) -> None:
        self.queue.put(2)

    def check(self, result: int, was_interrupted: bool) -> None:
        assert result == 1
        assert len(self.queue) == was_interrupted


class GetInGet(PutInGet):
    """Each gets a different one."""

    def __init__(self) -> None:
        self.queue = aiologic.SimpleQueue([1, 2])
        self.got: list[int] = []

    def handler(self) -> None:
        self.got.append(self.queue.get_nowait())

    def check(self, result: int, was_interrupted: bool) -> None:
        rest = [self.queue.get_nowait() for _ in range(len(self.queue))]
        assert sorted([result, *self.got, *rest]) == [1, 2]


class PutInBoundedPut(PutInPut):
    """With a limit, and a count of tasks: the queue on whose lock sentry and dask have frozen."""

    def __init__(self) -> None:
        self.queue = aiologic.Queue(3)  # type: ignore[assignment]

    def operation(self) -> None:
        self.queue.green_put(1)

    async def aoperation(self) -> None:
        await self.queue.async_put(1)

    def handler(self) -> None:
        self.queue.put_nowait(2)


@pytest.mark.parametrize(
    "kind", [SetInSet, SetInWait, PutInPut, PutInGet, GetInGet, PutInBoundedPut]
)
@inside(NAMES)
def test_a_handler_comes_before_each_bytecode(stage: Stage, kind: Any) -> None:
    actor = stage.actor()
    for number in itertools.count():
        # One call for each: with every bytecode traced, all of them together would take some interpreters too long.
        each = kind()
        interruption = Interruption(number, each.handler, OURS)
        result = actor.does(interrupted(interruption, each))
        each.check(result, interruption.was_made)
        if not interruption.was_made:
            break
    assert number > 3


def interrupted(interruption: Interruption, each: Round) -> Operation:
    def green() -> Any:
        return interruption.during(each.operation)

    async def aio() -> Any:
        interruption.begin()
        try:
            return await each.aoperation()
        finally:
            interruption.end()

    return Operation("interrupted", green, aio)


@between(NAMES, NAMES)
def test_who_waits_in_another_thread_is_woken_by_a_set_that_is_interrupted(
    two: Two,
) -> None:
    """The handler sets it as well, at every seventh bytecode; between the two, nobody is forgotten."""
    waiter = two.second.actor()
    for number in itertools.count(0, 7):
        event = aiologic.Event()
        call = waiter.starts(wait(event))
        until(lambda e=event: e.waiting == 1)  # type: ignore[misc]
        interruption = Interruption(number, event.set, OURS)
        two.first.inside(lambda i=interruption, e=event: i.during(e.set))  # type: ignore[misc]
        assert call.result() is True
        if not interruption.was_made:
            return


@inside(NAMES)
def test_a_finalizer_puts_into_a_queue(stage: Stage) -> None:
    """The collector runs in this thread, and the task that waits is in another."""

    class Resource:
        def __init__(self) -> None:
            self.cycle = self

    queue: aiologic.SimpleQueue[str] = aiologic.SimpleQueue()
    call = stage.actor().starts(get(queue))
    until(lambda: queue.waiting == 1)
    resource = Resource()
    weakref.finalize(resource, queue.put, "gone")
    del resource
    gc.collect()
    assert call.result() == "gone"


def runner_of(library: str) -> Callable[[Callable[[], Awaitable[None]]], object]:
    """Runs it in this very thread, because handlers run in no other."""
    pytest.importorskip(f"aiologic_{library.replace('uvloop', 'asyncio')}")
    module: Any = pytest.importorskip(library, reason=f"there is no {library} here")
    if library == "uvloop":

        def run(main: Callable[[], Awaitable[None]]) -> None:
            loop = module.new_event_loop()
            loop.run_until_complete(main())
            loop.close()

        return run
    if library == "asyncio":
        return lambda main: asyncio.run(main())  # type: ignore[arg-type]
    return module.run  # type: ignore[no-any-return]


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill() ends processes there")
@pytest.mark.parametrize(
    "library", ["thread", *(name for name in ASYNC if "-" not in name)]
)
def test_a_signal_wakes_a_loop_that_sleeps(library: str) -> None:
    """No timer is set in the loop: a wake-up that it does not notice is never noticed."""
    stop, no_more = aiologic.Event(), aiologic.Event()
    run = None if library == "thread" else runner_of(library)

    async def main() -> None:
        assert await stop is True
        # A signal that comes while the loop is being closed finds half of its wake-up socket gone.
        await no_more

    def kill() -> None:
        try:
            until(lambda: stop.waiting == 1)
            until(sent)
        finally:
            no_more.set()

    def sent() -> bool:
        # CPython runs no handler for a signal that comes right before the blocking system call: so repeat it.
        os.kill(os.getpid(), signal.SIGTERM)
        return stop.is_set()

    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    thread = threading.Thread(target=kill)
    thread.start()
    try:
        if run is None:
            assert stop.wait() is True
        else:
            run(main)
    finally:
        thread.join()  # first: it may send one more
        signal.signal(signal.SIGTERM, before)
    assert stop.is_set()
