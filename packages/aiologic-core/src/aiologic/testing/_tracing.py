# SPDX-License-Identifier: ISC
"""Switch points between the bytecodes of the code under test."""

# Under test are the state machines of this package, which are the files of ``_engine`` and the primitives beside it,
# and whatever modules a test names. Not under test, and so run as one step: ``_runtime``, which finds out in which
# world a task is, and has no state that tasks of one scenario could compete for; ``_engine/deadline.py``, which only
# computes; backends; and the scenario's own lines.
#
# Opcode events come only to frames that request them. How and when to do so depends on the version:
#
#   3.8 to 3.11   f_trace_opcodes, in the frame's call event
#   3.12          the same, but the interpreter checks only in sys.settrace() whether *any* frame has ever requested
#                 them; so one frame does so early
#   3.13          the same as in 3.11, but only if f_trace is set by then, which otherwise happens after the call event
#
# An interpreter that never reports opcode events is recognized by a trial, and refused.

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._bytecode import SwitchPoints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import CodeType, FrameType, ModuleType

    from ._scheduler import Scheduler
    from ._truth_tests import Tested

    Tracer = Callable[[FrameType, str, Any], Any]

PACKAGE = Path(__file__).resolve().parents[1]

# A call of a function in these files makes the switch point before it superfluous: see Scheduler.forget_last_point().
NOT_FELT = (str(PACKAGE / "_runtime"), str(PACKAGE / "_engine" / "deadline.py"))


def files_under_test(modules: Iterable[ModuleType]) -> set[str]:
    """The files whose bytecodes are switch points: ours, and those of ``modules``."""
    files = {
        str(path)
        for path in [*PACKAGE.glob("_*.py"), *PACKAGE.glob("_engine/*.py")]
        if path.name not in {"deadline.py", "__init__.py", "__main__.py"}
    }
    for module in modules:
        if module.__file__ is None:
            raise TypeError(f"trace must name modules with a file, got {module!r}")
        files.add(module.__file__)
    return files


def tracer_for(scheduler: Scheduler, files: set[str], every_bytecode: bool) -> Tracer:
    """The trace function of virtual tasks, for ``sys.settrace``.

    Args:
        scheduler: The scheduler of these tasks, which is told of each switch point.
        files: Those whose bytecodes are switch points.
        every_bytecode: Whether all bytecodes are switch points, or only those that are
            felt.
    """
    points = SwitchPoints(sorted(files), every_bytecode)
    # The keys are ids, since code objects are slow to hash; the values keep the objects alive.
    known: dict[int, tuple[CodeType, Tracer | None, bool]] = {}
    calls: dict[int, frozenset[int]] = {}

    def get_to_know(frame: FrameType) -> tuple[CodeType, Tracer | None, bool]:
        code = frame.f_code
        local = None
        is_entered = False
        if code.co_filename in files:
            felt, calls[id(code)], tests = points.of(code, frame.f_globals)
            local = _local_tracer(scheduler, felt, tests, calls)
            # The call does nothing else that is felt. A finalizer is different: it is called by something that is felt.
            is_entered = code.co_name != "__del__" and not every_bytecode
        elif code.co_filename.startswith(NOT_FELT):
            is_entered = not every_bytecode
        return known.setdefault(id(code), (code, local, is_entered))

    # A closure rather than a method, for speed: half of all calls made in a run come here, and are of no interest.
    def tracer(frame: FrameType, _event: str, _arg: Any) -> Tracer | None:
        _, local, is_entered = known.get(id(frame.f_code)) or get_to_know(frame)
        if is_entered:
            caller = frame.f_back
            if (
                caller is not None
                and caller is scheduler.point_frame
                and caller.f_lasti in calls.get(id(caller.f_code), ())
            ):
                scheduler.forget_last_point()
        if local is not None:
            frame.f_trace = local
            frame.f_trace_lines = False
            frame.f_trace_opcodes = True
        return local

    return tracer


def _local_tracer(
    scheduler: Scheduler,
    felt: frozenset[int],
    tests: Mapping[int, Tested],
    under_test: Mapping[int, object],
) -> Tracer:
    def at_event(frame: FrameType, event: str, _arg: Any) -> Tracer:
        if event == "opcode":
            if frame.f_lasti not in felt:
                return at_event
        elif event != "return":
            return at_event
        else:
            scheduler.point_frame = (
                None  # otherwise it would keep alive what dies with it now
            )
            caller = frame.f_back  # None at the end of a greenlet
            if caller is not None and id(caller.f_code) in under_test:
                return at_event
        # A return to the scenario is a switch point, too, since what the scenario does next is felt by its other tasks.
        step = scheduler.step = scheduler.step + 1
        if step >= scheduler.attention:
            if event == "opcode":
                scheduler.at_point(frame, tests.get(frame.f_lasti))
            else:
                scheduler.at_point(frame)
                scheduler.point_frame = None
        return at_event

    return at_event


def require_opcode_events() -> None:
    """Check that the interpreter reports opcode events, and prepare 3.12 for them.

    Raises:
        NotImplementedError: This interpreter has none.
    """
    seen: list[str] = []

    def trial() -> None:
        seen.append("call")

    def at_opcode(_frame: FrameType, event: str, _arg: Any) -> Tracer:
        seen.append(event)
        return at_opcode

    def at_call(frame: FrameType, _event: str, _arg: Any) -> Tracer:
        frame.f_trace = at_opcode
        frame.f_trace_opcodes = True
        return at_opcode

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # for 3.12
    sys.settrace(at_call)
    try:
        trial()
    finally:
        sys.settrace(before)
    if "opcode" not in seen:
        raise NotImplementedError(
            f"{sys.implementation.name} {sys.version.split()[0]}"
            " does not report single bytecodes, so schedules can't be explored"
        )
