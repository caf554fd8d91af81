# SPDX-License-Identifier: ISC
"""eventlet's cancellation: exceptions thrown into the switch (GreenletExit, expired timeouts, or any other)."""

# A wait needs nothing of its own here: whatever is thrown comes out of park(), decided or not, and core passes on what
# had been granted.
#
# A shielded call runs in a helper greenlet (see ShieldedCall). Of the exceptions that are thrown at its principal
# meanwhile, the first is raised after the call, and the others are thrown again, in their order, as soon as the
# principal waits: timeouts by a timer of their own, so that leaving their block still cancels them. Exceptions of other
# classes are not held back, but thrown on at the helper. So are those that a Timeout raises in its place (``Timeout(1,
# MyError)``), because one can't tell where they come from.

from __future__ import annotations

from contextvars import copy_context
from functools import partial
from itertools import count

from aiologic.backends import ShieldedCall
from eventlet import Timeout
from greenlet import GreenletExit, getcurrent, greenlet

from ._hub import may_block_here
from ._identity import principals
from ._waiter import create_waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    T = TypeVar("T")

#: The time between two exceptions that are thrown again: timers that are due at the same time fire in any order.
STEP_SECONDS = 1e-6


def shield(function: Callable[[], T]) -> T:
    """Run a call to its end in a helper greenlet; raise afterwards what was thrown meanwhile."""
    hub: Any = may_block_here()
    current = getcurrent()
    call = ShieldedCall(function)
    runner = greenlet(call.run, hub.greenlet)
    # One context for both, so that context variables that the call sets stay set. A greenlet that has used none yet has
    # no context; copying it creates it.
    copy_context()
    runner.gr_context = current.gr_context
    principals[runner] = principals.get(current, current)
    hub.schedule_call_global(0, runner.switch)
    result: T = call.wait(
        create_waiter,
        (GreenletExit, Timeout),
        partial(hub.schedule_call_global, 0, call.interrupt, runner.throw),
        partial(_throw_again, hub, count()),
    )
    return result


def _throw_again(hub: Any, place: Iterator[int], thrown: BaseException) -> None:
    current = getcurrent()
    delay = next(place) * STEP_SECONDS
    if isinstance(thrown, Timeout):
        thrown.cancel()
        thrown.timer = hub.schedule_call_global(delay, current.throw, thrown)
    else:
        hub.schedule_call_global(delay, _throw, current, thrown)


def _throw(victim: greenlet, thrown: BaseException) -> None:
    if not victim.dead:
        victim.throw(thrown)
