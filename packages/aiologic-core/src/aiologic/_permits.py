# SPDX-License-Identifier: ISC
"""Permits and the queue for them: what locks, semaphores and capacity limiters are made of."""

# The states, and what leaves them
# ================================
#
#   state      | _free          | _queue               | left by
#   -----------+----------------+----------------------+-----------------------------------------------------------
#   free       | items          | none or empty        | a newcomer that pops an item
#   taken      | empty          | none or empty        | a release that puts one back; a newcomer that joins the queue
#   contended  | empty          | waiters, oldest left | a release, which hands a permit over to the oldest
#
# "Free, with waiters" exists only for moments, and whoever leaves it so looks again. Three rules keep newcomers from
# overtaking, and waiters from being forgotten:
#
# 1. A newcomer takes a permit only if nobody is queued.
# 2. A task that joins the queue looks again afterwards:
#        B releases: sees an empty queue.   A joins the queue.   B puts the permit back: it is free, and A sleeps.
#    So A, having joined, tries to match a free permit with the oldest waiter; and B, having put it back, looks at the
#    queue once more and does the same. One of the two comes second and sees what the other did.
# 3. A release frees its permit even if tasks wait, and then looks at the queue. Only a waiter can get the permit,
#    because of rule 1. (A binary semaphore can't do it this way: if two releases in quick succession went through
#    ``_free``, they would make one permit. It grants permits to the queue instead, where only waiters find them: see
#    _binary_semaphore.py.)
#
# Permits and waiters are matched by one task at a time, the one that has the queue's turn (see waitqueue.py); nobody
# waits for it.
#
# Signal handlers that raise
# --------------------------
# Wherever the exception comes (see docs/decisions/0021), no permit is lost, and no waiter is forgotten:
#
# * A permit is taken by ``del``, and nothing is called until the task is inside a ``try``.
# * If a ``try`` begins with a loop, the loop has no ``continue``: what is raised there would bypass the ``try``.
# * _settle() can be interrupted anywhere, and leaves everything in its place, but there may be work left. So whoever
#   has put a permit back, or has left the queue, calls it once more.
# * A method that is to put a permit back may be interrupted as it begins. A caller that can't let its task keep the
#   permit then asks for a receipt: an empty list, which is filled as soon as it is certain that the permit will be put
#   back.
#
# Fair: served in the order of joining, across threads and libraries. Cost: free, three container steps; contended, one
# waiter; leaving early, O(1) amortised. A primitive that was never contended owns no queue.

from __future__ import annotations

from collections import deque
from itertools import repeat

from ._engine.free_threading import FREE_THREADED
from ._engine.waitqueue import queue_for
from ._fresh import Fresh
from ._overridden_blocks import call_what_is_overridden

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue

    W = TypeVar("W", bound=Waiter)

PERMIT = (None,)

# Which of many permits to take: ``del free[ANY]`` does what pop() does, and is not a call. With the GIL the last one,
# which costs the least; without it, the first, because the index of the last one is looked up a step earlier, and
# another task may have taken that item by then.
ANY = 0 if FREE_THREADED else -1


def permits(count: int) -> list[None]:
    """A row of so many free permits, to which any number may be added later."""
    # Removing the first item of a list takes time in proportion to its length; of a deque it does not. But an empty
    # deque is large.
    row: Any = deque(repeat(None, count)) if FREE_THREADED else [None] * count
    return row  # type: ignore[no-any-return]  # both have all the operations that are used


# The owner of a lock that has none. A constant of the language, so that hot paths can write it out: loading an object
# by its name would cost 2 % of a free lock. Not None, which is what a callback gets for its current task.
NOBODY = False


class Permits(Fresh):
    """Permits that tasks can have, one each, handed over in order."""

    __slots__ = (
        "__weakref__",
        "_free",  # an item for each permit that nobody has
        "_queue",  # made for the first task that has to wait
    )

    _free: list[None]
    _queue: WaitQueue | None

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        call_what_is_overridden(cls)

    @property
    def waiting(self) -> int:
        """Number of tasks that wait now; for display and tests, as it may already be outdated."""
        queue = self._queue
        return queue.waiting() if queue else 0

    def _join(self, waiter: W, request: Any) -> W:
        """Queue a waiter; it may have been granted when this returns."""
        waiter.source = self
        waiter.request = request
        queue = self._queue
        if queue is None:
            queue = queue_for(self)
        queue.append(waiter)
        # Rule 2. The memory barrier between announcing and looking, on the very list on which the turn is given back:
        # either we see what the last task that had the turn has done, or that task sees us.
        queue.turn.reverse()
        if self._free or queue.grants:
            self._settle()
        return waiter

    def _put_back(self, receipt: list[None] | None = None) -> None:
        """Give one permit to the oldest waiter, or free it; see above for the receipt."""
        if receipt is not None:
            receipt[:] = PERMIT
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    def _look_again(self) -> None:
        """Do what an interrupted :meth:`_settle` has left to do."""
        queue = self._queue
        if queue is not None and (queue.grants or (queue and self._free)):
            self._settle()

    def _put_aside(self) -> None:
        """Free a permit for which :meth:`_settle` found nobody; it looks again by itself."""
        free = self._free
        free += PERMIT  # not a call: done, or not begun

    def _settle(self) -> None:
        """Match permits with waiters, until one or the other is used up; needs a queue.

        Called when both seem to be there, so it begins with the attempt, without
        another look. Every contended release passes here, so the steps of queue
        and waiter (take_turn, first, claim) are written out.
        """
        queue: Any = self._queue
        free = self._free
        while True:
            try:
                del queue.turn[0]
            except IndexError:  # whoever has the turn looks again
                return
            try:
                try:
                    # Grants first. There may be some for nobody, beside a free permit: then each round uses one up.
                    # (Taking the free permit instead, and putting it back for want of waiters, would go on for ever.)
                    del (queue.grants or free)[ANY]
                except IndexError:
                    pass  # taken by a newcomer that had looked before the first waiter came
                else:
                    # Now the permit is in our hands, and an exception (KeyboardInterrupt) must not take it along.
                    try:
                        while True:
                            oldest = queue[0]
                            # Out of the queue first: once decided, it may be given back, and be pending again.
                            del queue[0]
                            if oldest:  # it has not given up, and is not a fence
                                try:
                                    del oldest[0]
                                except IndexError:  # it gave up just now
                                    pass
                                else:
                                    break  # and its task may be running already
                    except BaseException as error:
                        try:
                            self._put_aside()
                        except BaseException:
                            self._put_aside()
                            raise
                        if not isinstance(error, IndexError):  # all gave up
                            raise
                    else:
                        try:
                            oldest.unpark()
                        except BaseException:
                            oldest.unpark()
                            raise
            finally:
                queue.turn.append(None)
            if not ((free and queue) or queue.grants):
                return

    def _accept(self, waiter: Waiter) -> None:
        """The task of ``waiter`` has a permit; there is nothing to record."""

    def _take_back(self, waiter: Waiter) -> None:
        """The task of ``waiter`` has a permit and can't use it."""
        self._put_back(waiter)

    def _leave(self, waiter: Waiter) -> None:
        """``waiter`` gave up; see whether the queue needs sweeping."""
        queue = queue_for(self)
        queue.leave()
        if queue.grants or (queue and self._free):
            self._settle()
