# SPDX-License-Identifier: ISC
"""How many items were put and how many are done, and the tasks that wait until all are done."""

# Two numbers that only increase. Each is an itertools.count(): adding one is one step, and repr() shows where it
# stands. With the GIL, items that are put are counted down by an itertools.repeat(), which makes no number objects.
# (Without the GIL, two tasks that draw from a repeat() at once may get the same number; from a count() they can't.)
# Rejected: a list with an item for each, which would grow for ever if nobody ever reports an item as done.
#
#   put    counted *before* the item can be had, so that nobody reports as done what was not put
#   done   counted by task_done(), or when an item is taken back
#
# Their difference is read in this order: first "done", then "put". Both only increase, so if they are equal, they were
# equal at a moment in between. And the task that counts the last "done" looks afterwards, so nobody that waits for it
# is forgotten.
#
# That moment may be over when it is noticed: another item was put. Those that had joined before are woken all the same,
# and those that came later are not. So the number of items at that moment is compared with the number when each of them
# came. Whoever notices such a moment leaves its number in ``_moments``; one task at a time, which has the queue's turn,
# wakes. A task that asks, and finds all done, leaves it, too: it may put the next item because of that.
#     A counts the last "done".   B need not wait, and puts an item.   A looks: too late for C, which waits.
#
# Whoever wakes holds those who came later in its hands meanwhile. So nobody may ask whether the queue is empty:
#     A wakes those of one moment.   B counts the last "done", for which the rest waits, and finds nobody in the queue.
#
# A surplus "done" must change nothing. It is refused if everything is done. If two are reported at once for one item,
# both draw a number; the one whose number is beyond the items puts it aside, for those that come later.

from __future__ import annotations

import sys
from collections import deque
from itertools import count, repeat

from ._engine.free_threading import FREE_THREADED
from ._engine.waitqueue import queue_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeVar

    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue

    W = TypeVar("W", bound=Waiter)

BEFORE_THE_NUMBER = len("count(")


def counter_from(begin: int) -> Iterator[object]:
    """A counter that is only stepped: with the GIL it makes no number objects, which costs a third less."""
    return count(begin) if FREE_THREADED else repeat(None, sys.maxsize - begin)


def number(counter: Any) -> int:
    """Where a counter stands."""
    if type(counter) is repeat:
        return sys.maxsize - counter.__length_hint__()
    return int(repr(counter)[BEFORE_THE_NUMBER:-1])


class Tally:
    """What became of the items of one queue; a source of waits for "all are done"."""

    __slots__ = ("_done", "_moments", "_queue", "_spare", "put")

    def __init__(self, items: int) -> None:
        self.put = counter_from(items)
        self._done = count()
        self._spare: list[int] = []  # surplus numbers that were drawn and put aside
        self._moments: list[int] = []  # how many items there were when all were done
        self._queue: WaitQueue | None = None  # those who wait for such a moment

    def unfinished(self) -> int:
        """How many items are not done; if none, those who wait hear of it."""
        done = number(self._done) - len(self._spare)
        put = number(self.put)
        if done < put:
            return put - done
        queue = self._queue
        if queue is not None:
            try:
                self._moments.append(put)
                self._settle(queue)
            except BaseException:  # a handler's
                self._settle(queue)
                raise
        return 0

    def say_done(self) -> bool:
        """Count one more item as done; return whether there was one that was not."""
        if not self.unfinished():
            return False
        try:
            # Any of the numbers put aside may be valid by now: each is looked at once.
            for _ in range(len(self._spare) + 1):
                try:
                    drawn = self._spare.pop()
                except IndexError:
                    drawn = next(self._done)
                if drawn < number(self.put):
                    break
                self._spare.insert(0, drawn)  # another said so in this moment
            else:
                # A counts the last "done", and looks: it reads "done".   B draws one too many, and puts it aside.   A
                # reads it as put aside, and finds that one is missing.   So B looks as well.
                self.look()
                return False
            self.look()
        except BaseException:  # a handler's, maybe after it was counted
            self.look()
            raise
        return True

    def join(self, waiter: W, _request: object = None) -> W:
        """Queue a waiter for the moment when all are done; it may be over when this returns."""
        waiter.source = self
        waiter.request = number(self.put)
        queue = queue_for(self)
        queue.append(waiter)
        queue.turn.reverse()  # the memory barrier between announcing and looking
        self.look()
        return waiter

    def look(self) -> None:
        """Wake those who wait, if all are done."""
        queue = self._queue
        if queue is not None:
            self.unfinished()
            self._settle(queue)

    def _settle(self, queue: WaitQueue) -> None:
        while self._moments:
            if not queue.take_turn():
                return  # the task that has it looks again
            try:
                moments = self._moments[:]
                # None are left if another task has served them between our look and our turn.
                if moments:
                    # The latest moment covers the earlier ones.
                    _wake(queue, max(moments))
                    # Only now: if it is interrupted, they are still there. Others append, and nobody else takes out.
                    del self._moments[: len(moments)]
            finally:
                queue.turn.append(None)

    def _accept(self, waiter: Waiter) -> None:
        """There is nothing to record."""

    def _take_back(self, waiter: Waiter) -> None:
        """There is nothing to pass on."""

    def _leave(self, waiter: Waiter) -> None:
        queue = queue_for(self)
        queue.leave()
        self._settle(queue)


def _wake(queue: WaitQueue, put: int) -> None:
    """Wake those who came when no more than so many items had been put; needs the turn."""
    woken: deque[Waiter] = deque()
    staying: deque[Waiter] = deque()  # newest first, as extendleft() wants it
    try:
        while queue:
            waiter = queue[0]
            del queue[0]
            if waiter and waiter.request > put:
                staying.appendleft(waiter)
            else:
                try:
                    del waiter[0]  # claim(), without the call
                except IndexError:  # it gave up
                    pass
                else:
                    woken.append(waiter)
    finally:
        try:
            queue.extendleft(staying)
        finally:
            # Together: see WaitQueue.wake_all().
            try:
                while woken:
                    type(woken[0]).unpark_all(woken)
            finally:
                while woken:  # unpark_all() was interrupted
                    woken[0].unpark()
                    woken.popleft()
