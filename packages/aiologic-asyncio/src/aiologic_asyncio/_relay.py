# SPDX-License-Identifier: ISC
"""Tasks of one loop that were woken one after the other, and continue in one call of it."""

# Each callback that a loop is given costs a handle, and each turn in which it calls some, a look at the selector: when
# two tasks hand over to one another, these two are the greater part of the cost. So tasks that would continue with
# nothing between them share one callback, a relay:
#
#   the loop's queue | a task wakes A                                | and then A continues
#   -----------------+-----------------------------------------------+--------------------------------------------------
#   ends in a relay  | A goes behind all that are in it              | with them
#   ends in another  | A gets a relay of its own, behind that        | in its turn
#   is empty         | A gets one, too; or, if the waking task       | as soon as that task's step is over
#                    | runs in a relay itself, A goes into that one  |
#
# In no case does A run before what was ready earlier, nor after what is made ready later. (A loop whose queue can't be
# seen, such as uvloop's, has one callback for each wake-up.)
#
# A loop may have the queue that it inherits and use another: qasync has Qt call its callbacks. Then the queue is always
# empty, and all tasks that are woken would overtake all callbacks. So a relay trusts the queue only if it has seen its
# own handle arrive there.
#
# Two tasks that wake one another would thus go on for ever in one call, and the loop would do nothing else. So a relay
# runs no more than STEPS steps in a call, or as many as were in it at the beginning, as a turn of the loop does; the
# rest in the next turn, after the loop has looked at its selector and its timers.
#
# A step may run the loop again, though asyncio forbids it: nest_asyncio allows it, and so does Pyodide.
#       A and B are woken together, and the loop calls the relay.   A continues, and runs the loop until B is done.
# So while anybody is in a relay besides the task that is running, the loop is scheduled to call it once more.

from __future__ import annotations

from asyncio import Future
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from contextvars import Context
    from typing import Any, Deque, Tuple

    Wakeup = Callable[[Any], object]
    Sleeper = Tuple[Context, Wakeup]

    _Sleepers = Deque[Sleeper]
else:
    _Sleepers = deque

# How many steps a relay runs before the loop looks elsewhere. At 2, two tasks save half of what can be saved, at 8
# seven eighths, and what comes from outside waits no longer than in a loop where eight tasks are ready.
STEPS = 8


class _NoLoop:
    """As much of a loop as a future needs if nobody waits for it."""

    def get_debug(self) -> bool:
        return False


no_loop: Any = _NoLoop()

# The future that the step of a task that continues is called with; one for all tasks. It is a real one, because that
# gives its result without running Python code: an exception that we raised would keep our frame for as long as the task
# keeps it.
WOKEN: Future[Any] = Future(loop=no_loop)
WOKEN.set_result(None)


class Relay(_Sleepers):
    """The tasks that continue in one call of the loop, in order; for each, what makes its step.

    Threads:
        To be used in the loop's own thread only.
    """

    __slots__ = (
        "is_due",  # whether the loop is about to call it
        "is_seen",  # whether it was seen at the end of the loop's queue when it was scheduled
        "loop",
    )

    is_due: bool
    is_seen: bool
    loop: AbstractEventLoop

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.is_due = False
        self.is_seen = False
        self.loop = loop

    def schedule(self) -> None:
        """Have the loop call it."""
        loop = self.loop
        handle = loop.call_soon(self)
        self.is_due = True  # not before: if a handler raises above, it is scheduled twice, which does no harm
        queue = getattr(loop, QUEUE, None)
        try:
            # Another thread may have scheduled something in between. Then, this once, tasks that are woken while this
            # relay runs get another one.
            self.is_seen = queue[-1] is handle if queue else False
        except (LookupError, TypeError):  # not a queue such as asyncio's
            self.is_seen = False

    def __call__(self) -> None:
        self.is_due = False
        try:
            self.go()
        except BaseException:
            # When a step raises, the loop has already been asked to call for the others. A signal handler may have
            # raised before that.
            if self and not self.is_due:
                self.schedule()
            raise

    def go(self) -> None:
        """Let the tasks in it continue, each to its next wait."""
        loop = self.loop
        try:
            left = len(self)
            if self.is_seen:
                _at_work[loop] = self
                # If nothing else is ready, tasks that are added from now on are next, too. Otherwise they are called
                # after what is ready.
                if left < STEPS and not getattr(loop, QUEUE, None):
                    left = STEPS
            if len(self) > 1 and not self.is_due:
                self.schedule()
            for _ in range(left):
                if not self:
                    break
                context, wakeup = self[0]
                del self[0]
                context.run(wakeup, WOKEN)
                # If the step raises, the traceback holds this frame (from 3.12 on), which must not lead to the task.
                del wakeup
        finally:
            _at_work.pop(loop, None)


# The relays that are running, by loop. A relay is in here only while it is called, so this keeps no loop alive.
_at_work: dict[AbstractEventLoop, Relay] = {}


# PRIVATE-API CPython 3.8 to 3.14: BaseEventLoop._ready, what the loop will call in its next turn. Only its end is
# looked at: whether that is a relay's own handle, or what its Handle._callback is. If a loop has no such attribute, its
# queue can't be seen. If either comes to mean something else, tasks overtake, or have a callback each; guarded by
# tests/backends/asyncio/test_relays.py and test_loops_of_others.py
QUEUE = "_ready"


def relay_for(loop: AbstractEventLoop) -> Relay | None:
    """The relay for a task that another task of this loop wakes now; the loop is about to call it.

    ``None`` if the loop's queue can't be seen: then nobody can tell what is ready.

    A signal handler may raise in here. So callers call it first, while no task has
    been taken out of its sleep.
    """
    queue = getattr(loop, QUEUE, None)
    if queue is None:
        return None
    try:
        relay = queue[-1]._callback if queue else _at_work.get(loop)
    except (AttributeError, LookupError, TypeError):  # not a queue such as asyncio's
        relay = None
    if type(relay) is not Relay:
        relay = Relay(loop)
    if not relay.is_due:
        relay.schedule()
    return relay
