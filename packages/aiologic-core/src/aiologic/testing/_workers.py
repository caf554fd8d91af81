# SPDX-License-Identifier: ISC
"""The threads of virtual tasks: started once, used for all runs."""

from __future__ import annotations

import sys
import threading
from _thread import get_ident
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

from .._runtime.detect import worlds
from .._runtime.threads import this_thread
from ._one_core import OneCore
from ._scenario import Cancelled
from ._tasks import RunError, Unwind, VirtualTask, here
from ._virtual import GREEN

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

    from ._scheduler import Scheduler


class Workers:
    """A thread for each task of a scheduler, while the block lasts."""

    def __init__(self, scheduler: Scheduler, tracer: Callable[..., Any] | None) -> None:
        self._scheduler = scheduler
        self._tracer = tracer
        self._has_begun = threading.Semaphore(0)
        self._core = OneCore()
        # Daemons, since a failed run may leave one behind that nothing can end.
        self._threads = [
            threading.Thread(
                target=self._work,
                args=(task,),
                name=f"virtual task {task.name}",
                daemon=True,
            )
            for task in scheduler.tasks
        ]

    def __enter__(self) -> None:
        self._core.__enter__()
        for thread in self._threads:
            thread.start()
        for _ in self._threads:
            self._has_begun.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._scheduler.tasks:
            task.part = None
            task.baton.release()
        for thread in self._threads:
            thread.join()
        self._core.__exit__()

    def _work(self, task: VirtualTask) -> None:
        worlds.green_override.name = GREEN
        here.task = task
        task.thread = get_ident()
        this_thread()  # a thread does this once, so do it before the first run: all runs must be alike
        self._has_begun.release()
        while True:
            # Once is enough, unless an exception came out of the trace function. (Each change makes the interpreter
            # instrument all code again, so it is not done for each run.)
            if self._tracer is not None and sys.gettrace() is not self._tracer:
                sys.settrace(self._tracer)
            task.baton.acquire()
            if task.part is None:
                break
            problem = None
            if not self._scheduler.is_unwinding:
                problem = _outcome(task)
            self._scheduler.ended(task, problem)
        if self._tracer is not None:
            sys.settrace(None)


def _outcome(task: VirtualTask) -> RunError | None:
    assert task.part is not None
    try:
        result = task.part.body()
        if iscoroutine(result):
            _drive(task, result)
    except Unwind:
        return None
    except Cancelled as error:
        if task.cancellable:
            return None
        return RunError(f"{task.name} was cancelled, and must not be", error)
    except BaseException as error:
        # The traceback keeps the frames of the failed run alive, and what they refer to.
        return RunError(f"{task.name} raised {type(error).__name__}: {error}", error)
    finally:
        task.coroutine = None
    return None


def _drive(task: VirtualTask, coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine to its end; the objects that it yields know how to block."""
    task.coroutine = coroutine
    answer: object = None
    problem: BaseException | None = None
    while True:
        try:
            if problem is None:
                awaited = coroutine.send(answer)
            else:
                awaited = coroutine.throw(problem)
        except StopIteration:
            return
        problem = None
        try:
            answer = awaited.block()
        except BaseException as error:
            problem = error
