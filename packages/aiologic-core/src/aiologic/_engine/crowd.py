# SPDX-License-Identifier: ISC
"""Many waiters of one loop, woken together."""

# An event may wake a thousand tasks that sleep in another thread's loop. If they were woken one by one, the first
# wake-up would let that loop run: it takes the GIL, delivers one, and is back to sleep before the second comes. So
# whoever wakes many waiters claims them first and hands them on together, and a loop's inbox gets all of its waiters at
# once, as one crowd.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable
    from typing import Any, List

    from .waiter import Waiter

    _Waiters = List[Any]
else:
    _Waiters = list


class Crowd(_Waiters):
    """Waiters of one loop that are woken together; an inbox treats it like a single waiter."""

    __slots__ = ()

    def resume(self) -> None:
        """Let each task go on, if it still sleeps. Called in the loop's thread."""
        for waiter in self:
            waiter.resume()

    def lost(self) -> None:
        """Report all of them as lost, since the loop has gone."""
        for waiter in self:
            waiter.lost()


def unpark_by_loop(
    waiters: deque[Waiter],
    cls: type[Any],
    deliver: Callable[[Any, Crowd], object],
    crowd_class: type[Crowd] = Crowd,
) -> None:
    """Implement a backend's :meth:`Waiter.unpark_all`, if its waiters have an attribute ``loop``.

    Args:
        waiters: Decided waiters. It handles those at the beginning that are of
            the class ``cls``, and removes those that it has delivered.
        cls: The backend's class of waiters.
        deliver: Called with each loop and its crowd; resumes it, or posts it to
            the loop's inbox. Delivering a waiter twice must have no effect.
        crowd_class: A subclass with a faster ``resume``.
    """
    first: Any = waiters[0]
    its_loop = first.loop
    for waiter in waiters:
        if type(waiter) is not cls or waiter.loop is not its_loop:  # type: ignore[attr-defined]  # cls has it
            break
    else:  # all of one loop, as in most crowds: this way costs half as much
        deliver(its_loop, crowd_class(waiters))
        waiters.clear()
        return
    crowds: dict[Any, Crowd] = {}
    count = 0
    for waiter in waiters:
        if type(waiter) is not cls:
            break
        count += 1
        loop: Any = waiter.loop  # type: ignore[attr-defined]  # cls has it
        crowd = crowds.get(loop)
        if crowd is None:
            crowd = crowds[loop] = crowd_class()
        crowd.append(waiter)
    for loop, crowd in crowds.items():
        deliver(loop, crowd)
    # Only now: if a handler has raised before, they are all still here to be unparked once more, and none is forgotten.
    if count == len(waiters):
        waiters.clear()
    else:
        for _ in range(count):
            waiters.popleft()
