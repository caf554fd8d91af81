# SPDX-License-Identifier: ISC
"""Functions that run once, however many call them at the same time."""

# dict.setdefault() chooses the caller that runs the function, and records it in the same step. If a turn were taken
# first and its caller recorded afterwards, a signal handler in between could call the same function, and would wait for
# its own thread.
#
#   state      | _attempts    | results  | left by
#   -----------+--------------+----------+------------------------------------------------------------
#   untried    | empty        | empty    | a caller that puts its attempt there
#   running    | an attempt   | empty    | that caller, when the function has returned or raised
#   done       | maybe one    | the one  | nobody; an attempt that comes late looks, and does not run it
#
#     A finds no result.   B's call returns: there is a result, and no attempt.   A's attempt is the one: A looks again.
#
# All others wait for the end of the attempt, which is an event: so they all go on at once, and one whose loop was
# closed holds up nobody. Nor does the caller, if its loop is closed: an attempt refers to a task weakly, so the task
# goes with its loop, and its coroutine ends the attempt as it is closed. If the function failed, the first of those who
# wait to get there makes the next attempt, and the others wait for that. (Handing the turn to one of them would wake
# the others less often, which helps only if a function fails over and over.)
#
# The twins differ in how they wait, and in who counts as the same caller: a thread, as a whole, or a task. A plain
# function is also called where nothing can be suspended (hub callbacks, handlers), so its callers block their threads.

from __future__ import annotations

from functools import wraps
from weakref import ref

from ._engine.waiting import green_wait
from ._event import Event
from ._not_given import NotGiven
from ._runtime.coroutine_functions import is_coroutine_function
from ._runtime.detect import current_async_task, worlds
from ._runtime.threads import create_waiter, this_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, overload

    F = TypeVar("F", bound=Callable[[], Any])

MISSING: Any = NotGiven("MISSING")


class Attempt:
    """A call of the function, and all that it calls."""

    __slots__ = (
        "caller",  # the thread that made it; or a function that returns the task, while that exists
        "over",  # happens when it has ended, with whatever outcome
        "returned",  # what it returned, or what the last call inside it returned
    )

    def __init__(self, caller: Any) -> None:
        self.caller = caller
        self.over = Event()
        self.returned: list[Any] = []


class Once:
    """A function without arguments, and what came of it."""

    __slots__ = (
        "_attempts",  # see the table
        "_function",
        "_is_reentrant",  # whether its caller may call it inside
        "results",  # see the table; goes from none to one
    )

    def __init__(self, function: Callable[[], Any], is_reentrant: bool) -> None:
        self._function = function
        self._is_reentrant = is_reentrant
        self._attempts: dict[None, Attempt] = {}
        self.results: list[Any] = []

    def call(self) -> Any:
        """The result; runs the function if nobody did, and waits if another thread does."""
        me = this_thread()
        while not self.results:
            mine = Attempt(me)
            try:
                attempt = self._attempts.setdefault(None, mine)
                if attempt is mine:
                    if not self.results:
                        mine.returned[:] = (self._function(),)
                elif attempt.caller is me:
                    self._check_reentrant()
                    value = self._function()
                    attempt.returned[:] = (value,)
                    return value
                else:
                    green_wait(create_waiter(), None, attempt.over._join)
            finally:
                # Twice, if Ctrl-C comes between its steps: otherwise those who wait would sleep for ever.
                try:
                    self._end(mine)
                except BaseException:
                    self._end(mine)
                    raise
        return self.results[0]

    async def acall(self) -> Any:
        """The same for a coroutine function, and tasks."""
        me = current_async_task()
        while not self.results:
            mine = Attempt(weakly(me))
            try:
                attempt = self._attempts.setdefault(None, mine)
                if attempt is mine:
                    if not self.results:
                        mine.returned[:] = (await self._function(),)
                elif attempt.caller() is me:
                    self._check_reentrant()
                    value = await self._function()
                    attempt.returned[:] = (value,)
                    return value
                else:
                    await attempt.over
            finally:
                # Twice, if Ctrl-C comes between its steps: otherwise those who wait would sleep for ever.
                try:
                    self._end(mine)
                except BaseException:
                    self._end(mine)
                    raise
        return self.results[0]

    def _check_reentrant(self) -> None:
        if not self._is_reentrant:
            raise RuntimeError("this function is already executing")

    def _end(self, attempt: Attempt) -> None:
        # The order matters: a caller that finds no attempt must find the result, and one that is woken must find no
        # attempt.
        if self._attempts.get(None) is attempt:
            if attempt.returned and not self.results:
                self.results.append(attempt.returned[0])
            del self._attempts[None]
        attempt.over.set()


def weakly(task: object) -> Callable[[], object]:
    """A function that returns a task while it exists, or always, if its library allows no weak references."""
    try:
        return ref(task)
    except TypeError:
        return lambda: task


if TYPE_CHECKING:

    @overload
    def once(wrapped: F, /, *, reentrant: bool = ...) -> F: ...
    @overload
    def once(*, reentrant: bool = ...) -> Callable[[F], F]: ...


def once(wrapped: Any = MISSING, /, *, reentrant: bool = False) -> Any:
    """Run a function without arguments only once, and return the same result ever after.

    For things of which a process needs one, created when first asked for::

        @aiologic.once
        async def config():  # from any loop
            return parse(await download())


        @aiologic.once
        def library():  # from any thread
            return ctypes.CDLL("libexample.so")

    Calls that come while it runs wait for it, and all go on together. If it
    raises, only the caller that ran it gets the exception, which is not kept: the
    next call, maybe one that is waiting already, tries again. The same happens if
    the task that ran it is cancelled.

    Args:
        wrapped: A coroutine function or a plain one. If there is none, the result
            is a decorator.
        reentrant: Whether the function may call itself, indirectly or from a
            signal handler. Then it runs again inside, and the result of the last
            of these calls is kept when the outermost one is over.

    Returns:
        A function of the same kind and name.

    Raises:
        TypeError: ``wrapped`` can't be called.
        RuntimeError: When called: the function runs already, for the same task.
            For a plain function: in the same thread, even for another greenlet.
        AsyncLibraryNotFoundError: When a coroutine function is awaited under no
            async library that has a backend, before there is a result.

    Cancellation:
        Safe for those who wait. If the caller that runs the function is
        cancelled, the next one runs it anew, in its own loop.

    Checkpoints:
        Those of the function. A call of a coroutine function that has run
        already is one, too, where checkpoints are on.

    Threads:
        Callable from any thread. A plain function makes the threads of its callers
        wait, even those that run a loop or greenlets; a coroutine function lets
        other tasks run, whatever their library is.
    """
    if wrapped is MISSING:

        def decorate(function: Callable[[], Any]) -> Any:
            return once(function, reentrant=reentrant)

        return decorate
    if not callable(wrapped):
        raise TypeError(f"wrapped must be a function, got {wrapped!r}")
    state = Once(wrapped, reentrant)
    results = state.results

    if is_coroutine_function(wrapped):

        @wraps(wrapped)
        async def await_once() -> Any:
            if results:
                due = worlds.checkpoint_due()
                if due is not None:
                    await due.checkpoint()
                return results[0]
            return await state.acall()

        return await_once

    @wraps(wrapped)
    def call_once() -> Any:
        return results[0] if results else state.call()

    return call_once


once.__module__ = "aiologic"  # public; classes say so in their bodies
