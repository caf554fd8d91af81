# SPDX-License-Identifier: ISC
"""How many items were put and dealt with, and those who wait until all are."""

# Two numbers that only grow. Each is an itertools.count(): to add one is one step, and its repr() says where it stands.
# Under the GIL, what is put is counted by an itertools.repeat(), down, for that makes no object of each number. (Without
# the GIL two that draw at once may get the same from that, and not from the other.)
# (A list with an item for each would grow for ever where nobody ever says that a task is done.)
#
#   put    said *before* the item can be had, so that nobody says "done" of what was not put
#   done   said by task_done(), or by whoever took an item back
#
# Their difference is read in this order: first "done", then "put". Both only grow, so if they are equal, they were so at
# the moment between. And whoever says the last "done" looks afterwards, so nobody who waits for that is forgotten.
#
# That moment may be over when it is seen: another item was put. Those who had joined before are woken all the same, and
# those who came later are not. So the number of items then is compared with the number when each of them came. Whoever
# sees such a moment leaves its number in ``_moments``; one task at a time, which has the queue's turn, wakes.
#
# One "done" too many must change nothing. It is refused if all are done. Two that are said at once for one item both
# draw a number; whose number is beyond the items puts it aside, for those who come later.

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
    """A counter that gives nothing but the step: it makes no number of it, which costs a third less."""
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
        self._spare: list[int] = []  # numbers that were drawn for nothing
        self._moments: list[int] = []  # how many items there were when all were done
        self._queue: WaitQueue | None = None  # those who wait for such a moment

    def unfinished(self) -> int:
        """How many items are not done."""
        done = number(self._done) - len(self._spare)
        return max(0, number(self.put) - done)

    def say_done(self) -> bool:
        """One more is done; whether there was one that was not."""
        if not self.unfinished():
            return False
        try:
            # Of numbers put aside, any may be the one that is right by now: each is looked at once.
            for _ in range(len(self._spare) + 1):
                try:
                    drawn = self._spare.pop()
                except IndexError:
                    drawn = next(self._done)
                if drawn < number(self.put):
                    break
                self._spare.insert(0, drawn)  # another said so in this moment
            else:
                # A says the last "done", and looks: it reads "done".   B draws one too many, and puts it aside.   A sees the
                # one aside, and finds that one is missing. B looks as well.
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
        queue.turn.reverse()  # a step of its own between announcing and looking
        self.look()
        return waiter

    def look(self) -> None:
        """Wake those who wait, if all are done."""
        queue = self._queue
        if queue:
            done = number(self._done) - len(self._spare)
            put = number(self.put)
            if done >= put:
                self._moments.append(put)
            if self._moments:
                self._settle(queue)

    def _settle(self, queue: WaitQueue) -> None:
        while self._moments:
            if not queue.take_turn():
                return  # whoever has it looks again
            try:
                moments = self._moments[:]
                # None are left if another has served them between our look and our turn.
                if moments:
                    # All that came before the latest are served with it.
                    _wake(queue, max(moments))
                    # Only now: who is interrupted finds them still. Others append, and nobody else takes out.
                    del self._moments[: len(moments)]
            finally:
                queue.turn.append(None)

    def _accept(self, waiter: Waiter) -> None:
        """Nothing is to be written down."""

    def _take_back(self, waiter: Waiter) -> None:
        """Nothing was given."""

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
            # Together, as a queue does it.
            try:
                while woken:
                    type(woken[0]).unpark_all(woken)
            finally:
                while woken:  # it was interrupted
                    woken[0].unpark()
                    woken.popleft()
