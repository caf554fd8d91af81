# SPDX-License-Identifier: ISC
"""Which truth tests are felt."""

# ``if queue:`` asks a deque for its length, which other tasks change, so a switch before it matters. ``if timeout:``
# tests a number, whose truth never changes. The bytecode is the same for both, but a run that reaches it can look at
# the value: what is on the stack has just been loaded, from a variable of the frame or an attribute of one, and no
# other task has run since. This is done from 3.13 on only, where TO_BOOL is a bytecode of its own, and where looking at
# a frame's variables does not change how long they live.

from __future__ import annotations

from types import MemberDescriptorType
from typing import TYPE_CHECKING, Optional, Tuple

if TYPE_CHECKING:
    from dis import Instruction
    from types import FrameType

# After one of these, the variable that it names last is on top of the stack.
LOADS = frozenset(
    {
        "LOAD_FAST",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_LOAD_FAST",
        "STORE_FAST_LOAD_FAST",
    }
)

#: Where the frame has a truth test's operand: a local variable, or an attribute of one.
Tested = Tuple[str, Optional[str]]

# The truth of their instances never changes.
PLAIN = frozenset({bool, bytes, float, frozenset, int, str, tuple, type(None)})


def tested_after(step: Instruction, tested: Tested | None) -> Tested | None:
    """What is on top of the stack after a bytecode, if it is known; ``tested`` was there before it."""
    if step.opname in LOADS:
        return step.argval if isinstance(step.argval, str) else step.argval[-1], None
    if step.opname == "LOAD_ATTR" and not (step.arg or 0) & 1:
        return None if tested is None or tested[1] else (tested[0], step.argval)
    if step.opname in {"COPY", "NOP"} and step.arg in {None, 1}:
        return tested
    return None


def is_plain(tested: Tested, frame: FrameType) -> bool:
    """Whether the test is not felt, because the truth of its operand never changes."""
    name, attribute = tested
    value: object = frame.f_locals.get(name, frame)
    if attribute is not None:
        # Slots only, since reading any other attribute may call something.
        slot = getattr(type(value), attribute, None)
        if type(slot) is not MemberDescriptorType:
            return False
        value = getattr(value, attribute, frame)
    return type(value) in PLAIN
