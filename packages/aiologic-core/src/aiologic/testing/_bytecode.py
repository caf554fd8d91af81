# SPDX-License-Identifier: ISC
"""Which bytecodes are felt outside their own frame."""

# If a bytecode touches nothing but its own frame (LOAD_FAST, a jump, ...), a switch before it leads to the same run as
# a switch before the next bytecode that touches more: in between, the task that is switched out would have done nothing
# that another task can observe. So only bytecodes that touch more, which are called "felt", are switch points. They are
# a third of all bytecodes, so with two switches there are a ninth of the schedules, and none is lost. (The scenario's
# own steps can be observed, too, so the return to the scenario is one more switch point, which the tracer adds.)
# tests/explorer/test_switch_points.py compares both ways on small scenarios.
#
# The list below names the bytecodes that are certainly private, as spelled in any version of Python. All others count
# as felt, so bytecodes of future versions do, too. This assumes about the code under test:
#
#   LOAD_GLOBAL           globals are bound once; the objects they name may change, but that counts where they are used
#   LOAD_METHOD and kin   methods are found in the class, and classes do not change while a scenario runs
#   POP_TOP, DELETE_FAST  no object that dies during a run has a finalizer that matters to other tasks
#
# Loading an attribute is felt if another task may rebind it. Three kinds are never rebound, and for the others a proof
# is not worth the effort: attributes that only constructors bind, in all files under test (a lock's ``_free`` is the
# same list for life; its ``_queue`` is bound later, by its name, see BY_NAME); attributes of the runtime's own objects
# (``green_switch.maybe``), which no scenario changes; and, in an ``__init__``, attributes of the object under
# construction, which no other task has yet. For that last kind, binding isn't felt either.
#
# Truth tests are the trap here: ``if queue:`` reads the queue's length. From 3.13 on, TO_BOOL does that, and the jump
# itself gets a bool; before, the jump does both. Either is private only directly after a bytecode whose result is
# certainly a bool. See also _truth_tests.py.

from __future__ import annotations

import dis
import sys
from _thread import _local
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

from ._truth_tests import LOADS, tested_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._truth_tests import Tested

PRIVATE = frozenset(
    [
        "BEGIN_FINALLY",
        "BUILD_CONST_KEY_MAP",
        "BUILD_LIST",
        "BUILD_MAP",
        "BUILD_SLICE",
        "BUILD_STRING",
        "BUILD_TUPLE",
        "CACHE",
        "CALL_FINALLY",
        "CHECK_EXC_MATCH",
        "COPY",
        "COPY_FREE_VARS",
        "DELETE_FAST",
        "DUP_TOP",
        "DUP_TOP_TWO",
        "END_ASYNC_FOR",
        "END_FINALLY",
        "END_FOR",
        "END_SEND",
        "EXTENDED_ARG",
        "GEN_START",
        "GET_AWAITABLE",
        "INTERPRETER_EXIT",
        "IS_OP",
        "JUMP_ABSOLUTE",
        "JUMP_BACKWARD",
        "JUMP_BACKWARD_NO_INTERRUPT",
        "JUMP_FORWARD",
        "JUMP_IF_NOT_EXC_MATCH",
        "KW_NAMES",
        "LOAD_ASSERTION_ERROR",
        "LOAD_COMMON_CONSTANT",
        "LOAD_CONST",
        "LOAD_CONST_IMMORTAL",
        "LOAD_FAST",
        "LOAD_FAST_AND_CLEAR",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_LOAD_FAST",
        "LOAD_GLOBAL",
        "LOAD_METHOD",
        "LOAD_SMALL_INT",
        "LOAD_SUPER_ATTR",
        "LOOKUP_METHOD",
        "MAKE_CELL",
        "MAKE_FUNCTION",
        "NOP",
        "NOT_TAKEN",
        "POP_BLOCK",
        "POP_EXCEPT",
        "POP_FINALLY",
        "POP_ITER",
        "POP_JUMP_BACKWARD_IF_NONE",
        "POP_JUMP_BACKWARD_IF_NOT_NONE",
        "POP_JUMP_FORWARD_IF_NONE",
        "POP_JUMP_FORWARD_IF_NOT_NONE",
        "POP_JUMP_IF_NONE",
        "POP_JUMP_IF_NOT_NONE",
        "POP_TOP",
        "PRECALL",
        "PUSH_EXC_INFO",
        "PUSH_NULL",
        "RAISE_VARARGS",
        "RERAISE",
        "RESUME",
        "RETURN_CONST",
        "RETURN_GENERATOR",
        "RETURN_VALUE",
        "ROT_FOUR",
        "ROT_N",
        "ROT_THREE",
        "ROT_TWO",
        "SEND",
        "SETUP_CLEANUP",
        "SETUP_EXCEPT",
        "SETUP_FINALLY",
        "SETUP_LOOP",
        "SETUP_WITH_RESULT",
        "STORE_FAST",
        "STORE_FAST_LOAD_FAST",
        "STORE_FAST_MAYBE_NULL",
        "STORE_FAST_STORE_FAST",
        "SWAP",
        "YIELD_FROM",
        "YIELD_VALUE",
    ]
)

# Their results are bools.
COMPARISONS = frozenset({"COMPARE_OP", "CONTAINS_OP", "IS_OP"})

# Whether the jumps that test for truth, and UNARY_NOT, always get a bool.
HAS_TO_BOOL = "TO_BOOL" in dis.opmap

# LOAD_ATTR with its lowest bit set replaces LOAD_METHOD.
LOAD_ATTR_LOADS_METHODS = sys.version_info >= (3, 12)


STORES = frozenset({dis.opmap["STORE_ATTR"], dis.opmap["DELETE_ATTR"]})

RUNTIME = "aiologic._runtime"

# No other task can reach an object before the outermost of these has returned.
CONSTRUCTORS = frozenset({"__init__", "__new__", "_fill", "_made", "_made_bounded"})


# Functions that bind an attribute whose name is an argument. Any string constant of their caller may be such a name.
BY_NAME = frozenset({"born", "setattr"})


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
        constructed: set[str] = set()
        bound_later: set[str] = set()
        for by_constructors, by_others in map(_stores, files):
            constructed |= by_constructors
            bound_later |= by_others
        self._settled = constructed - bound_later
        self._every_bytecode = every_bytecode

    def of(self, code: CodeType, globals_: Mapping[str, object]) -> Points:
        """The points of one code object, whose global variables are ``globals_``."""
        felt: set[int] = set()
        calls: set[int] = set()
        tests: dict[int, Tested] = {}
        # EXTENDED_ARG: some versions report the prefixes, others the instruction that they extend.
        prefixes: list[dis.Instruction] = []
        calls_from: int | None = None
        before: dis.Instruction | None = None
        tested: Tested | None = None  # what is on top of the stack
        for step in dis.get_instructions(code):
            if calls_from is not None:
                # In 3.11 and 3.12, a caller's instruction pointer is behind the inline caches of its call.
                calls.update(range(calls_from, step.offset, 2))
                calls_from = None
            if step.opname == "EXTENDED_ARG":
                prefixes.append(step)
                continue
            if any(part.is_jump_target for part in (*prefixes, step)):
                before = tested = None  # a jump comes here with another stack
            if self._every_bytecode or not self._is_private(
                step, before, code, globals_
            ):
                felt.add(step.offset)
                felt.update(prefix.offset for prefix in prefixes)
                felt.add(getattr(step, "start_offset", step.offset))
                if step.opname.startswith("CALL"):
                    calls_from = step.offset
                if step.opname == "TO_BOOL" and tested is not None:
                    tests[step.offset] = tested
            prefixes.clear()
            before = step
            tested = tested_after(step, tested)
        return Points(frozenset(felt), frozenset(calls), tests)

    def _is_private(
        self,
        step: dis.Instruction,
        before: dis.Instruction | None,
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
                or step.argval in self._settled
                or _is_about_a_newborn(before, code)
                or _is_of_the_runtime(_loaded_global(before, globals_))
            )
        if name == "STORE_ATTR":
            return _is_about_a_newborn(before, code)
        if name == "UNARY_NOT":
            return HAS_TO_BOOL
        if name.startswith("POP_JUMP"):  # IF_TRUE, IF_FALSE
            return HAS_TO_BOOL or (before is not None and before.opname in COMPARISONS)
        return False


def _loaded_global(
    before: dis.Instruction | None, globals_: Mapping[str, object]
) -> object:
    if before is None or before.opname != "LOAD_GLOBAL":
        return None
    return globals_.get(before.argval)


def _is_about_a_newborn(before: dis.Instruction | None, code: CodeType) -> bool:
    """Whether the object under construction is on top of the stack."""
    if code.co_name != "__init__" or before is None or before.opname not in LOADS:
        return False
    loaded = before.argval  # a name, or a tuple of them
    return code.co_varnames[:1] == (
        (loaded,) if isinstance(loaded, str) else loaded[-1:]
    )


def _is_of_the_runtime(value: object) -> bool:
    return type(value) is _local or type(value).__module__.startswith(RUNTIME)


@lru_cache(maxsize=None)
def _stores(file: str) -> tuple[frozenset[str], frozenset[str]]:
    """The attributes that constructors in a file bind, and those that other functions bind, or may bind."""
    by_constructors: set[str] = set()
    by_others: set[str] = set()
    for code in _all_code(compile(Path(file).read_bytes(), file, "exec")):
        stored = by_constructors if code.co_name in CONSTRUCTORS else by_others
        stored.update(_stored_by(code))
        by_others.update(_named_by(code))
    return frozenset(by_constructors), frozenset(by_others)


def _named_by(code: CodeType) -> Iterator[str]:
    is_module = code.co_name == "<module>"  # it imports these functions
    if not is_module and not BY_NAME.isdisjoint(code.co_names):
        for constant in code.co_consts:
            if isinstance(constant, str):
                yield constant


def _stored_by(code: CodeType) -> Iterator[str]:
    # Decoded by hand, since dis would need a second for all files.
    prefix = 0
    for operation, low in zip(code.co_code[::2], code.co_code[1::2]):
        argument = prefix | low
        prefix = argument << 8 if operation == dis.EXTENDED_ARG else 0
        if operation in STORES:
            yield code.co_names[argument]


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
