# SPDX-License-Identifier: ISC
"""Which bytecodes are felt outside their own frame."""

# If a bytecode touches nothing but its own frame (LOAD_FAST, a jump, ...), a switch before it leads to the same run as
# a switch before the next bytecode that touches more: in between, the task that is switched out would have done nothing
# that another task can observe. So only bytecodes that touch more, which are called "felt", are switch points. They are
# a third of all bytecodes, so with two switches there are a ninth of the schedules, and none is lost. (The scenario's
# own steps can be observed, too, so the return to the scenario is one more switch point, which the tracer adds.)
# tests/explorer/test_switch_points.py compares both ways on small scenarios.
#
# _private_bytecodes.py names the bytecodes that are certainly private. All others count as felt, so bytecodes of future
# versions do, too. This assumes about the code under test:
#
#   LOAD_GLOBAL           globals are bound once; the objects they name may change, but that counts where they are used
#   LOAD_METHOD and kin   methods are found in the class, and classes do not change while a scenario runs
#   POP_TOP, DELETE_FAST  no object that dies during a run has a finalizer that matters to other tasks
#
# Loading an attribute is felt if another task may rebind it. Four kinds are never rebound, and for the others a proof
# is not worth the effort: attributes that only constructors bind, and those that only classes bind (_bindings.py);
# attributes of the runtime's own objects (``green_switch.maybe``), which no scenario changes; and, in an ``__init__``,
# attributes of the object under construction, which no other task has yet. For that last kind, binding isn't felt
# either.
#
# Truth tests are the trap here: ``if queue:`` reads the queue's length. From 3.13 on, TO_BOOL does that, and the jump
# itself gets a bool; before, the jump does both. Either is private only directly after a bytecode whose result is
# certainly a bool, or the same for ever. See also _truth_tests.py.
#
# Calls are felt, except those in _is_idle(). What is added to an int, or compared with one, is a number, and immutable.

from __future__ import annotations

import dis
import sys
from _thread import _local
from typing import TYPE_CHECKING, NamedTuple

from ._bindings import CONSTANTS, Bindings
from ._private_bytecodes import PRIVATE
from ._truth_tests import LOADS, tested_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import CodeType

    from ._truth_tests import Tested

# Their results are bools.
COMPARISONS = frozenset({"COMPARE_OP", "CONTAINS_OP", "IS_OP"})

# Whether the jumps that test for truth, and UNARY_NOT, always get a bool.
HAS_TO_BOOL = "TO_BOOL" in dis.opmap

# LOAD_ATTR with its lowest bit set replaces LOAD_METHOD.
LOAD_ATTR_LOADS_METHODS = sys.version_info >= (3, 12)

RUNTIME = "aiologic._runtime"

# Built-in functions that look at nothing that changes.
BLIND = frozenset({"id", "type"})

# Methods that make an object that nobody else has yet.
MAKERS = frozenset({"__init__", "create_waiter"})

LOADS_METHODS = frozenset({"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"})

# They push one variable.
LOADS_ONE = frozenset({"LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_FAST_CHECK"})

SUMS = frozenset(
    {"BINARY_ADD", "BINARY_SUBTRACT", "INPLACE_ADD", "INPLACE_SUBTRACT"}  # before 3.11
)


class Points(NamedTuple):
    """Offsets in a code object."""

    #: Bytecodes that other tasks can observe, or whose outcome other tasks can change.
    felt: frozenset[int]
    #: Where the instruction pointer of a frame is while one of them calls something.
    calls: frozenset[int]
    #: Those that test a value that can be found through the frame.
    tests: dict[int, Tested]


class SwitchPoints:
    """Says of each bytecode under test whether a switch before it can matter."""

    def __init__(self, files: Iterable[str], every_bytecode: bool) -> None:
        self._bindings = Bindings(files)
        self._every_bytecode = every_bytecode

    def of(self, code: CodeType, globals_: Mapping[str, object]) -> Points:
        """The points of one code object, whose global variables are ``globals_``."""
        felt: set[int] = set()
        calls: set[int] = set()
        tests: dict[int, Tested] = {}
        # EXTENDED_ARG: some versions report the prefixes, others the instruction that they extend.
        prefixes: list[dis.Instruction] = []
        calls_from: int | None = None
        past: list[dis.Instruction] = []  # since the last jump came here
        tested: Tested | None = None  # what is on top of the stack
        steps = [*dis.get_instructions(code)]
        for step, after in zip(steps, [*steps[1:], steps[-1]]):
            if calls_from is not None:
                # In 3.11 and 3.12, a caller's instruction pointer is behind the inline caches of its call.
                calls.update(range(calls_from, step.offset, 2))
                calls_from = None
            if step.opname == "EXTENDED_ARG":
                prefixes.append(step)
                continue
            if any(part.is_jump_target for part in (*prefixes, step)):
                past = []  # a jump comes here with another stack
                tested = None
            if self._every_bytecode or not (
                self._is_private(step, past, code, globals_)
                or _is_idle(step, past, after, globals_)
            ):
                felt.add(step.offset)
                felt.update(prefix.offset for prefix in prefixes)
                felt.add(getattr(step, "start_offset", step.offset))
                if step.opname.startswith("CALL"):
                    calls_from = step.offset
                if step.opname == "TO_BOOL" and tested is not None:
                    tests[step.offset] = tested
            prefixes.clear()
            if step.opname != "PRECALL":  # of 3.11
                past.append(step)
            tested = tested_after(step, tested)
        return Points(frozenset(felt), frozenset(calls), tests)

    def _is_private(
        self,
        step: dis.Instruction,
        past: list[dis.Instruction],
        code: CodeType,
        globals_: Mapping[str, object],
    ) -> bool:
        name = step.opname
        if name in PRIVATE:
            return True
        if name == "LOAD_DEREF":
            return bool(step.argval == "__class__")  # read by super()
        if name == "LOAD_ATTR":
            return (
                (LOAD_ATTR_LOADS_METHODS and bool((step.arg or 0) & 1))
                or step.argval in self._bindings.settled
                or _is_about_a_newborn(past, code)
                or _is_of_the_runtime(past, globals_)
            )
        if name == "STORE_ATTR":
            return _is_about_a_newborn(past, code)
        if name == "UNARY_NOT":
            return HAS_TO_BOOL
        if name == "TO_BOOL":
            return self._is_settled(past, globals_)
        if name.startswith(("POP_JUMP", "JUMP_IF")):  # IF_TRUE, IF_FALSE; OR_POP
            return HAS_TO_BOOL or self._is_settled(past, globals_)
        return False

    def _is_settled(
        self, past: list[dis.Instruction], globals_: Mapping[str, object]
    ) -> bool:
        """Whether the truth of what is on top of the stack never changes."""
        if past and past[-1].opname == "COPY" and past[-1].arg == 1:
            past = past[:-1]
        if not past:
            return False
        if past[-1].opname == "LOAD_ATTR":
            return past[-1].argval in self._bindings.constant or _is_of_the_runtime(
                past[:-1], globals_
            )
        return past[-1].opname in COMPARISONS


def _is_idle(
    step: dis.Instruction,
    past: list[dis.Instruction],
    after: dis.Instruction,
    globals_: Mapping[str, object],
) -> bool:
    """Whether a call, or a sum or comparison, neither changes anything nor looks at what may change."""
    if not past:
        return False
    name = step.opname
    before = past[-1]
    if name == "COMPARE_OP" and step.argval in {"is", "is not"}:  # in 3.8
        return True
    if name in SUMS or step.argrepr in {"+", "+=", "-", "-="} or name == "COMPARE_OP":
        return type(before.argval) is int and before.opcode in CONSTANTS
    if not name.startswith("CALL"):
        return False
    if after.opname == "GET_AWAITABLE":
        # It makes a coroutine, which has not begun. Or it is a function that returns something else to await: then it is
        # felt by what is in it, if it is under test; others are assumed to share nothing before they return.
        return True
    if before.opname in LOADS_METHODS:
        return before.argval in MAKERS
    return (
        step.arg == 1
        and before.opname in LOADS_ONE
        and len(past) > 1
        and past[-2].opname == "LOAD_GLOBAL"
        and past[-2].argval in BLIND.difference(globals_)
    )


def _is_of_the_runtime(
    past: list[dis.Instruction], globals_: Mapping[str, object]
) -> bool:
    """Whether an object of the runtime is on top of the stack."""
    if not past or past[-1].opname != "LOAD_GLOBAL":
        return False
    value = globals_.get(past[-1].argval)
    return type(value) is _local or type(value).__module__.startswith(RUNTIME)


def _is_about_a_newborn(past: list[dis.Instruction], code: CodeType) -> bool:
    """Whether the object under construction is on top of the stack."""
    if code.co_name != "__init__" or not past or past[-1].opname not in LOADS:
        return False
    loaded = past[-1].argval  # a name, or a tuple of them
    return code.co_varnames[:1] == (
        (loaded,) if isinstance(loaded, str) else loaded[-1:]
    )
