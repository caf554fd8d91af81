# SPDX-License-Identifier: ISC
"""Wake-ups from elsewhere on their way to one loop, all in one call of it."""

# A loop has one entrance for other threads and for signal handlers, and it is expensive: asyncio and trio write to a
# socket pair for each use. So wake-ups that arrive before the loop has looked share one *delivery*, a queue that the
# loop calls:
#
#   B posts w1: makes a delivery with w1, records it as on its way, and schedules it.
#   C posts w2: appends it to that delivery, and looks whether it is still on its way.
#   the loop:   crosses the delivery out *first*, then counts its waiters, then takes out that many and resumes them.
#
# C's append and the loop's count are steps on the same deque. If C's comes first, w2 is counted. Otherwise C finds the
# delivery crossed out, and schedules it once more; the worst that can happen is a delivery with nothing to do. (Two
# threads that both find none on its way make two, of which one is recorded. Both are scheduled, and both are right.)
#
# A waiter that comes after the count waits for that other call. A thread may wake one task after the other, and a task
# that is resumed here may wake another: if they were all resumed in one call, it would not end, and the loop would see
# neither its timers nor its sockets.
#
# When a loop is closed. A loop that is closed drops the deliveries in it without running them, and their waiters would
# keep grants that nobody can use. So a delivery that dies with waiters in it (or that could not be scheduled, because
# the loop had been closed before) reports each of them as lost, and their grants go to the next in line. On CPython
# this happens in ``loop.close()`` itself, elsewhere when the garbage collector comes by.
#
# A loop's entrance may look whether the loop is closed, and only then take the call:
#
#   B: the entrance finds the loop open.   A: closes it, which drops all calls.   B: the entrance takes the call.
#
# There the delivery does not die. So B looks again after scheduling, and reports those in it as lost. C, which has only
# appended, need not: B crosses the delivery out before it empties it, so B finds w2 in it, or C finds it crossed out
# and schedules it, which a closed loop refuses. A delivery that is dropped meanwhile reports each waiter once, too.
#
# Only the loop holds a delivery that has waiters in it; the inbox knows it weakly. The waiters hold the loop, and a
# loop that everybody has forgotten would otherwise never be collected, nor its tasks, nor their grants. The inbox
# itself holds no waiter, and lives as long as its loop: making one for each wake-up took longer than all the rest.
#
# The spare delivery. Making a delivery and a reference to it for each wake-up is expensive as well (a fifth of all that
# happens between a release and the write to the loop). So a delivery that has arrived is kept as the inbox's spare, and
# used again. But the inbox must not keep one with a waiter in it, or a closed loop could not drop it. Hence two rules:
#
# - Whoever schedules a delivery clears the spare between its append and the scheduling.
# - The loop first keeps the delivery as the spare, then crosses it out, then counts, then resumes those it has counted.
#
# So if B has appended before the count, its waiter is resumed in that call. If after, the delivery has become the spare
# by then, and somebody clears that later on: B itself, unless B finds the delivery on its way. In that case it was C
# that recorded it as on its way, after the loop crossed it out, and so after it became the spare; C is about to
# schedule it, and clears the spare before it does.
#
# B and C may have taken the same spare. Then it is scheduled twice, and the second call has nothing to do, or does what
# a third was scheduled for. When B, which found it on its way, looks whether it still is, it may be on its way *again*:
# then it will come once more, with what B has appended.
#
# Loops that run tasks in the call. Where resuming means running the task's step at once (asyncio), that step may run
# the loop again, until something is done that needs the waiters further back in the delivery: nest_asyncio allows it,
# and so does Pyodide. So before the first of several is resumed, such a loop is told to call the delivery once more;
# that call is cancelled when all that were counted have been resumed, which is nearly always before it comes. A step
# may also raise there (SystemExit, which ends the loop). The waiters behind it are then left to that other call. Each
# of them may raise in its turn, as callbacks of the loop may.

from __future__ import annotations

from collections import deque
from functools import partial
from weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Deque, Protocol

    CallSoon = Callable[[Any, Callable[[], None]], Any]

    class Resumable(Protocol):
        """A waiter as its backend sees it."""

        def resume(self) -> None:
            """In the loop's own thread: let the task go on, if it still waits.

            It may be called twice, for the first call may be interrupted.
            """

        def lost(self) -> None:
            """The loop has gone (:meth:`aiologic.backends.Waiter.lost`)."""

    _Waiters = Deque[Resumable]
else:
    _Waiters = deque


class Inbox:
    """The thread-safe entry point of one loop; see :class:`Inboxes`.

    A backend posts to it every waiter that it can't resume on the spot.
    """

    __slots__ = (
        "call_soon",  # see ``Inboxes``
        "last",  # the delivery on its way, weakly; None if it has arrived
        "loop",  # whose it is, weakly; set by ``Inboxes``
        "spare",  # a delivery that has arrived, to be used again
    )

    call_soon: CallSoon | None
    last: ref[_Delivery] | None
    loop: Callable[[], object]
    spare: _Delivery | None

    def __init__(self) -> None:
        self.call_soon = None
        self.last = None
        self.spare = None

    def post(
        self,
        waiter: Resumable,
        schedule: Callable[[Callable[[], None]], object],
        is_closed: Callable[[], bool] | None = None,
    ) -> None:
        """Have ``waiter`` resumed by the loop.

        Args:
            waiter: Its ``resume`` will be called in the loop's thread.
            schedule: The loop's thread-safe entry point. It takes a function
                without arguments, and raises :exc:`RuntimeError` once the loop
                is closed.
            is_closed: Whether the loop is closed. Needed only if the loop may be
                closed after ``schedule`` has checked that, and before it has done
                its work. It must be true before the loop drops what was scheduled.

        Threads:
            Callable from any thread, signal handler and finalizer.
        """
        last = self.last
        delivery = None if last is None else last()
        is_new = delivery is None
        if delivery is None:
            delivery = self.spare
            if delivery is None:
                # Made empty: a handler may raise before the ``try``, and then it dies unscheduled. With a waiter in it,
                # it would take that for the end of the loop, and report the waiter as lost.
                delivery = _Delivery(self)
        try:
            delivery.append(waiter)
            if is_new:
                self.last = delivery.me
            elif self.last is last:
                return
            elif delivery.me is None:
                # It is dying, and may have reported its waiters as lost before ours was among them.
                self._send_on(delivery, schedule)
                return
            self.spare = None  # after the append: see the first rule above
            schedule(delivery)
        except BaseException as error:
            # A signal handler may raise RuntimeError, too: only the loop's own refusal comes twice. Scheduling twice
            # does no harm.
            try:
                schedule(delivery)
            except RuntimeError:
                self.last = None
                delivery.return_to_senders()
                if isinstance(error, RuntimeError):
                    return
            raise
        # The loop may have been closed since the entrance looked.
        if is_closed is not None and is_closed():
            self.last = None
            delivery.return_to_senders()

    def _send_on(
        self, dying: _Delivery, schedule: Callable[[Callable[[], None]], object]
    ) -> None:
        """Post once more what was appended too late. One waiter for each call: each late poster makes one."""
        try:
            waiter = dying.popleft()
        except IndexError:  # it was in time
            return
        self.post(waiter, schedule)


class Inboxes:
    """The inbox of each loop of one library.

    A loop is whatever runs the library's calls; it must allow weak references.

    Args:
        call_soon: Has a loop call a function in its next turn, and returns an
            object with a ``cancel()``. Needed only if ``resume`` runs a task's
            step at once, which may run the loop recursively, and may raise.
            Called in the loop's own thread.
    """

    __slots__ = ("_by_id", "_call_soon")

    def __init__(self, call_soon: CallSoon | None = None) -> None:
        self._by_id: dict[int, Inbox] = {}
        self._call_soon = call_soon

    def of(self, loop: object) -> Inbox:
        """Return the inbox of ``loop``, created now if there is none yet.

        Threads:
            Callable from any thread, signal handler and finalizer. Two calls at
            once may get two inboxes: then there are two deliveries, which is fine.
        """
        inbox = self._by_id.get(id(loop))
        # The id() may be that of a loop which has gone, and whose entry is about to be removed.
        if inbox is None or inbox.loop() is not loop:
            inbox = Inbox()
            inbox.call_soon = self._call_soon
            inbox.loop = ref(loop, partial(_forget, self._by_id, id(loop)))
            self._by_id[id(loop)] = inbox
        return inbox


def _forget(by_id: dict[int, Inbox], number: int, _loop: object) -> None:
    # If another loop has that id() by now, it gets another inbox on its next wake-up.
    inbox = by_id.pop(number, None)
    if inbox is not None:
        inbox.spare = None  # it holds the inbox: without this, only the garbage collector would free the two


class _Delivery(_Waiters):
    """Wake-ups that the loop gets in one call."""

    __slots__ = (
        "inbox",
        "me",  # a reference that the inbox can have; None once it dies
    )

    inbox: Inbox
    me: ref[_Delivery] | None

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.me = ref(self)

    def __call__(self) -> None:
        inbox = self.inbox
        inbox.spare = self
        inbox.last = None
        waiter = again = None
        try:
            # Counted once, after it was crossed out: whoever appends later schedules a call of its own; see above.
            for _ in range(len(self)):
                try:
                    waiter = self[0]
                except IndexError:  # a call made inside this one has taken out the rest
                    return
                del self[0]
                if self and again is None and inbox.call_soon is not None:
                    again = inbox.call_soon(inbox.loop(), self)
                waiter.resume()
        except BaseException:
            # A signal handler's exception may have come as resume() began; resuming a second time does no harm. And
            # whatever it is, it must not stop those behind.
            try:
                if waiter is not None:
                    waiter.resume()
            finally:
                if self:
                    self._go_on_later(again is not None)
                    again = None
            raise
        finally:
            if again is not None:
                again.cancel()

    def _go_on_later(self, is_due: bool) -> None:
        """After an exception: resume those that are left all the same."""
        inbox = self.inbox
        if inbox.call_soon is None:
            self()  # there, resume() raises nothing of its own: this does not recurse for each
            return
        # Not here: each of them may raise. A call for each would be made inside the one before, and of all that they
        # raise, only the last would come out. And the loop may be closed before it calls, so the inbox must not hold
        # the delivery.
        inbox.spare = None
        if not is_due:
            inbox.call_soon(inbox.loop(), self)

    def return_to_senders(self) -> None:
        """The loop will not call: each waiter passes on what it was given."""
        while True:
            try:
                waiter = self.popleft()
            except IndexError:
                return
            waiter.lost()

    def __del__(self) -> None:
        if self:
            # The interpreter calls this once, before it clears the weak reference. A poster that gets hold of the
            # delivery in between, and appends a waiter after all have been taken out, finds it crossed out, and ``me``
            # says why.
            self.me = None
            self.inbox.last = None
            self.return_to_senders()
