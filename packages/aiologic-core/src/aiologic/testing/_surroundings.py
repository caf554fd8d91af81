# SPDX-License-Identifier: ISC
"""Everything that a scenario needs around it while it runs: worlds, threads, and no garbage collection."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from .._runtime.detect import worlds
from . import _monitoring
from ._monitoring import Monitor
from ._narration import Narrator
from ._scenario import Scenario, parts_of
from ._schedule import printed
from ._scheduler import Scheduler
from ._steps import NOBODY
from ._tasks import Limits, MisfitError, RunError, VirtualTask
from ._tracing import files_under_test, require_opcode_events, tracer_for
from ._virtual import ASYNC, GREEN, VirtualAsyncBackend, VirtualGreenBackend
from ._workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType, ModuleType

    from typing_extensions import Self

    from ._schedule import Plan


class Surroundings:
    """A scenario, and the environment for all its runs."""

    def __init__(
        self,
        scenario: Scenario,
        limits: Limits,
        trace: Iterable[ModuleType],
        every_bytecode: bool,
        *,
        narrates: bool = False,
    ) -> None:
        self.scheduler = Scheduler(parts_of(scenario), limits, scenario.time_passes)
        self.narrator: Narrator | None = None
        self._narrates = narrates
        self._scenario = scenario
        under_test = (self.scheduler, files_under_test(trace), every_bytecode)
        tracer = None
        self._monitor: Monitor | None = None
        if _monitoring.IS_THERE:
            self._monitor = Monitor(*under_test)
        else:
            require_opcode_events()
            tracer = tracer_for(*under_test)
        self._workers = Workers(self.scheduler, tracer)
        self._has_invariant = type(scenario).invariant is not Scenario.invariant
        self._collected = False

    def __enter__(self) -> Self:
        # A garbage collection during a run would call finalizers that are not part of the schedule. Cycles that runs
        # leave behind are collected between them.
        self._collected = gc.isenabled()
        gc.disable()
        asynchronous = VirtualAsyncBackend()
        for backend in (VirtualGreenBackend(), asynchronous):
            worlds.add(backend)
        # The workers set the thread's world, which invalidates what core has cached. So only after that, look for the
        # async world, and register the backend of virtual tasks: the first run must find all of this as the later ones
        # do.
        self._workers.__enter__()
        worlds.find_async_world()
        worlds.backends[VirtualTask] = asynchronous
        if self._monitor is not None:
            self._monitor.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._monitor is not None:
            self._monitor.__exit__()
        self._workers.__exit__(None, None, None)
        for library in (GREEN, ASYNC):
            worlds.remove(library)
        if self._collected:
            gc.enable()

    def run(self, plan: Plan) -> None:
        """Run the scenario once, and again as long as it calls code that the monitor did not know yet."""
        monitor = self._monitor
        while True:
            if monitor is not None:
                monitor.has_learned = False
            try:
                self._run(plan)
            except (RunError, MisfitError):
                if monitor is None or not monitor.has_learned:
                    raise
            else:
                if monitor is None or not monitor.has_learned:
                    return

    def _run(self, plan: Plan) -> None:
        scenario = self._scenario
        scheduler = self.scheduler
        if self._narrates:
            self.narrator = Narrator(scheduler)
        scheduler.on_point = self._on_point()
        scenario.setup()
        scheduler.run(plan)
        try:
            scenario.check()
        except Exception as error:
            raise RunError(f"in the end, {said(error)}", error) from None

    def schedule(self) -> str:
        """The schedule of the last run, as a line of text."""
        return printed(self.scheduler.segments, self.scheduler.step)

    def _on_point(self) -> Callable[[FrameType], None] | None:
        narrator = self.narrator
        if narrator is None and not self._has_invariant:
            return None
        scheduler = self.scheduler
        invariant = self._scenario.invariant

        def on_point(frame: FrameType) -> None:
            if scheduler.is_unwinding:
                return
            if narrator is not None:
                narrator.note(frame)
            elif scheduler.step <= scheduler.fixed:
                return  # an earlier run was the same up to here, and nothing was wrong
            watched, scheduler.watched = scheduler.watched, NOBODY
            problem: Exception | None = None
            try:
                invariant()
            except Exception as error:
                problem = error
            scheduler.watched = watched
            if problem is not None:
                scheduler.break_off(
                    f"the invariant is broken: {said(problem)}", problem
                )

        return on_point


def said(error: Exception) -> str:
    text = str(error)
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind
