# SPDX-License-Identifier: ISC
"""Stages for runtimes: a loop or a hub in a thread of its own, and tasks or greenlets that carry out orders."""

# Each actor is one task that takes its orders from a mailbox, a queue of the library's own. Orders are put into it
# inside the runtime, so all that is needed from a library is a thread-safe way to have a function called there.

from __future__ import annotations

import abc
import threading
from functools import partial

from ._places import Running
from ._stage import CANCELLED, Actor, Call, Operation, Stage, wait_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from contextlib import AbstractContextManager
    from typing import Any, Protocol

    class Mailbox(Protocol):
        """A queue of the library's own. ``get`` suspends the task, and is awaited in async libraries."""

        def put(self, call: Call | None) -> None: ...
        def get(self) -> Any: ...


class RuntimeActor(Actor):
    """A task or a greenlet that carries out orders."""

    def __init__(self, stage: RuntimeStage) -> None:
        self.stage = stage
        self.mailbox: Mailbox = stage.mailbox()

    def starts(self, operation: Operation) -> Call:
        call = Call(operation)
        self.stage.call_soon(partial(self.mailbox.put, call))
        return call


class RuntimeStage(Stage):
    """A runtime that lives in a thread until it is closed; :class:`LoopStage` or :class:`GreenletStage`."""

    def __init__(self) -> None:
        self._began = threading.Event()
        self._error: BaseException | None = None
        self._is_closed = False
        self._running = Running(self._run)
        wait_for(self._began)
        assert self._error is None, self._error
        self._conductor = self.actor()

    def actor(self) -> Actor:
        made: list[RuntimeActor] = []
        done = threading.Event()

        def make() -> None:
            made.append(self.begin_actor())
            done.set()

        self.call_soon(make)
        wait_for(done)
        return made[0]

    def enter(self, function: Callable[[], object], *, as_callback: bool) -> None:
        if as_callback:
            self.call_soon(function)
            return

        async def aio() -> None:
            function()

        self._conductor.starts(Operation("enter", function, aio))

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        # It has ended by itself: the test should show why.
        if self._error is not None:
            raise self._error
        self.call_soon(self.stop)
        assert self._running.has_ended(), (
            "a runtime is stuck: stop() was called, and run() did not return."
            " Did it cancel the tasks that were left?"
        )
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self.run()
        except BaseException as error:  # close() raises it
            self._error = error
            self._began.set()

    def began(self) -> None:
        """To be called by ``run`` inside the runtime, once all of the methods below may be called."""
        self._began.set()

    @abc.abstractmethod
    def begin_actor(self) -> RuntimeActor:
        """Inside: a new actor, whose task has been started."""

    @abc.abstractmethod
    def run(self) -> None:
        """In the thread: run the runtime until ``stop``, then cancel all tasks and close it."""

    @abc.abstractmethod
    def call_soon(self, function: Callable[[], object]) -> None:
        """From any thread: have a function called by the runtime, outside of any task if possible."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Inside: end ``run``."""

    @abc.abstractmethod
    def mailbox(self) -> Mailbox:
        """Inside: a new queue."""


class LoopStage(RuntimeStage):
    """An event loop, and tasks that await."""

    def begin_actor(self) -> RuntimeActor:
        actor = RuntimeActor(self)
        self.spawn(partial(self._obey, actor.mailbox))
        return actor

    async def _obey(self, mailbox: Mailbox) -> None:
        call = await mailbox.get()
        while call is not None:
            await self.attempt(call)
            call = None  # a task's frame may outlive it, in a traceback
            call = await mailbox.get()

    @abc.abstractmethod
    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Inside: start a task."""

    @abc.abstractmethod
    def attempt(self, call: Call) -> Awaitable[None]:
        """In the actor's task: make the call in such a way that it can be cancelled, and report.

        Set ``call.cancel``, await ``call.operation.aio()``, and then say
        ``call.ends(value)``, ``call.ends(CANCELLED)`` or ``call.fails(error)``.
        """


class GreenletStage(RuntimeStage):
    """A hub, and greenlets."""

    def begin_actor(self) -> RuntimeActor:
        actor = RuntimeActor(self)
        self.spawn(partial(self._obey, actor.mailbox))
        return actor

    def _obey(self, mailbox: Mailbox) -> None:
        call = mailbox.get()
        while call is not None:
            self.attempt(call)
            call = None  # a killed greenlet's frame outlives it, in a traceback
            call = mailbox.get()

    @abc.abstractmethod
    def spawn(self, function: Callable[[], None]) -> None:
        """Inside: start a greenlet."""

    @abc.abstractmethod
    def attempt(self, call: Call) -> None:
        """In the actor's greenlet: make the call in such a way that it can be cancelled, and report.

        Set ``call.cancel``, call ``call.operation.green()``, and then say
        ``call.ends(value)``, ``call.ends(CANCELLED)`` or ``call.fails(error)``.
        """


async def attempt_in(
    scope: AbstractContextManager[Any, bool],
    cancel: Callable[[], object],
    call: Call,
    cancelled: type[BaseException],
) -> None:
    """Implements ``attempt`` for libraries that cancel with scopes.

    Args:
        scope: A new scope; its ``with`` block swallows its own cancellation.
        cancel: Cancels the scope.
        call: What to do in it.
        cancelled: The exception that the library raises in the block.
    """
    try:
        with scope:
            call.cancel = cancel
            call.ends(await call.operation.aio())
            return
    except cancelled:  # not by our scope: the stage is being closed
        call.ends(CANCELLED)
        raise
    except BaseException as error:  # the test gets it
        call.fails(error)
        return
    call.ends(CANCELLED)
