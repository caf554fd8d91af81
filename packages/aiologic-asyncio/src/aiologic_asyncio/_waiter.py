# SPDX-License-Identifier: ISC
"""How an asyncio task sleeps and is woken."""

# A task sleeps on its waiter: the waiter is what ``asyncio.isfuture()`` calls a future-like object. An attribute,
# ``_asyncio_future_blocking``, makes it one; it yields itself to the step of the task, which gives it in return the
# callback that makes the task ready (``wakeup``), and the context to call it in. A future would accept that as well,
# and keep it to itself; the waiter can let the task continue in the very call of the loop in which a wake-up arrives. A
# future's callbacks need another turn of the loop, and a handle each.
#
#   waiter      | _wakeup | _outcome          | left by
#   ------------+---------+-------------------+-----------------------------------------------------------------
#   not asleep  | none    | None, or True     | park(); True: it was unparked before, and will not sleep
#   asleep      | there   | None              | whoever takes _wakeup out: a wake-up, the timer, a cancellation
#   over        | none    | None, or False    | the task's next step, scheduled or in progress; False: time is up
#   stirred     | none    | STIRRED           | the same; the task then looks whether its wait is decided
#
# Whoever takes ``_wakeup`` out makes the task ready, once: a second step would be a spurious one, in another wait.
# Reading and deleting it are two steps, and a signal handler may run in between; but only one of several succeeds in
# deleting it. All this is done in the loop's own thread.
#
# A task that leaves by the timer or by a cancellation stays in the primitive's queue until that is swept, perhaps for
# as long as the program runs. So its waiter lets go of the context then, and of everything in the task's context
# variables.
#
# Which way to wake. call_soon() does not interrupt a loop that sleeps in its selector. "The running loop of this thread
# is mine" does not mean that it is awake: a signal handler, a finalizer or a greenlet under a patched selector may have
# borrowed the thread of a sleeping loop. Only while *a task step of that loop* runs here is it certain to look at its
# ready queue before it sleeps again. In all other cases the wake-up goes through call_soon_threadsafe(), which writes
# to the loop's self-pipe; the inbox makes wake-ups that arrive together share one such call. (Debug mode then has
# nothing to complain about either: call_soon() is called only in the loop's own thread.)
#
# What the inbox schedules is called by the loop itself, while no task's step is running: so the step can be run at
# once. It may raise KeyboardInterrupt and SystemExit, as in asyncio; nothing else. Several steps are run by a relay, as
# are those of tasks that wake one another (_relay.py).

from __future__ import annotations

from asyncio import (
    Future,
    _get_running_loop,
    current_task,
    get_running_loop,
)
from contextvars import copy_context

from aiologic.backends import AsyncWaiter, Crowd, Inboxes, unpark_by_loop

from ._clock import Timer
from ._relay import WOKEN, Relay, no_loop, relay_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Handle
    from collections import deque
    from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator
    from contextvars import Context
    from typing import Any

    from aiologic.backends import Waiter

    from ._relay import Sleeper, Wakeup


def _call_soon(loop: AbstractEventLoop, function: Callable[[], None]) -> Handle:
    return loop.call_soon(function)


_inboxes = Inboxes(_call_soon)

STIRRED = object()  # see the table


class AsyncioWaiter(AsyncWaiter):
    """A wait of an asyncio task."""

    library = "asyncio"

    __slots__ = (
        "_asyncio_future_blocking",  # must be true when the waiter is yielded; the task's step clears it
        "_context",  # in which the task runs; None if a cancellation ended the sleep, deleted if the timer did
        "_loop",  # asyncio reads it by this name
        "_outcome",  # see the table
        "_wakeup",  # makes the task ready; exists only while the task sleeps
    )

    _asyncio_future_blocking: bool
    _context: Context
    _loop: AbstractEventLoop
    _outcome: object
    _wakeup: Wakeup
    loop: AbstractEventLoop  # another name of _loop, for the rest of the package

    def park(self, timeout: float | None) -> Awaitable[bool | None]:
        return self if timeout is None else self._park_until(timeout)

    def __await__(self) -> Generator[AsyncioWaiter, None, None]:
        # A generator would give the task's step the same as the iterator of this tuple does. But a generator has a
        # frame, which a cancellation has to unwind, and which its traceback keeps for as long as the task's.
        outcome = self._outcome
        if outcome is STIRRED:
            # It parks again. The order matters: B decides, and then checks whether A is stirred; A first stops counting
            # as stirred, and then checks whether it is decided. So either A sees the decision here, or B sees that A
            # will not look any more, and unparks it.
            self._outcome = None
            outcome = None if self else True
        return iter((self,) if outcome is None else ())  # type: ignore[return-value]  # all that the interpreter asks for

    async def _park_until(self, timeout: float) -> bool:
        timer = Timer(self._loop, timeout, self._time_is_up)
        try:
            await self
        finally:
            timer.cancel()
        return self._outcome is not False

    def _time_is_up(self) -> None:
        if self._outcome is None:
            self._outcome = False
            self._make_ready()

    def unpark(self) -> None:
        if self._outcome is STIRRED:
            return  # it is ready, and will look by itself
        loop = self._loop
        if _get_running_loop() is loop and current_task(loop) is not None:
            relay = relay_for(loop)
            try:
                wakeup = self._wakeup
                del self._wakeup
            except AttributeError:  # not asleep yet, or not any more
                self._outcome = True
            else:
                if relay is None:
                    loop.call_soon(wakeup, WOKEN, context=self._context)
                else:
                    relay.append((self._context, wakeup))
        else:
            _inboxes.of(loop).post(self, loop.call_soon_threadsafe, loop.is_closed)

    def _make_ready(self) -> None:
        try:
            wakeup = self._wakeup
            del self._wakeup
        except AttributeError:  # whoever was faster has made it ready
            pass
        else:
            context = self._context
            del self._context
            self._loop.call_soon(wakeup, WOKEN, context=context)

    def resume(self) -> None:
        """Called by the loop: let the task go on at once, if it still sleeps."""
        try:
            wakeup = self._wakeup
            del self._wakeup
        except AttributeError:
            self._outcome = True
        else:
            self._context.run(wakeup, WOKEN)
            # If the step raises, the traceback holds this frame (from 3.12 on), which must not lead to the task.
            del wakeup

    @classmethod
    def unpark_all(cls, waiters: deque[Waiter]) -> None:
        unpark_by_loop(waiters, cls, _deliver, _Crowd)

    @classmethod
    def stir_all(cls, waiters: list[Waiter]) -> None:
        loop = _get_running_loop()
        if loop is None or current_task(loop) is None:
            return
        _relay_all(loop, _stirred(waiters, loop))

    # The rest is what asyncio calls for the task that sleeps on this waiter, in the loop's own thread.

    def add_done_callback(
        self, wakeup: Wakeup, *, context: Context | None = None
    ) -> None:
        """Fall asleep."""
        self._asyncio_future_blocking = True  # for the next time, if it parks again
        self._context = copy_context() if context is None else context
        self._wakeup = wakeup
        if self._outcome is not None:
            # A looks: there is no outcome.   A handler unparks A, which does not sleep yet: it leaves an outcome.
            # A falls asleep.
            self._make_ready()

    def done(self) -> bool:
        """Whether the task no longer sleeps, though it may not have continued yet."""
        return not hasattr(self, "_wakeup")

    # AnyIO does not cancel a task that sleeps on a *future* which is done: the task was woken before, and continues, as
    # with trio. So isinstance() is made to see a future here; inheriting from Future would create one for each wait.
    # PRIVATE-API anyio 4.16: CancelScope._deliver_cancellation() looks at Task._fut_waiter in this way; guarded by the
    # kit's test_a_task_is_woken_and_then_cancelled_in_one_step
    @property  # type: ignore[misc]  # an instance of both
    def __class__(self) -> type[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]  # it is never set
        return Future

    def cancel(self, msg: object = None) -> bool:
        """End the sleep by a cancellation, which the task's next step raises."""
        try:
            wakeup = self._wakeup
            del self._wakeup
        except AttributeError:  # too late: asyncio raises it in the task's next step
            return False
        cancelled: Future[Any] = CANCELLED
        if msg is not None:
            cancelled = Future(loop=self._loop)
            cancelled.cancel(msg)
        context = self._context
        self._context = None  # type: ignore[assignment]  # without a _wakeup, only cancelled() looks at it
        self._loop.call_soon(wakeup, cancelled, context=context)
        return True

    def cancelled(self) -> bool:
        """Whether a cancellation has ended the sleep, and the task does not sleep again.

        Called by AnyIO, and by anything else that looks at what a task waits for.
        """
        return getattr(self, "_context", self) is None


AsyncioWaiter.loop = AsyncioWaiter._loop


# The future that the step of a cancelled task is called with; one for all, as WOKEN is.
CANCELLED: Future[Any] = Future(loop=no_loop)
CANCELLED.cancel()


class _Crowd(Crowd):
    """Resumes its waiters without a call for each."""

    __slots__ = ()

    def resume(self) -> None:
        relay = Relay(self[0]._loop)
        relay.schedule()  # first: if a signal handler raises, the loop still continues those that were taken out
        relay.extend(_asleep(self))
        relay.go()


def _deliver(loop: AbstractEventLoop, crowd: Crowd) -> None:
    if _get_running_loop() is loop and current_task(loop) is not None:
        _relay_all(loop, _asleep(crowd))
    else:
        _inboxes.of(loop).post(crowd, loop.call_soon_threadsafe, loop.is_closed)


def _asleep(waiters: Iterable[Any]) -> Iterator[Sleeper]:
    """Take out the wake-up of each waiter that sleeps, one after the other."""
    for waiter in waiters:
        try:
            wakeup = waiter._wakeup
            del waiter._wakeup
        except AttributeError:
            waiter._outcome = True
        else:
            yield waiter._context, wakeup


def _stirred(waiters: Iterable[Any], loop: AbstractEventLoop) -> Iterator[Sleeper]:
    """The same for the first waiters, as many as are of this loop; they will look by themselves."""
    for waiter in waiters:
        if type(waiter) is not AsyncioWaiter or waiter._loop is not loop:
            return
        try:
            wakeup = waiter._wakeup
            del waiter._wakeup
        except AttributeError:  # not asleep yet: it will sleep until it is woken
            continue
        waiter._outcome = STIRRED
        yield waiter._context, wakeup


def _relay_all(loop: AbstractEventLoop, sleepers: Iterator[Sleeper]) -> None:
    # They are taken out now: from here on they count as woken, even if they are cancelled; and if a stirred one is
    # unparked, it need not wait for the next turn.
    relay = relay_for(loop)
    if relay is None:
        relay = Relay(loop)
        relay.schedule()
    relay.extend(sleepers)


def create_waiter() -> AsyncioWaiter:
    """A waiter for a task of the running loop."""
    waiter = AsyncioWaiter()
    waiter.append(None)  # pending; takes a third less than creating it from PENDING
    waiter._asyncio_future_blocking = True
    waiter._loop = get_running_loop()
    waiter._outcome = None
    return waiter
