# SPDX-License-Identifier: ISC
"""Find the schedules in which a primitive goes wrong.

Write a :class:`Scenario`, and have :func:`explore` run it in every order that a
scheduler could come up with, including time-outs and cancellations. What goes
wrong is reported as a :exc:`Violation` with a schedule, which :func:`replay`
runs again. Where there are too many orders, :func:`sample` runs some of them.

Needs no test framework.
"""

from __future__ import annotations

from ._explorer import Report as Report, explore as explore, replay as replay
from ._narration import Violation as Violation
from ._sampler import sample as sample
from ._scenario import Cancelled as Cancelled, Scenario as Scenario, task as task
from ._virtual import switch as switch

__all__ = (
    "Cancelled",
    "Report",
    "Scenario",
    "Violation",
    "explore",
    "replay",
    "sample",
    "switch",
    "task",
)
