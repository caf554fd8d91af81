# SPDX-License-Identifier: ISC
"""What a test needs from a world: tasks that it can direct step by step, from outside."""

# The test itself runs in the main thread, and is plain code for all worlds. It directs *actors*: each is one task (or
# one thread) of a world, which carries out one operation after the other, as ordered, and reports the outcome:
#
#     with world.open() as stage:
#         holder, waiter = stage.actor(), stage.actor()
#         holder.does(acquire(lock))             # returns when it is done
#         call = waiter.starts(acquire(lock))    # returns at once; it is blocked
#         until(lambda: lock.waiting == 1)
#         holder.does(release(lock))
#         assert call.result() is True
#
# A test can also direct two things that happen in one turn of a loop, and races between a loop and another thread: a
# stage can be *frozen*. Its loop is then inside a step of a task (or in a callback) that runs whatever functions the
# test passes to it, and goes on to nothing else. What the main thread does meanwhile happens "in another thread, while
# the loop is busy".
#
# None of this uses aiologic: a fault in what is tested must not break what tests it.

from __future__ import annotations

import abc
import os
import queue
import threading
import time
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    Inside = Callable[[Callable[[], object]], Any]

#: Multiplies how long the tests wait for what has to come. Raise it for a machine that
#: stalls; lower it to see the failures of a backend that hangs sooner.
PATIENCE = float(os.environ.get("AIOLOGIC_TESTING_PATIENCE", "1"))

#: The only delays in these tests. A SHORT one passes; a LONG one only passes completely
#: if something hangs.
SHORT = 0.02
LONG = 10.0 * PATIENCE

CANCELLED = "CANCELLED"


class Operation(NamedTuple):
    """One thing to do, in a green and in an async form."""

    text: str
    green: Callable[[], Any]
    aio: Callable[[], Awaitable[Any]]


def until(condition: Callable[[], object], what: str = "") -> None:
    """Return when the condition holds; fail if it never does."""
    deadline = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true: {what or condition!r}")
        time.sleep(0.0002)


def wait_for(event: threading.Event) -> None:
    """Wait for a thread's event; fail if it is never set."""
    assert event.wait(LONG), "stuck"


class Call:
    """An operation that an actor was ordered to do, and its outcome."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._done = threading.Event()
        self._value: object = None
        self._error: BaseException | None = None
        #: Cancels the operation; set by those worlds that can. Only for use inside the
        #: world: ``inside(call.cancel)``. The task itself may call it, too, and is then
        #: cancelled when it next suspends.
        self.cancel: Callable[[], object] = self._refuse

    def _refuse(self) -> None:
        raise AssertionError(f"{self._operation.text} can't be cancelled here")

    @property
    def operation(self) -> Operation:
        """What the actor was ordered to do."""
        return self._operation

    @property
    def began(self) -> bool:
        """Whether it has begun, so that it can be cancelled."""
        return self.cancel != self._refuse

    @property
    def is_done(self) -> bool:
        """Whether its outcome is known."""
        return self._done.is_set()

    def ends(self, value: object) -> None:
        """Called by the actor: set what the operation returned, or CANCELLED."""
        self._value = value
        self._done.set()

    def fails(self, error: BaseException) -> None:
        """Called by the actor: set what the operation raised."""
        self._error = error
        self._done.set()

    def result(self) -> Any:
        """Wait for the outcome: return the result or CANCELLED, or raise what it raised."""
        assert self._done.wait(LONG), f"{self._operation.text} is stuck"
        if self._error is not None:
            raise self._error
        return self._value


class Actor(abc.ABC):
    """One task of a world, or one thread."""

    @abc.abstractmethod
    def starts(self, operation: Operation) -> Call:
        """Have it do something, without waiting for it."""

    def does(self, operation: Operation) -> Any:
        """Have it do something, and return the result."""
        return self.starts(operation).result()


class Stage(abc.ABC):
    """A world that runs, in threads of its own, until it is closed."""

    @abc.abstractmethod
    def actor(self) -> Actor:
        """A new task."""

    @abc.abstractmethod
    def enter(self, function: Callable[[], object], *, as_callback: bool) -> None:
        """Have a function called inside, without waiting for it."""

    @abc.abstractmethod
    def close(self) -> None:
        """End the world as its library does: tasks that still wait are cancelled.

        Has no effect from the second time on.
        """

    @contextmanager
    def frozen(self, *, as_callback: bool = False) -> Generator[Inside, None, None]:
        """Freeze the world in one step; yields a function that runs others in that step.

        Args:
            as_callback: Whether to use a callback of the loop instead of a task
                step, if the library knows the difference.
        """
        jobs: queue.Queue[tuple[Callable[[], object], Call] | None] = queue.Queue()
        entered = threading.Event()

        def serve() -> None:
            entered.set()
            job = jobs.get(timeout=LONG)
            while job is not None:
                function, call = job
                try:
                    call.ends(function())
                except BaseException as error:  # the test gets it
                    call.fails(error)
                job = jobs.get(timeout=LONG)

        def inside(function: Callable[[], object]) -> Any:
            call = Call(Operation("a step inside", function, _nothing))
            jobs.put((function, call))
            return call.result()

        self.enter(serve, as_callback=as_callback)
        wait_for(entered)
        try:
            yield inside
        finally:
            jobs.put(None)

    def inside(self, function: Callable[[], object]) -> Any:
        """Run a function inside, in one step of a task."""
        with self.frozen() as inside:
            return inside(function)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


NO_DEVIATIONS: Mapping[str, str] = MappingProxyType({})


class World(NamedTuple):
    """A library to run tasks with, and what there is to know about it.

    The suites look at these capabilities, and never at the name. The fields are
    described here and in ``docs/how-to/support-a-framework.md``. Those without a
    default are ``name``, ``library``, ``open``, ``is_async``, ``cancels`` and
    ``wakes_first``.
    """

    #: A name for humans.
    name: str
    #: The name that its backend serves.
    library: str
    #: Creates a running stage.
    open: Callable[[], Stage]
    #: Whether its tasks await.
    is_async: bool
    #: Whether a waiting task can be cancelled.
    cancels: bool
    #: Whether the wake-up wins if a task was woken, and then cancelled before it
    #: ran. (Otherwise the exception wins.)
    wakes_first: bool
    #: The same for a wake-up that came from another thread, or from a callback, and
    #: was still on its way when the task was cancelled.
    remote_wakes_first: bool = False
    #: Whether a cancelled task gets the exception again at each wait until it ends.
    level_cancellation: bool = False
    #: Whether ``call_soon`` of its stages calls functions in a task.
    callbacks_are_tasks: bool = False
    #: Whether calls are checkpoints by default.
    checkpoints: bool = False
    #: Whether others run whenever a coroutine yields something to its loop. (In some
    #: libraries, this may be a question that the loop answers at once.)
    traps_are_switches: bool = True
    #: Whether the tasks of a stage share a runtime in one thread (a loop, a run, a hub).
    is_one_runtime: bool = True
    #: What the library can't do, as names of tests of the suites, each with the reason.
    #: These tests must fail; it is an error if one passes, as the reason no longer
    #: holds. ``"test_name[case]"`` names one case of a test that has several.
    deviations: Mapping[str, str] = NO_DEVIATIONS

    def __str__(self) -> str:
        return self.name


async def _nothing() -> None:
    """A placeholder, since a step inside is never awaited."""
