# SPDX-License-Identifier: ISC
"""Which truth tests can be felt."""

# ``if queue:`` asks a deque for its length, which others change, so a switch before it matters. ``if timeout:`` asks a
# number, which is the same for ever. The bytecode does not tell one from the other, but a run that comes to it can look:
# what lies on the stack has just been loaded, from a variable of the frame or an attribute of one, and nobody has run
# since. From 3.13 on, that is; there TO_BOOL stands alone, and looking at a frame's variables does not change how long
# they live.

from __future__ import annotations

from types import MemberDescriptorType
from typing import TYPE_CHECKING, Optional, Tuple

if TYPE_CHECKING:
    from dis import Instruction
    from types import FrameType

# After one of these, the last name that it mentions is on top of the stack.
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

#: A truth test's operand, as the frame has it: a local variable, or an attribute of one.
Tested = Tuple[str, Optional[str]]

# Nobody changes what they are worth.
PLAIN = frozenset({bool, bytes, float, frozenset, int, str, tuple, type(None)})


def tested_after(step: Instruction, tested: Tested | None) -> Tested | None:
    """What lies on top of the stack after a bytecode, if it is one of these; and what lay there before."""
    if step.opname in LOADS:
        return step.argval if isinstance(step.argval, str) else step.argval[-1], None
    if step.opname == "LOAD_ATTR" and not (step.arg or 0) & 1:
        return None if tested is None or tested[1] else (tested[0], step.argval)
    if step.opname in {"COPY", "NOP"} and step.arg in {None, 1}:
        return tested
    return None


def is_plain(tested: Tested, frame: FrameType) -> bool:
    """Whether that can't be felt: the truth of what is what it is for ever."""
    name, attribute = tested
    value: object = frame.f_locals.get(name, frame)
    if attribute is not None:
        # Of slots only, for whatever else might be there may have to be called.
        slot = getattr(type(value), attribute, None)
        if type(slot) is not MemberDescriptorType:
            return False
        value = getattr(value, attribute, frame)
    return type(value) in PLAIN
