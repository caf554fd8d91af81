# SPDX-License-Identifier: ISC
"""How far a run has come, and which choices were open on the way."""

# A search spends most of its time here: some hundred switch points are passed in each run, most of them before the next
# choice that is planned, or after the last preemption that is allowed. There they are only counted, which the tracer or
# monitor does itself, until the step that ``attention`` names.

from __future__ import annotations

from typing import TYPE_CHECKING

from ._truth_tests import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ._options import Options
    from ._truth_tests import Tested

# No scenario needs so many; only tasks that spin reach this.
MOST_STEPS = 20_000

# No thread has this number.
NOBODY = 0


class Steps:
    """The steps of one run after the other."""

    __slots__ = (
        "_alternatives",  # the options at the next switch point; none, if there is no choice
        "_stop_at",  # the step of the next planned choice
        "attention",  # the next step at which at_point() has something to do
        "fixed",  # the last step that is planned; what comes later is recorded
        "on_point",  # called at each switch point, unless it is None
        "point_frame",  # the frame of the last recorded switch point
        "record",  # (step, options) of each choice that was open
        "step",
        "watched",  # the thread whose steps count: that of the current task
    )

    _alternatives: Options
    on_point: Callable[[FrameType], None] | None
    point_frame: FrameType | None
    record: list[tuple[int, Options]]

    def __init__(self) -> None:
        self.on_point = None
        self.watched = NOBODY

    def _start_over(self, first: int | None, last: int) -> None:
        """Begin a run; the steps are those of the first and the last planned choice."""
        self.step = 0
        self.record = []
        self.point_frame = None
        self._alternatives = ()
        self._stop_at = MOST_STEPS if first is None else first
        self.fixed = last
        self._attend()

    def _attend(self) -> None:
        """Compute ``attention``; called whenever anything changes that it depends on."""
        is_told = self.on_point is not None
        next_record = self.fixed + 1 if self._alternatives else MOST_STEPS
        self.attention = 0 if is_told else min(self._stop_at, next_record)

    def at_point(self, frame: FrameType, tested: Tested | None = None) -> None:
        """At a switch point: make the choice that is planned for it, or record that there was one.

        Args:
            frame: The frame that is at the switch point.
            tested: What it tests for truth, if it does.
        """
        if self.on_point is not None:
            self.on_point(frame)
        if self.step >= self._stop_at:
            self._interrupt()
        elif (
            self._alternatives
            and self.step > self.fixed
            and (tested is None or not is_plain(tested, frame))
        ):
            self.record.append((self.step, self._alternatives))
            self.point_frame = frame

    def forget_last_point(self) -> None:
        """A later switch point makes the last one superfluous: drop its choice."""
        record = self.record
        if record and record[-1][0] == self.step:
            record.pop()

    def _interrupt(self) -> None:
        """Make the choice that is planned for this step, or give up after too many steps."""
        raise NotImplementedError
