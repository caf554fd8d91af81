# SPDX-License-Identifier: ISC
"""A backend's services, as operations for actors: the base of the conformance suite."""

# Primitives are left out on purpose: if a test at this level fails, the fault is in the backend, and not in the state
# machines above it. Here, a Wait does with its waiter what a primitive would do, and records each of its calls.

from __future__ import annotations

import sys
import threading

from .._engine.waiting import finish, give_up
from .._runtime.detect import worlds
from ._stage import LONG, Operation, until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._engine.waiter import Waiter
    from .._runtime.interface import Backend
    from ._stage import Actor, Call, Stage

    Waker = Callable[[Stage, Callable[[], object]], None]

#: What a waiter tells its primitive at the end of a wait; each wait ends with exactly
#: one of these.
ACCEPTED = "accepted"  # its task took what it was granted
LEFT = "left"  # its task gave up
TAKEN_BACK = "taken back"  # it was granted something that its task can no longer use


def backend_for(library: str) -> Backend:
    """The backend that core itself would use for a library."""
    if library == worlds.threads.library:
        return worlds.threads
    worlds.registry.discover()
    entry = worlds.registry.entries.get(library)
    if entry is None:
        raise AssertionError(
            f"no installed distribution has an entry point {library!r} in the group"
            " aiologic.backends: is yours installed (pip install -e .), and its"
            " entry point named like the module that users import?"
        )
    backend = worlds.registry.load(entry)
    if backend is None:
        raise AssertionError(entry.error)
    return backend


class Wait:
    """One wait, created and parked as primitives do it; it also plays the primitive that is waited for."""

    def __init__(self, backend: Backend) -> None:
        self._backend: Any = backend
        self._made: Waiter | None = None
        #: What became of the grant: one item once the wait is over.
        self.heard: list[str] = []
        #: What ``park`` returned; None if it raised, or has not ended.
        self.returned: object = None

    @property
    def has_begun(self) -> bool:
        """Whether the waiter has been created."""
        return self._made is not None

    @property
    def waiter(self) -> Waiter:
        """The waiter, once the task has created it."""
        assert self._made is not None, "the wait has not begun"
        return self._made

    def begin(self) -> Any:
        """In the task: create the waiter, as if it had been queued."""
        assert self._made is None, "a wait is for one time"
        waiter = self._backend.create_waiter()
        waiter.source = self
        self._made = waiter
        return waiter

    def wake(self) -> bool:
        """From anywhere: end the wait with success."""
        return self.waiter.wake()

    def _accept(self, waiter: Waiter) -> None:
        assert waiter is self._made
        self.heard.append(ACCEPTED)

    def _take_back(self, waiter: Waiter) -> None:
        assert waiter is self._made
        self.heard.append(TAKEN_BACK)

    def _leave(self, waiter: Waiter) -> None:
        assert waiter is self._made
        self.heard.append(LEFT)

    def _green(self, timeout: float | None, before_park: Callable[[], object]) -> bool:
        waiter = self.begin()
        before_park()
        try:
            self.returned = waiter.park(timeout)
        except BaseException:
            give_up(waiter)
            raise
        return finish(waiter, bool(self.returned))

    async def _aio(
        self, timeout: float | None, before_park: Callable[[], object]
    ) -> bool:
        waiter = self.begin()
        before_park()
        try:
            returned = await waiter.park(timeout)
            # Without a time-out it can only have been woken, so the library's awaitable may return None.
            is_silent = returned is None and timeout is None
            self.returned = True if is_silent else returned
        except BaseException:
            give_up(waiter)
            raise
        return finish(waiter, bool(self.returned))


def park(
    wait: Wait,
    timeout: float | None = None,
    before_park: Callable[[], object] = lambda: None,
) -> Operation:
    """Wait; the result is whether the task got what it waited for.

    Args:
        wait: A new one.
        timeout: In seconds.
        before_park: Called by the task once the waiter exists and can be woken.
    """
    return Operation(
        f"park({timeout})",
        lambda: wait._green(timeout, before_park),
        lambda: wait._aio(timeout, before_park),
    )


def sleep(backend: Any, seconds: float) -> Operation:
    """Sleep by means of the backend."""
    return Operation(
        f"sleep({seconds})",
        lambda: backend.sleep(seconds),
        lambda: backend.sleep(seconds),
    )


def checkpoint(backend: Any) -> Operation:
    """Let others run once."""
    return Operation("checkpoint()", backend.checkpoint, backend.checkpoint)


def checkpoint_if_cancelled(backend: Any) -> Operation:
    """Raise if cancelled."""
    look = backend.checkpoint_if_cancelled
    return Operation("checkpoint_if_cancelled()", look, look)


def shield(backend: Any, operation: Operation) -> Operation:
    """Do it without being cancelled in the middle."""
    return Operation(
        f"shield({operation.text})",
        lambda: backend.shield(operation.green),
        lambda: backend.shield(operation.aio()),
    )


def in_turn(*operations: Operation) -> Operation:
    """Do one after the other; the result is a list of what they returned."""

    def green() -> list[Any]:
        return [operation.green() for operation in operations]

    async def aio() -> list[Any]:
        return [await operation.aio() for operation in operations]

    texts = [operation.text for operation in operations]
    return Operation(", ".join(texts), green, aio)


def caught(operation: Operation) -> Operation:
    """Do it, and catch what it raises; the result is its own result, or the exception."""

    def green() -> object:
        try:
            return operation.green()
        except BaseException:  # some libraries cancel with a BaseException
            return sys.exc_info()[1]

    async def aio() -> object:
        try:
            return await operation.aio()
        except BaseException:
            return sys.exc_info()[1]

    return operation._replace(green=green, aio=aio)


def starts_cancelled(stage: Stage, actor: Actor, operation: Operation) -> Call:
    """Have a task do it that has just been cancelled, and gets the exception at the next opportunity."""
    calls: list[Call] = []

    def green() -> object:
        calls[0].cancel()
        return operation.green()

    async def aio() -> object:
        calls[0].cancel()
        return await operation.aio()

    with stage.frozen():  # so that ``calls`` is filled before the task runs
        calls.append(actor.starts(operation._replace(green=green, aio=aio)))
    return calls[0]


def in_another_thread(function: Callable[[], object]) -> None:
    """Have a new thread call it, and wait until it has."""
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(LONG)
    assert not thread.is_alive(), "unpark() blocks"


def settled(stage: Stage, *waits: Wait) -> None:
    """Return when these waits have begun, and all tasks that were ready inside have run.

    Then the waiting tasks are parked: the runtime can run others only once they have
    yielded to it. (For threads this can't be known; but there it makes no difference.)
    """
    for wait in waits:
        until(lambda wait=wait: wait.has_begun, "the wait begins")  # type: ignore[misc]
    for _ in range(3):
        stage.inside(lambda: None)


def wake_in_a_task(stage: Stage, function: Callable[[], object]) -> None:
    """Call it in a task of the stage."""
    stage.inside(function)


def wake_in_a_thread(stage: Stage, function: Callable[[], object]) -> None:  # noqa: ARG001  # like its siblings
    """Call it in the thread that runs the test."""
    function()


def wake_in_a_callback(stage: Stage, function: Callable[[], object]) -> None:
    """Call it in a callback of the runtime, if the library has callbacks."""
    with stage.frozen(as_callback=True) as inside:
        inside(function)


#: Where wake-ups come from.
WAKERS: dict[str, Waker] = {
    "task": wake_in_a_task,
    "thread": wake_in_a_thread,
    "callback": wake_in_a_callback,
}
