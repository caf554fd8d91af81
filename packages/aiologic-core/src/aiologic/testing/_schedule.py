# SPDX-License-Identifier: ISC
"""A schedule in one line of text: which tasks ran, and for how many switch points."""

# ``a12! b7 a:timeout5 c`` means: a ran, and was interrupted after 12 switch points; b ran past 7, until it parked or
# ended; a, which was parked, timed out, and ran past 5; then c ran. The letters stand for the scenario's tasks in the
# order of their definition. The "!" is for human readers; only the numbers matter.

from __future__ import annotations

import re
from typing import TYPE_CHECKING, List, NamedTuple, Tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Which task goes on (its number), and how.
Choice = Tuple[int, str]

#: What to choose at which step; at all others, the first option is taken.
Plan = List[Tuple[int, Choice]]


class Segment(NamedTuple):
    """One task's run between two switches."""

    start: int  # the step at which it was chosen
    choice: Choice
    preempts: bool  # another task was interrupted for it


# How a task goes on: from a switch point or because it was woken; from a wait that timed out; from a wait (perhaps
# already woken) that was cancelled.
RUN = ""
TIMEOUT = "timeout"
CANCEL = "cancel"

LETTERS = "abcdefghijklmnopqrstuvwxyz"

_WORD = re.compile(rf"([a-z])(?::({TIMEOUT}|{CANCEL}))?([0-9]*)!?")


def printed(segments: Sequence[Segment], last_step: int) -> str:
    """The line for a run that took ``last_step`` steps."""
    words: list[str] = []
    for at, segment in enumerate(segments):
        number, how = segment.choice
        after = segments[at + 1] if at + 1 < len(segments) else None
        end = last_step if after is None else after.start
        mark = "!" if after is not None and after.preempts else ""
        words.append(
            f"{LETTERS[number]}{how and ':' + how}{end - segment.start or ''}{mark}"
        )
    return " ".join(words)


def parsed(line: str) -> Plan:
    """The plan that repeats a printed run.

    Raises:
        ValueError: The line is not of that form.
    """
    plan: Plan = []
    step = 1  # the first choice is the first step
    for word in line.split():
        match = _WORD.fullmatch(word)
        if match is None:
            raise ValueError(f"not a word of a schedule: {word!r}")
        letter, how, count = match.groups()
        plan.append((step, (LETTERS.index(letter), how or RUN)))
        step += int(count or 0)
    if not plan:
        raise ValueError(f"not a schedule: {line!r}")
    return plan
