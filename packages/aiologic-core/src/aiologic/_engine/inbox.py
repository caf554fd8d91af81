# SPDX-License-Identifier: ISC
"""Wake-ups from elsewhere on their way to one loop, all in one call of it."""

# A loop has one entrance for other threads and for signal handlers, and it is dear: asyncio and trio write to a socket
# pair for each use. So wake-ups that arrive before the loop has looked share one delivery, a queue that the loop calls:
#
#   B posts w1: makes a delivery with w1, writes down that it is on its way, and schedules it.
#   C posts w2: appends it to that delivery, and looks whether it is still on its way.
#   the loop:   crosses the delivery out *first*, then counts who is in it, then takes out that many and resumes them.
#
# C's append and the loop's count are steps on the same deque. If C's comes first, w2 is counted. Else C finds the
# delivery crossed out, and schedules it once more; the worst that can happen is a delivery with nothing to do. (Two
# threads that find none on its way make two, of which one is written down. Both are scheduled, and both are right.)
#
# Who comes after the count waits for that other call. A thread may wake one task after the other, or a task that is
# resumed here another: were they all resumed in one call, it would not end, and the loop would see neither its timers
# nor its sockets.
#
# A loop may be closed with a delivery still inside. It drops it then, unrun, and the waiters in it would keep grants that
# nobody can use. So a delivery that dies with waiters (or that could not be scheduled, for the loop had been closed
# before) hands each of them its loss, and their grants go to the next in line. On CPython this happens in
# ``loop.close()`` itself; elsewhere when the garbage collector comes by.
#
# A loop's entrance may look whether the loop is closed, and only then take the call:
#
#   B: the entrance finds the loop open.   A: closes it, which drops all calls.   B: the entrance takes the call.
#
# There the delivery stays, and does not die. So B looks once more when it has scheduled, and returns those who are in
# it. C, who has only appended, need not look: B crosses the delivery out before it empties it, so C is found in there,
# or finds that out and schedules, which a closed loop refuses. A delivery that is dropped meanwhile returns each waiter
# once, too.
#
# Only the loop holds a delivery that has waiters in it, the inbox knows it weakly. For its waiters hold the loop, and a loop
# that everybody has forgotten would never be collected, nor its tasks, nor their grants. The inbox itself holds nobody,
# and stays as long as its loop: to make one for each wake-up took longer than all the rest.
#
# To make a delivery and a reference to it for each wake-up is dear as well (a fifth of all that happens between a
# release and the write to the loop). So one that arrives is kept as the inbox's spare, and used again. But the inbox
# must not keep one with somebody in it, or a loop that is closed could not drop it. Two rules see to that:
#
# - Who schedules a delivery clears the spare between its append and that.
# - The loop keeps the spare first, then crosses it out, then counts, then resumes those whom it has counted.
#
# So if B has appended before the count, its waiter goes in that call. If after, the spare has been kept by then, and
# somebody clears it later on: B itself, unless B finds the delivery on its way. Then C has written that down after the
# loop crossed it out, so after it was kept; C is about to schedule it, and clears the spare before.
#
# B and C may have taken the same spare. Then it is scheduled twice, and the second call has nothing to do, or does what a
# third was scheduled for. It may be on its way again when B, who has found it there before, looks whether it still is:
# then it will come once more, with what B has appended.
#
# Where to resume is to run the task's step at once (asyncio), that step may run the loop anew, until something is done
# for which it takes those who stand behind in the delivery: nest_asyncio lets it, and so does Pyodide. So before the
# first of several is resumed, such a loop is told to call the delivery once more; unless it has been emptied by then,
# as it is nearly always. There a step may also raise (SystemExit, which ends the loop). Those behind are left to that
# other call then. Each of them may raise in its turn, as callbacks of the loop may.

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
                # Made empty: a handler may raise before the ``try``, and this dies unscheduled. With a waiter in it, it
                # would take that for the end of the loop, and report the waiter as lost.
                delivery = _Delivery(self)
        try:
            delivery.append(waiter)
            if is_new:
                self.last = delivery.me
            elif self.last is last:
                return
            elif delivery.me is None:
                # It dies, and has perhaps passed on already what it had.
                self._send_on(delivery, schedule)
                return
            self.spare = None  # not before; see above
            schedule(delivery)
        except BaseException as error:
            # A handler may raise RuntimeError, too: only the loop's own refusal comes twice. To schedule twice does no harm.
            try:
                schedule(delivery)
            except RuntimeError:
                self.last = None
                delivery.return_to_senders()
                if isinstance(error, RuntimeError):
                    return
            raise
        # Perhaps it has been closed since the entrance looked.
        if is_closed is not None and is_closed():
            self.last = None
            delivery.return_to_senders()

    def _send_on(
        self, dying: _Delivery, schedule: Callable[[Callable[[], None]], object]
    ) -> None:
        """Post once more what was appended too late; as many times as somebody was too late."""
        try:
            waiter = dying.popleft()
        except IndexError:  # it was not too late; another's waiter is another's affair
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
        # The number may be that of a loop which has gone, and whose entry goes in a moment.
        if inbox is None or inbox.loop() is not loop:
            inbox = Inbox()
            inbox.call_soon = self._call_soon
            inbox.loop = ref(loop, partial(_forget, self._by_id, id(loop)))
            self._by_id[id(loop)] = inbox
        return inbox


def _forget(by_id: dict[int, Inbox], number: int, _loop: object) -> None:
    # Should another loop have the number by now, it gets another inbox on its next wake-up.
    inbox = by_id.pop(number, None)
    if inbox is not None:
        inbox.spare = None  # which holds the inbox: neither would go without the garbage collector


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
            # Counted after it was crossed out, and once: whoever comes later comes with a call of its own; see above.
            for _ in range(len(self)):
                try:
                    waiter = self[0]
                except IndexError:  # another call, made in the midst of this one, has taken out the rest
                    return
                del self[0]
                if self and again is None and inbox.call_soon is not None:
                    again = inbox.call_soon(inbox.loop(), self)
                waiter.resume()
        except BaseException:
            # A handler's may have come as resume() began, which does no harm the second time. And whatever it is, it is
            # no business of those behind.
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
        """Those who are left are resumed all the same, after an exception."""
        inbox = self.inbox
        if inbox.call_soon is None:
            self()  # resume() raises nothing by itself there: this is done once
            return
        # Not here. Each of them may raise: a call for each would be made in the midst of the one before, and of all
        # that they raise, only the last would come out. And the loop may be closed before it calls: the inbox must not
        # hold them.
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
            # Before the interpreter clears the reference to it, it calls this, and never again. Who gets hold of it in
            # between, and appends a waiter when all have been taken out, finds it crossed out and knows why.
            self.me = None
            self.inbox.last = None
            self.return_to_senders()
