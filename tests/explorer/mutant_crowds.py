# SPDX-License-Identifier: ISC
"""Parts of the way to a crowd with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import Any

from aiologic_asyncio._relay import Relay, relay_for


def takes_all_for_one_crowd(
    waiters: Any, cls: Any, deliver: Any, crowd_class: Any
) -> None:
    """Whose loop a waiter is in is asked of the first only."""
    crowd = crowd_class()
    while waiters and type(waiters[0]) is cls:
        crowd.append(waiters.popleft())
    deliver(crowd[0].loop, crowd)


def _crowds_of(waiters: Any, crowd_class: Any) -> dict[Any, Any]:
    crowds: dict[Any, Any] = {}
    for waiter in waiters:
        crowds.setdefault(waiter.loop, crowd_class()).append(waiter)
    return crowds


def taken_out_before_delivery(
    waiters: Any, _cls: Any, deliver: Any, crowd_class: Any
) -> None:
    """Who is interrupted does not know any more whom it has taken out."""
    crowds = _crowds_of(waiters, crowd_class)
    waiters.clear()
    for loop, crowd in crowds.items():
        deliver(loop, crowd)


def takes_out_all(waiters: Any, cls: Any, deliver: Any, crowd_class: Any) -> None:
    """Those behind a waiter of another class are taken out with those before it."""
    own = [waiter for waiter in waiters if type(waiter) is cls]
    for loop, crowd in _crowds_of(own, crowd_class).items():
        deliver(loop, crowd)
    waiters.clear()


def loses_the_first(crowd: Any) -> None:
    """Only the first waiter of a closed loop is reported as lost."""
    crowd[0].lost()


def stops_at_who_is_awake(waiters: Any) -> Any:
    """Those behind a task that has left its sleep are not woken."""
    for waiter in waiters:
        try:
            wakeup = waiter._wakeup
            del waiter._wakeup
        except AttributeError:
            waiter._outcome = True
            return
        yield waiter._context, wakeup


def taken_out_before_the_relay(loop: Any, sleepers: Any) -> None:
    """Those who sleep are taken out, and only then is there a relay to let them go on."""
    taken_out = list(sleepers)
    relay = relay_for(loop)
    if relay is None:
        relay = Relay(loop)
        relay.schedule()
    relay.extend(taken_out)


def reported_after_a_look(waiter: Any) -> None:
    """Two who report one waiter as lost may both find that nobody has."""
    waiter._return_grant()
