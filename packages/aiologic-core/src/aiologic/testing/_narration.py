# SPDX-License-Identifier: ISC
"""What was found, and the story of how it happened."""

from __future__ import annotations

import linecache
import platform
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ._schedule import CANCEL, LETTERS, RUN, TIMEOUT

if TYPE_CHECKING:
    from types import FrameType

    from ._scheduler import Scheduler

SPOKEN = {
    RUN: "",
    TIMEOUT: ": its time is up",
    CANCEL: ": it is cancelled",
}


class Violation(AssertionError):  # noqa: N818 - of a property, as other model checkers say
    """A schedule in which a scenario goes wrong.

    Attributes:
        scenario: The name of the scenario.
        problem: What is wrong.
        schedule: The order that leads there, for :func:`replay`.
        schedules: In how many orders it was run until then.
        story: Which task ran which lines.
    """

    def __init__(
        self, scenario: str, problem: str, schedule: str, schedules: int, story: str
    ) -> None:
        super().__init__(
            f"{scenario}: {problem}\n\n"
            f"{story}\n\n"
            f"schedule {schedules}, to be run again with\n\n"
            f'    replay(<the scenario>, "{schedule}")\n\n'
            f"on {platform.python_implementation()} {platform.python_version()} only,"
            " for other Pythons have other bytecodes"
        )
        self.scenario = scenario
        self.problem = problem
        self.schedule = schedule
        self.schedules = schedules
        self.story = story


class _Seen(NamedTuple):
    """A line that has a switch point, at the time it was reached."""

    step: int
    file: str
    line: int
    function: str


class Narrator:
    """Records the switch points of one run, and tells the story in terms of source lines."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._seen: list[_Seen] = []

    def note(self, frame: FrameType) -> None:
        """A task has reached a switch point."""
        code = frame.f_code
        self._seen.append(
            _Seen(
                self._scheduler.step,
                code.co_filename,
                frame.f_lineno or 0,
                code.co_name,
            )
        )

    def story(self) -> str:
        """The run, line by line, with a heading for each switch.

        A line appears each time that it is reached from another line; a line that is
        not felt outside its own frame does not appear.
        """
        told: list[str] = []
        seen = iter([*self._seen, None])
        line = next(seen)
        segments = self._scheduler.segments
        for at, (_, (number, how), _) in enumerate(segments):
            name = self._scheduler.tasks[number].name
            told.append(f"  {LETTERS[number]} {name}{SPOKEN[how]}")
            after = segments[at + 1] if at + 1 < len(segments) else None
            last = None
            while line is not None and (after is None or line.step <= after.start):
                # An interrupted task has reached this bytecode, but has not run it yet.
                is_ahead = after is not None and line.step == after.start
                if is_ahead:
                    told.append(f"      -- interrupted before {_quoted(line)}")
                elif line[1:] != last:
                    told.append(f"      {_quoted(line)}")
                last = line[1:]
                line = next(seen)
        return "\n".join(told)


def _quoted(seen: _Seen) -> str:
    source = linecache.getline(seen.file, seen.line).strip()
    place = f"{Path(seen.file).name}:{seen.line} {seen.function}"
    return f"{place:<38} {source}"
