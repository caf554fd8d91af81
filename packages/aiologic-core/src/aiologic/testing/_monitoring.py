# SPDX-License-Identifier: ISC
"""Switch points between the bytecodes of the code under test, from Python 3.13 on."""

# The same switch points as in _tracing.py, with the same numbers, but cheaper: sys.monitoring can be told to report
# neither bytecodes that are not felt nor code that is not under test. tests/explorer/test_monitoring.py compares both.
# They can't alternate in one process: on 3.13.0, once a tool of sys.monitoring has disabled events there, a tracer gets
# no opcode events from code that it has traced before.
#
# Events are switched on for a code object when it is first called. That call may miss some of them, which does no harm:
# the run is then repeated (``has_learned``). Events come from all threads, and also from ``setup()`` and
# ``invariant()``, which the search itself calls; only those of virtual tasks count, and only while tasks run.
#
# 3.12 has sys.monitoring, too, but there the tracer is used, so as not to rely on the first version of a new feature.

from __future__ import annotations

import sys
from _thread import _count, get_ident
from typing import TYPE_CHECKING, Any

from ._bytecode import SwitchPoints
from ._tracing import NOT_FELT

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from ._scheduler import Scheduler
    from ._truth_tests import Tested

IS_THERE = sys.version_info >= (3, 13) and sys.implementation.name == "cpython"

# Any free number will do; the last four are meant for an optimizer, a profiler, a coverage tool and a debugger.
TOOLS = (4, 3, 5, 2, 1, 0)

_frame = sys._getframe

# Not as an attribute, which type checkers know from 3.12 on only.
monitoring: Any = getattr(sys, "monitoring", None)


class Monitor:
    """Turns events into switch points, while the block lasts."""

    def __init__(
        self, scheduler: Scheduler, files: set[str], every_bytecode: bool
    ) -> None:
        self.has_learned = False  # whether something was called for the first time
        self._scheduler = scheduler
        self._files = files
        self._every_bytecode = every_bytecode
        self._points = SwitchPoints(sorted(files), every_bytecode)
        # The keys are ids, since code objects are slow to hash; the list keeps the objects alive.
        self._codes: list[CodeType] = []
        self._felt: dict[int, frozenset[int]] = {}
        self._calls: dict[int, frozenset[int]] = {}
        self._tests: dict[int, dict[int, Tested]] = {}
        self._tool = TOOLS[0]

    def __enter__(self) -> None:
        self._tool = next(tool for tool in TOOLS if not monitoring.get_tool(tool))
        monitoring.use_tool_id(self._tool, __name__)
        events = monitoring.events
        for event, callback in self._callbacks(events, monitoring.DISABLE).items():
            monitoring.register_callback(self._tool, event, callback)
        monitoring.restart_events()  # what an earlier search has disabled
        always = events.PY_START | events.PY_RESUME | events.PY_UNWIND
        monitoring.set_events(self._tool, always)

    def __exit__(self, *_: object) -> None:
        monitoring.set_events(self._tool, 0)
        for code in self._codes:
            monitoring.set_local_events(self._tool, code, 0)
        for event in self._callbacks(monitoring.events, None):
            monitoring.register_callback(self._tool, event, None)
        monitoring.free_tool_id(self._tool)

    def _learn(self, code: CodeType, globals_: dict[str, object]) -> None:
        self._codes.append(code)
        key = id(code)
        points = self._points.of(code, globals_)
        self._felt[key], self._calls[key], self._tests[key] = points
        events = monitoring.events
        inside = events.INSTRUCTION | events.PY_RETURN | events.PY_YIELD
        monitoring.set_local_events(self._tool, code, inside)
        self.has_learned = True

    def _callbacks(self, events: Any, disable: object) -> dict[int, Callable[..., Any]]:
        scheduler = self._scheduler
        felt = self._felt
        calls = self._calls
        tests = self._tests
        files = self._files
        are_calls_felt = self._every_bytecode
        # To ask which thread calls takes a third of the time. It is needed only if there are threads of others.
        is_alone = _count() == len(scheduler.tasks)

        # All that follows works as in _tracing.py.

        def at_start(code: CodeType, _offset: int) -> object:
            if id(code) not in felt:
                if code.co_filename in files:
                    self._learn(code, _frame(1).f_globals)
                elif not code.co_filename.startswith(NOT_FELT):
                    return disable
            if are_calls_felt or code.co_name == "__del__":
                return disable
            point = scheduler.point_frame
            if (
                point is not None
                and _frame(1).f_back is point
                and point.f_lasti in calls[id(point.f_code)]
            ):
                scheduler.forget_last_point()
            return None

        def at_instruction(code: CodeType, offset: int) -> object:
            if offset not in felt[id(code)]:
                return disable
            if scheduler.watched and (is_alone or get_ident() == scheduler.watched):
                scheduler.step = step = scheduler.step + 1
                if step >= scheduler.attention:
                    scheduler.at_point(_frame(1), tests[id(code)].get(offset))
            return None

        def at_return(code: CodeType, _offset: int, _result: object) -> None:
            if get_ident() != scheduler.watched or id(code) not in felt:
                return
            scheduler.point_frame = None  # which would keep alive what dies with it now
            caller = _frame(1).f_back  # None at the end of a greenlet
            if caller is None or id(caller.f_code) not in felt:
                scheduler.step = step = scheduler.step + 1
                if step >= scheduler.attention:
                    scheduler.at_point(_frame(1))
                    scheduler.point_frame = None

        return {
            events.PY_START: at_start,
            events.PY_RESUME: at_start,
            events.INSTRUCTION: at_instruction,
            events.PY_RETURN: at_return,
            events.PY_YIELD: at_return,
            events.PY_UNWIND: at_return,
        }
