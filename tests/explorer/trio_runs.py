# SPDX-License-Identifier: ISC
"""A run of trio's, as it is played for the explorer; and what other threads do to its tasks."""

from __future__ import annotations

import types
from _thread import get_ident
from collections import deque
from typing import Any, Callable, Coroutine, Generator

from aiologic.backends import PENDING
from aiologic.testing import switch, task
from aiologic_trio import _waiter
from trio.lowlevel import Abort

from . import wakes
from .sleepers import Bell, GoneError


class Run:
    """A run, and its token."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.thread = 0
        self.is_time_up = False
        self.has_ended = False
        self.entries: deque[Callable[[], object]] = deque()
        self.tasks: list[Task] = []
        self.ready: deque[Task] = deque()
        self.current: Task | None = None

    def run_sync_soon(self, function: Callable[[], object]) -> None:
        if self.has_ended:
            raise RuntimeError("run finished")
        self.entries.append(function)
        self.bell.ring()

    def pass_time(self) -> None:
        """All scopes are over from now on, says another thread."""
        self.is_time_up = True
        self.bell.ring()

    def run(self) -> None:
        """Until no task is left; or until it crashes."""
        while self.tasks:
            if self.is_time_up:
                for one in self.tasks:
                    if one.has_scope:
                        one.cancel()
            for _ in range(len(self.entries)):
                self.entries.popleft()()
            for _ in range(len(self.ready)):
                self.step(self.ready.popleft())
            if self.tasks and not self.ready and not self.entries:
                self.bell.wait()
        self.has_ended = True
        while self.entries:
            self.entries.popleft()()

    def step(self, one: Task) -> None:
        self.current = one
        is_cancelled, one.is_cancelled = one.is_cancelled, False
        try:
            if is_cancelled:
                one.abort = one.coroutine.throw(GoneError())
            else:
                one.abort = one.coroutine.send(None)
            if one.abort is None:  # a checkpoint
                self.ready.append(one)
        except StopIteration:
            self.tasks.remove(one)
        finally:
            self.current = None


class Task:
    """One of its tasks."""

    custom_sleep_data: object = None
    abort: Any = None  # there while it sleeps
    has_scope = False
    is_cancelled = False

    def __init__(self, run: Run, coroutine: Coroutine[Any, Any, None]) -> None:
        self.run = run
        self.coroutine = coroutine
        run.tasks.append(self)
        run.ready.append(self)

    def cancel(self) -> None:
        """If it sleeps, and can be."""
        abort = self.abort
        if abort is not None and abort(None) is Abort.SUCCEEDED:
            self.is_cancelled = True
            reschedule(self)


class Scope:
    """A block with an end in time."""

    def __init__(self, _seconds: float) -> None:
        self._task = current_task()

    def __enter__(self) -> None:
        self._task.has_scope = True

    def __exit__(self, kind: object, *_: object) -> bool:
        self._task.has_scope = False
        return kind is GoneError


runs: list[Run] = []  # that of this run of the scenario


def current_task() -> Task:
    (run,) = runs
    if run.current is None or get_ident() != run.thread:
        raise RuntimeError("must be called from async context")
    return run.current


def current_trio_token() -> Run:
    return current_task().run


def reschedule(one: Task) -> None:
    run = one.run
    assert get_ident() == run.thread, "another thread reschedules a task"
    assert one.abort is not None, "it is rescheduled twice"
    one.abort = one.custom_sleep_data = None
    run.ready.append(one)


@types.coroutine
def wait_task_rescheduled(abort: Any) -> Generator[Any, None, None]:
    yield abort


@types.coroutine
def checkpoint() -> Generator[None, None, None]:
    yield None


class Wake(wakes.Wake):
    """A task sleeps."""

    def setup(self) -> None:
        self.trio_run = Run()
        runs[:] = [self.trio_run]
        super().setup()

    def create_waiter(self) -> Any:
        waiter = _waiter.TrioWaiter(PENDING)
        waiter.loop = self.trio_run  # type: ignore[assignment]
        waiter._task = None
        return waiter

    def pass_time(self) -> None:
        self.trio_run.pass_time()

    @task
    def runner(self) -> None:
        self.trio_run.thread = get_ident()
        self.start()
        self.trio_run.run()

    def start(self) -> None:
        Task(self.trio_run, self.turn.await_async(self.time_out))

    def check(self) -> None:
        assert not any(self.trio_run.entries), "somebody is in a run that has ended"
        super().check()


class WakeAndTime(wakes.WakeAndTime, Wake): ...


class TimeAndWake(wakes.TimeAndWake, Wake): ...


class WakeAgainstTime(wakes.WakeAgainstTime, Wake): ...


class WakeTwo(Wake):
    """Two sleep, and two threads wake one each."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()

    def start(self) -> None:
        Task(self.trio_run, self.second.await_async())
        super().start()

    @task
    def another(self) -> None:
        self.second.grant()


class WakeFromBothSides(WakeTwo):
    """Two sleep; one is woken by a thread, and wakes the other."""

    def start(self) -> None:
        Task(self.trio_run, self.hand_over())
        Wake.start(self)

    async def hand_over(self) -> None:
        await self.second.await_async()
        self.turn.grant()

    def wake(self) -> None:
        self.second.grant()

    def another(self) -> None:
        """There is no other thread."""


class WakeAll(wakes.WakeAll, WakeTwo):
    def another(self) -> None:
        """There is no other thread."""


class WakeAgainstCrash(Wake):
    """The run crashes meanwhile, and its task never goes on."""

    def start(self) -> None:
        super().start()
        Task(self.trio_run, self.crash())

    async def crash(self) -> None:
        switch()
        raise GoneError

    @task
    def runner(self) -> None:
        try:
            super().runner()
        except GoneError:
            self.trio_run.has_ended = True
            self.trio_run.entries.clear()
            for one in self.trio_run.tasks:
                if one.abort is None:  # nobody knows of it any more
                    one.coroutine.close()
