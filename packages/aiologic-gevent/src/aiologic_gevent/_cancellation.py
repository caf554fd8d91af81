# SPDX-License-Identifier: ISC
"""gevent's cancellation: exceptions thrown into the switch (GreenletExit, expired timeouts, or any other)."""

# A wait needs nothing of its own here: whatever is thrown comes out of park(), decided or not, and core passes on what
# had been granted.
#
# A shielded call runs in a helper greenlet (see ShieldedCall). Of the exceptions that are thrown at its principal
# meanwhile, the first is raised after the call, and the others are thrown again, in their order, as soon as the
# principal waits: timeouts in such a way that leaving their block still cancels them. Exceptions of other classes are
# not held back, but thrown on at the helper. So are those that a Timeout raises in its place (``Timeout(1, MyError)``),
# because one can't tell where they come from.

from __future__ import annotations

from contextvars import copy_context
from functools import partial

from aiologic.backends import ShieldedCall
from gevent import GreenletExit, Timeout, kill
from greenlet import getcurrent, greenlet

from ._clock import Overdue
from ._hub import may_block_here
from ._identity import current_principal, principals
from ._waiter import create_waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")


def shield(function: Callable[[], T]) -> T:
    """Run a call to its end in a helper greenlet; raise afterwards what was thrown meanwhile."""
    hub: Any = may_block_here()
    current = getcurrent()
    call = ShieldedCall(function)
    runner = greenlet(call.run, hub)
    # One context for both, so that context variables that the call sets stay set. A greenlet that has used none yet has
    # no context; copying it creates it.
    copy_context()
    runner.gr_context = current.gr_context
    principals[runner] = current_principal()
    hub.loop.run_callback(runner.switch)
    result: T = call.wait(
        create_waiter,
        (GreenletExit, Timeout),
        partial(hub.loop.run_callback, call.interrupt, runner.throw),
        partial(_throw_again, hub.loop, current),
    )
    return result


def _throw_again(loop: Any, current: greenlet, thrown: Any) -> None:
    if isinstance(thrown, Timeout):
        # PRIVATE-API gevent 22.10: the timer of a Timeout; guarded by tests/backends/gevent/test_shields.py.
        timeout: Any = thrown
        timeout.timer = Overdue(loop, timeout.timer, current.throw, thrown)
    else:
        kill(current, thrown)
