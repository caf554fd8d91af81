# SPDX-License-Identifier: ISC
"""Tasks that run one at a time, and the choices between them."""

# Each task has a thread, and each thread a baton: a raw lock that is held until the task may run. The running task
# decides in its own thread which task is next: at a switch point (where the tracer calls), when it parks, and when it
# ends. So a switch costs one release and one acquire, and between two switches no other thread is involved.
#
#   a task is | can be chosen
#   ----------+---------------------------------------------------------------------------------------------
#   ready     | to run
#   parked    | to run, once it is woken; woken or not: to time out, if it has a time-out; to be cancelled, if
#             | it may be (that is how "granted, then cancelled" comes about)
#   ended     | nothing
#
# Steps are counted (_steps.py): each switch point passed, each parking, each end. A run is determined by what was chosen
# at which step, and is repeated by choosing the same. The first option is the default: the current task goes on, or
# else the first task that is ready. These are limited: preemptions (switches at a switch point; parking, ending and
# ``switch()`` are free), time-outs and cancellations. A wait with time-out 0 ends by itself, and doesn't count.

from __future__ import annotations

from _thread import allocate_lock
from typing import TYPE_CHECKING

from ._options import Options, options_of, overdue, who_is_stuck
from ._scenario import Cancelled
from ._schedule import CANCEL, RUN, TIMEOUT, Choice, Plan, Segment
from ._steps import MOST_STEPS, NOBODY, Steps
from ._tasks import Limits, MisfitError, RunError, Unwind, VirtualTask

if TYPE_CHECKING:
    from ._scenario import Part
    from ._virtual import VirtualWaiter


class Scheduler(Steps):
    """Runs the same tasks again and again, each time as planned."""

    __slots__ = (
        "_left",  # what remains of the limits
        "_limits",
        "_main",  # the baton of the thread that asked for the run
        "_plan",
        "_planned",  # how many entries of the plan were obeyed
        "_running",  # how many tasks have not ended
        "_time_passes",  # whether waits may time out when no task can go on
        "current",  # the task that runs
        "failure",  # what is wrong, once something is
        "is_unwinding",
        "segments",  # the run so far
        "tasks",
    )

    current: VirtualTask | None
    failure: Exception | None
    segments: list[Segment]

    def __init__(self, parts: list[Part], limits: Limits, time_passes: bool) -> None:
        super().__init__()
        self.tasks = [VirtualTask(self, *numbered) for numbered in enumerate(parts)]
        self.is_unwinding = False
        self._limits = limits
        self._time_passes = time_passes
        self._main = allocate_lock()
        self._main.acquire()
        self._begin([])

    # -- a run, seen from outside ----------------------------------------------------------------------------------

    def run(self, plan: Plan) -> None:
        """Run all tasks to their ends, or until something is wrong.

        Args:
            plan: What to choose, by steps. Afterwards, ``record`` has the
                choices that were open after the last of them.

        Raises:
            RunError: Something is wrong.
            MisfitError: The plan can't be followed.
        """
        self._begin(plan)
        self._choose(None)
        self._main.acquire()
        self.current = None
        if self.failure is None and self._planned < len(plan):
            self.failure = MisfitError("the run ended before its schedule did")
        if self.failure is not None:
            self._unwind()
        self.watched = NOBODY
        if self.failure is not None:
            raise self.failure

    def _begin(self, plan: Plan) -> None:
        self.current = None
        self.failure = None
        self.segments = []
        self._left = self._limits.copy()
        self._plan = plan
        self._planned = 0
        self._running = len(self.tasks)
        self._start_over(plan[0][0] if plan else None, plan[-1][0] if plan else 0)
        for task in self.tasks:
            task.start_over()

    def _unwind(self) -> None:
        # A task that was stopped at a switch point just runs on until its next wait. Raising at the switch point would
        # mean raising from a trace function, which ends the thread's tracing (and, on 3.12, the process, since it then
        # calls the function that is gone).
        self.is_unwinding = True
        self._alternatives = ()
        step = self.step
        for task in self.tasks:
            if not task.has_ended:
                self._stop_at = self.step + MOST_STEPS
                self._attend()
                self.watched = task.thread
                task.baton.release()
                self._main.acquire()
        self.step = step
        self.is_unwinding = False

    # -- a run, seen by its tasks ----------------------------------------------------------------------------------

    def _interrupt(self) -> None:
        me = self.current
        if self.is_unwinding:
            raise Unwind  # the last resort against a task that never waits and never ends
        if me is None:
            return
        if self.step >= MOST_STEPS:
            self.break_off("no end: the tasks keep each other running")
            return
        choice = self._planned_choice(self._alternatives)
        if choice is None:
            self._stop(me)
        elif choice != (me.number, RUN):
            self._go_on(me, choice, preempts=True)

    def switch(self, me: VirtualTask) -> None:
        """A switch point that the scenario itself requests; it is not a preemption."""
        if not self.is_unwinding:
            self._choose(me)
        if self.is_unwinding:
            raise Unwind

    def park(
        self, me: VirtualTask, waiter: VirtualWaiter, seconds: float | None
    ) -> bool:
        """Suspend ``me`` until it is chosen again; ``False`` if it timed out."""
        if not self.is_unwinding:
            # The switch point before the call of park() is the same as this one, since nothing in between is felt.
            self.forget_last_point()
            me.waiter = waiter
            me.seconds = seconds
            self._choose(me)
        if self.is_unwinding:
            raise Unwind
        if me.how == CANCEL:
            raise Cancelled
        return me.how == RUN

    def woken(self, waiter: VirtualWaiter) -> None:
        """The running task has unparked ``waiter``."""
        me = self.current
        if me is not None and not self.is_unwinding and waiter._task.waiter is waiter:
            self._look_around(me)

    def ended(self, me: VirtualTask, problem: RunError | None) -> None:
        """Called by the task's thread when there is nothing left to run."""
        me.has_ended = True
        self.point_frame = None  # it may keep objects alive that have to die now
        if self.failure is None and problem is not None:
            self.failure = problem
        self._running -= 1
        if self.failure is not None or not self._running:
            self._main.release()
        else:
            self._choose(me)

    def break_off(self, problem: str, cause: BaseException | None = None) -> None:
        """Stop the run in the middle of the current task, since something is wrong."""
        self.failure = RunError(problem, cause)
        self._stop(self.current)

    # -- choosing --------------------------------------------------------------------------------------------------

    def _look_around(self, me: VirtualTask) -> None:
        """Compute the options at the next switch points of ``me``."""
        options = (
            options_of(self.tasks, me, self._left) if self._left.preemptions > 0 else ()
        )
        self._alternatives = options if len(options) > 1 else ()
        self._attend()

    def _choose(self, me: VirtualTask | None) -> None:
        """Choose which task goes on, when none is running or ``me`` requests it; this is no preemption."""
        self.step += 1
        options = options_of(self.tasks, me, self._left)
        is_overdue = not options and self._time_passes
        if is_overdue:
            options = overdue(self.tasks)
        choice: Choice | None = None
        if not options:
            self.failure = RunError(who_is_stuck(self.tasks))
        elif self.step == self._stop_at and self._planned < len(self._plan):
            choice = self._planned_choice(options)
        else:
            choice = options[0]
            if len(options) > 1 and self.step > self.fixed:
                self.record.append((self.step, options))
        if choice is None:
            self._stop(me)
        else:
            self._go_on(me, choice, is_overdue=is_overdue)

    def _planned_choice(self, options: Options) -> Choice | None:
        choice = self._plan[self._planned][1]
        self._planned += 1
        more = self._planned < len(self._plan)
        self._stop_at = self._plan[self._planned][0] if more else MOST_STEPS
        self._attend()
        if choice in options:
            return choice
        self.failure = MisfitError(
            f"step {self.step}: {choice} is not one of {options}"
        )
        return None

    def _go_on(
        self,
        me: VirtualTask | None,
        choice: Choice,
        *,
        preempts: bool = False,
        is_overdue: bool = False,
    ) -> None:
        number, how = choice
        task = self.tasks[number]
        if preempts:
            self._left.preemptions -= 1
        if how == TIMEOUT and task.seconds != 0 and not is_overdue:
            self._left.timeouts -= 1
        elif how == CANCEL:
            self._left.cancellations -= 1
        if task is not me or how != RUN:
            self.segments.append(Segment(self.step, choice, preempts))
        task.how = how
        task.waiter = None
        self.current = task
        self.watched = task.thread
        self._look_around(task)
        if task is me:
            return
        # From the release on, the other thread may run, and change everything but local variables.
        stays = me is not None and not me.has_ended
        task.baton.release()
        if me is not None and stays:
            me.baton.acquire()

    def _stop(self, me: VirtualTask | None) -> None:
        stays = me is not None and not me.has_ended
        self._main.release()
        if me is not None and stays:
            me.baton.acquire()
