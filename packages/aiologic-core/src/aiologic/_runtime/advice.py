# SPDX-License-Identifier: ISC
"""What an async task has called that blocks its loop, and what to write there instead."""

# This is read from the stack: our functions form its top, and the outermost of them is what the user called; if it is a
# method, its object is in the frame. Objects that users don't call by their class's name say so: their class has
# ``_called_as`` or ``_advice``. Decorated functions are found in the frame of the function that stands for them.
#
# This is imported only when a program has to be warned.

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

# How users write calls of methods that they don't call by name.
CALLED = {
    "__enter__": "with {0}:",
    "__next__": "for ... in {0}",
}

# The twins whose names don't follow from those of the methods, and how to write calls of them.
TWINS = {
    "wait": ("__await__", "await {0} (or await {0}.with_(...))"),
    "wait_for": ("for_", "await {0}.for_(...)"),
    "__enter__": ("__aenter__", "async with {0}:"),
    "__next__": ("__anext__", "async for ... in {0}"),
}

# For what has no twin, because it belongs to a thread as a whole.
ELSEWHERE = "Call it in another thread"

DECORATED = "Make it a coroutine function, and await it"


class Call(NamedTuple):
    """What the user has called."""

    text: str
    advice: str  # a sentence without its full stop
    level: int  # how many frames the user's line is away


def called_from(frame: FrameType | None) -> Call:
    """What the user called, given one of our frames inside that call."""
    ours: FrameType | None = None
    level = 0
    while frame is not None:
        name: str = frame.f_globals.get("__name__", "")
        if _is_ours(name):
            # These are only passed through, for example by a shielded call.
            if not name.startswith(("aiologic._runtime.", "aiologic._engine.")):
                ours = frame
        elif not name.startswith("wrapt."):  # if it is not in C, calls pass through it
            break
        frame = frame.f_back
        level += 1
    if ours is None:
        return Call("a green wait", ELSEWHERE, level)
    return Call(*_text_and_advice(ours), level)


def _is_ours(module: str) -> bool:
    # The test kit makes calls as users do.
    return module.startswith("aiologic.") and not module.startswith("aiologic.testing")


def _text_and_advice(frame: FrameType) -> tuple[str, str]:
    decorated = _decorated(frame)
    if decorated is not None:
        shown = getattr(decorated, "__qualname__", None) or repr(decorated)
        return f"{shown}()", DECORATED
    name = frame.f_code.co_name
    if "self" in frame.f_locals:
        return _about_method(name, frame.f_locals["self"])
    twin = name.replace("green_", "async_", 1)
    has_twin = twin != name and twin in frame.f_globals
    advice = f"Write {f'await {twin}(...)'!r} instead" if has_twin else ELSEWHERE
    return f"{name}()", advice


def _about_method(name: str, of: Any) -> tuple[str, str]:
    what: str = getattr(of, "_called_as", type(of).__name__.lower())
    text = CALLED.get(name, f"{{0}}.{name}()").format(what)
    advice: str | None = getattr(of, "_advice", None)
    if advice is not None:
        return text, advice.format(name)
    twin, instead = TWINS.get(name, (name.replace("green_", "async_", 1), ""))
    if twin == name or not hasattr(of, twin):
        return text, ELSEWHERE
    instead = (instead or f"await {{0}}.{twin}(...)").format(what)
    return text, f"Write {instead!r} instead"


def _decorated(frame: FrameType) -> Any:
    """The user's function, if the frame is that of a function of ours that stands for it."""
    where = frame.f_globals["__name__"], frame.f_code.co_name
    if where == ("aiologic._once", "call_once"):
        return frame.f_locals["state"]._function
    if where == ("aiologic._synchronized_functions", "wrapper"):
        return frame.f_locals["function"]
    return None
