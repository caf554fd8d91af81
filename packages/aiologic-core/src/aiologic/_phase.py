# SPDX-License-Identifier: ISC
"""One meeting of the parties of a latch or a barrier: how it ends, and who is told."""

# Why a phase is a list
# =====================
# Three things may happen at once: the last party arrives, somebody's time runs out, somebody aborts. All have to agree
# on how the phase ended, and on who came third. So there is one order of everything that happens in a phase: the phase
# *is* a list, its log, and whatever happens is appended to it, which is one step. A party appends its waiter; a task
# that breaks or resets the phase appends a mark. The outcome is what the log says, and nobody decides it:
#
#   the first ``parties`` entries  | outcome  | what it means for those who wait
#   -------------------------------+----------+-------------------------------------------------
#   fewer, and all are waiters     | None     | they wait: the phase is filling
#   as many, and all are waiters   | PASSED   | each has its position in the log as its index
#   a mark is among them           | the mark | BrokenBarrierError: it is BROKEN, or was RESET
#
# (No phase of a barrier with 0 parties passes: its log is read to the end.) Entries behind these change nothing.
#
# Because anybody can read the outcome, nobody depends on another task to make progress: whoever finds that the phase
# has ended tells all (settle), be it the last party, the task that appended the mark, one that was woken while the
# waker was interrupted, or a signal handler in the middle of any of these. Telling twice has no effect, because a
# waiter is woken once.
#
#     A, the last of three, appends its waiter.   B, whose time is up, appends a mark: it stands behind.   B has passed.
#     B appends its mark.   A appends its waiter: the mark stands before it.   For both, the phase is broken.
#
# Nobody may be forgotten. A breaker announces its mark first, then appends it, then reads the log. So a party that
# comes before the mark is read by the breaker, and one that comes behind it finds it announced. A party that finds it
# announced, but not there, appends it for the breaker, which may be a thread that does not run for a while, or a frame
# below ours.
#
# Surplus parties, which appended themselves before they could see that the phase was full, stand behind the first
# ``parties`` entries, and go on to the next phase with a new waiter.
#
# Phases form a chain. The successor of one is the first item of its list ``next``: whoever appends first decides, in
# one step. A barrier refers to some phase of its chain, and follows it to the end; so a thread that stores an older
# phase late does no harm.
#
# Cost: for each party one waiter, and one append; for each phase two lists. A party that gives up ends its phase, so
# nothing has to be swept. Rejected: a counter (no single step counts, except taking one of as many items as there are
# parties: ``Barrier(10**9)`` would need gigabytes); a queue beside a decided outcome (the position in the queue and the
# index are then two things, and may differ).

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

    from ._engine.waiter import Waiter

    _Log = List[Any]  # waiters, and marks
else:
    _Log = list

PASSED = "passed"  # all parties have come
BROKEN = "broken"  # a mark, too: somebody gave up, or aborted
RESET = "reset"  # a mark, too: those who waited are sent away, and a new phase begins


class Phase(_Log):
    """The log of one phase: the waiters of those who came, in order, and marks.

    It is the source of its waiters. Whoever waits is handed its index as the
    waiter's ``request``.
    """

    __slots__ = (
        "announced",  # the mark that will be appended next, if any; once there is one it stays
        "is_over",  # all who stand in the log have been decided
        "next",  # its first item is the phase that comes after this one
        "outcome",  # what the log says, written by all who have read it to its end
        "parties",
    )

    def __init__(self, parties: int, outcome: str | None = None) -> None:
        """A phase that is filling, or one that has ended before it began."""
        super().__init__()
        self.parties = parties
        self.outcome = outcome
        self.is_over = outcome is not None
        self.announced: str | None = None
        self.next: list[Phase] = []

    @property
    def waiting(self) -> int:
        """Number of those who have come; none once the phase has ended."""
        count = len(self)
        is_full = 0 < self.parties <= count
        return 0 if is_full or self.announced is not None else count

    def pending(self) -> list[Waiter]:
        """The waiters of those who wait, at some moment during the call."""
        return [entry for entry in self[:] if type(entry) is not str and entry]

    def has_passed(self) -> bool:
        """Whether all parties have come, and this is known."""
        return self.outcome is PASSED

    def arrive(self, waiter: Waiter) -> bool:
        """Append the waiter of one that comes.

        Returns:
            Whether it must wait. If not, the phase has ended and the waiter is
            done with; then its ``request`` is ``None`` if the phase passed
            without it.
        """
        self.append(waiter)
        if self.announced is None and (len(self) < self.parties or not self.parties):
            return True
        # It tells the others, and need not be told itself, unless another task was faster.
        needs_no_wake_up = waiter.abandon()
        self.settle()
        return not needs_no_wake_up

    def mark(self, mark: str) -> None:
        """Append a mark, and do what follows from it."""
        try:
            self.announced = mark
            self.append(mark)
            self.settle()
        except BaseException:  # a handler's
            self.settle()
            raise

    def settle(self, once_more: bool = True) -> None:
        """Tell all who wait how the phase has ended, if it has."""
        try:
            # Inside the try, so that the loop is not its first statement: docs/decisions/0021.
            parties = self.parties
            while not self.is_over:
                # In this order: a mark that stands in the copy was announced before.
                entries = self[:parties] if parties else self[:]
                announced = self.announced
                is_full = 0 < parties == len(entries)
                outcome = PASSED if is_full else None
                if announced is not None:
                    outcome = next((e for e in entries if type(e) is str), outcome)
                    if outcome is None:
                        self.append(announced)
                        continue
                    if outcome is not PASSED:
                        entries = [e for e in self[:] if type(e) is not str]
                if outcome is None:
                    return
                self.outcome = outcome
                self._wake(entries)
        except BaseException:  # a handler's: some may not have been told yet
            if once_more:
                self.settle(False)
            raise

    def _wake(self, waiters: list[Waiter]) -> None:
        claimed: deque[Waiter] = deque()
        try:
            for index, waiter in enumerate(waiters):
                waiter.request = index
                try:
                    del waiter[0]  # claim(), without the call
                except IndexError:  # it gave up, or another task tells it
                    continue
                claimed.append(waiter)
            # Before they run: otherwise each of them would read the log again.
            self.is_over = True
        finally:
            # Together: see WaitQueue.wake_all().
            try:
                while claimed:
                    type(claimed[0]).unpark_all(claimed)
            finally:
                while claimed:  # unpark_all() was interrupted
                    claimed[0].unpark()
                    claimed.popleft()

    # -- what waits here (see _engine/waiting.py) --------------------------------------------------------------------

    def _accept(self, waiter: Waiter) -> None:
        """``waiter`` was woken; its task helps to wake the others."""
        if not self.is_over:
            self.settle()

    def _leave(self, waiter: Waiter) -> None:
        """``waiter`` gave up: without it the phase can't pass, unless it has passed already."""
        self.mark(BROKEN)

    # A party that was counted, and is cancelled before it runs again, has taken part: there is nothing to give back.
    _take_back = _accept
