# SPDX-License-Identifier: ISC
"""Virtual tasks, and the limits of a run."""

from __future__ import annotations

from _thread import _local, allocate_lock
from typing import TYPE_CHECKING, Any

from ._schedule import RUN

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ._scenario import Part
    from ._scheduler import Scheduler
    from ._virtual import VirtualWaiter

#: ``here.task`` is the virtual task whose thread is the calling one.
here = _local()


class Unwind(BaseException):
    """Raised in the tasks of a failed run, to end them."""


class RunError(Exception):
    """Something is wrong with a run."""

    def __init__(self, problem: str, cause: BaseException | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.cause = cause


class MisfitError(Exception):
    """A plan contains a choice that is not possible."""


class Limits:
    """How many preemptions, time-outs and cancellations a run may contain."""

    __slots__ = ("cancellations", "preemptions", "timeouts")

    def __init__(
        self, preemptions: float, timeouts: float, cancellations: float
    ) -> None:
        self.preemptions = preemptions
        self.timeouts = timeouts
        self.cancellations = cancellations

    def copy(self) -> Limits:
        """A copy, to be used up by a run."""
        return Limits(self.preemptions, self.timeouts, self.cancellations)


class VirtualTask:
    """One task of a scenario; the same object in all its runs."""

    __slots__ = (
        "__weakref__",
        "baton",  # held while the task's thread must not run
        "cancellable",  # whether its waits may be cancelled
        "coroutine",  # what it runs, if it is async and has begun
        "has_ended",
        "how",  # how it was chosen last
        "number",
        "part",  # its name, and what it runs; None tells its thread to end
        "scheduler",
        "seconds",  # the time-out of its wait, while it is parked
        "thread",  # the number of its thread
        "waiter",  # what it is parked on, or None
    )

    def __init__(self, scheduler: Scheduler, number: int, part: Part) -> None:
        self.scheduler = scheduler
        self.number = number
        self.part: Part | None = part
        self.cancellable = part.cancellable
        self.thread = 0
        self.baton = allocate_lock()
        self.baton.acquire()
        self.start_over()

    def start_over(self) -> None:
        """Become a task that has not begun."""
        self.coroutine: Coroutine[Any, Any, object] | None = None
        self.has_ended = False
        self.how = RUN
        self.seconds: float | None = None
        self.waiter: VirtualWaiter | None = None

    @property
    def name(self) -> str:
        """The name of its method."""
        return "?" if self.part is None else self.part.name

    def __repr__(self) -> str:
        return f"<virtual task {self.name}>"
