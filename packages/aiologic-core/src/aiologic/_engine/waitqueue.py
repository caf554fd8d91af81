# SPDX-License-Identifier: ISC
"""Waiters in the order in which they came; whoever gives up leaves cheaply."""

# A queue that is left from the middle, without a lock
# ====================================================
# Waiters join on the right and are served from the left. A waiter that gave up (its time ran out, its task was
# cancelled) may stand anywhere. Taking it out of the middle would cost O(n), so it stays: it is decided, and whoever
# serves the queue drops it on the way. That alone would let a lock that is held for a long time accumulate the remains
# of every attempt that timed out. So each leaver counts, and once at least half of the queue has left, one of the
# leavers sweeps it. A sweep costs O(n) and is paid for by n/2 leavers: O(1) each.
#
# The turn
# --------
# A sweep holds the living waiters in its hands for a moment, and a release in another thread that served the queue just
# then would serve the wrong one. So taking anybody out of the queue requires *the turn*, a single item that is popped
# and put back. It is not a lock, because nobody ever waits for it: a task that finds it gone leaves its work where the
# task that has the turn will see it, and *the task that has the turn looks again after putting it back*. That is the
# rule behind every caller's loop:
#
#     while there is something to do:         # B comes here, finds the turn gone and returns;
#         if not queue.take_turn(): return    # A, who had it, ...
#         try: do it
#         finally: queue.turn.append(None)    # ... gives it back and looks again: it sees B's work
#
# The same holds for a signal handler that interrupts the task that has the turn: it leaves its work behind and returns.
#
# The append is written out everywhere, and nobody is taken out by popleft(). A signal handler runs when a function
# begins and when a call has returned; if it raised there, the turn or the waiter would be lost. So the first waiter is
# read and then removed by ``del queue[0]``, which is not a call; that is safe because only the task that has the turn
# removes. See docs/decisions/0021.
#
# A sweep never makes the queue look empty, because newcomers take a free permit at once when nobody stands before them:
# it first puts a fence (a decided waiter) on the right, takes out those on the left of it, and puts the living back.
#
# Rejected: deque.remove (O(n) for each leaver: 20,000 waiters that leave from the newest on cost seconds); an ordered
# dict (finding its first key is O(n) after n removals from the front; OrderedDict is not safe without the GIL before
# 3.14); a linked list (no single step takes a node out of the middle).

from __future__ import annotations

from collections import deque

from .free_threading import copy_of
from .newborn import born
from .waiter import Waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque

    _Waiters = Deque[Waiter]
else:
    _Waiters = deque

# With fewer leavers than this, keeping the remains is cheaper than a sweep.
SMALLEST_SWEEP = 16


class WaitQueue(_Waiters):
    """The waiters of one primitive, oldest first; made when the first has to wait.

    It is a deque, so that ``if queue:`` costs no call: free primitives ask
    that on every operation.
    """

    __slots__ = (
        "_left",  # leavers since the last sweep; a lost update only delays the next sweep
        "grants",  # permits that only those who queue here may get; of a condition, notifications (_notifying.py)
        "turn",  # one item: the right to take waiters out; see above
    )

    def __init__(self) -> None:
        super().__init__()
        self._left = 0
        self.turn: list[None] = [None]
        self.grants: list[None] = []

    def take_turn(self) -> bool:
        """Get the right to take waiters out; never waits for it."""
        try:
            del self.turn[0]
        except IndexError:
            return False
        return True

    def first(self) -> Waiter | None:
        """Take out the oldest waiter that still waits, claimed; needs the turn."""
        while self:
            # Only the one who has the turn takes out, so this can't fail.
            waiter = self[0]
            del self[0]
            try:
                del waiter[0]  # claim(), without the call
            except IndexError:  # it gave up before
                continue
            return waiter
        return None

    def wake_all(self) -> None:
        """Wake all that still wait, in order; needs the turn."""
        claimed: deque[Waiter] = deque()
        add = claimed.append
        try:
            while True:
                waiter = self[0]
                del self[0]
                try:
                    del waiter[0]  # claim(), without the call
                except IndexError:  # it gave up before
                    pass
                else:
                    add(waiter)
        except IndexError:  # nobody is left
            pass
        finally:
            # Unparked together: a loop in another thread would otherwise be interrupted once for each of them, as it
            # takes the GIL to notice the first and then has to wait for the second.
            try:
                while claimed:
                    type(claimed[0]).unpark_all(claimed)
            finally:
                while claimed:  # unpark_all() was interrupted
                    claimed[0].unpark()
                    claimed.popleft()

    def waiting(self) -> int:
        """How many still wait, at some moment during the call."""
        # A pending waiter has one item, a decided one none.
        return sum(map(len, copy_of(self)))

    def pending(self) -> list[Waiter]:
        """Those who still wait, at some moment during the call."""
        return [waiter for waiter in copy_of(self) if waiter]

    def leave(self) -> None:
        """Count one waiter that gave up; sweep, if that is due and the turn is free.

        The caller looks again afterwards, as anyone does who has had the turn.
        """
        self._left += 1
        if self._left < SMALLEST_SWEEP or self._left * 2 < len(self):
            return
        if self.take_turn():
            try:
                self._sweep()
            finally:
                self.turn.append(None)

    def _sweep(self) -> None:
        self._left = 0
        fence = _Fence()
        self.append(fence)
        living: deque[Waiter] = deque()  # newest first, as extendleft() wants it
        try:
            while self[0] is not fence:
                waiter = self[0]
                del self[0]
                if waiter:
                    living.appendleft(waiter)
        finally:
            # In one step, and in front of all that joined meanwhile.
            self.extendleft(living)


class _Fence(Waiter):
    """Stands in the queue as a waiter that gave up: made without its item, it is decided."""

    __slots__ = ()

    def unpark(self) -> None:
        """Nobody sleeps here."""


def queue_for(primitive: _Queued) -> WaitQueue:
    """The queue of a primitive, made now if it has none yet."""
    queue = primitive._queue
    if queue is None:
        queue = born(primitive, "_queue", WaitQueue)
    return queue


if TYPE_CHECKING:
    from typing import Protocol

    class _Queued(Protocol):
        _queue: WaitQueue | None
