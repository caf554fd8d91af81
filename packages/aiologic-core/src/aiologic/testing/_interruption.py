# SPDX-License-Identifier: ISC
"""Call a function in the middle of another, as happens with signal handlers and finalizers."""

# A signal handler may run between any two bytecodes of the main thread, and a finalizer in any thread. A test that
# sends signals hits the gap between two given bytecodes once in a million times. So a trace function stands in for the
# handler: the same call is made again and again, and each time it is interrupted one bytecode later.
#
# A handler that *raises* is different, since it can't do so everywhere. CPython checks for signals when a function
# begins, when a call of a built-in has returned (its result is then lost), and when a loop begins its next iteration;
# up to 3.9 also elsewhere. Code that is to survive an exception must be written with that in mind, and can't be tested
# by raising before each bytecode: no ``finally`` survives that. A *profile* function is called at exactly those places,
# except for the loops.
#
# _tracing.py says what each Python needs to report opcode events. Where an interpreter has none, line events have to
# do.

from __future__ import annotations

import inspect
import os
import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType
    from typing import Any

# PyPy compiles what is called often, with guards for what it takes for granted (as that there is no trace function), and
# more code for each guard that fails often. The guards of that code fail as well, and so on: to interrupt an event's wait
# at each of its 362 bytecodes took 0.4 s the first time and 16 s the thirtieth, and 0.1 to 0.2 s with nothing compiled.
# So nothing is, in any thread, while bytecodes count. (If two threads count at once, the first that ends lets it compile
# again, which costs only time. Profile functions do no such harm.)
if sys.implementation.name == "pypy":
    set_jit: Callable[[str], object] = import_module("pypyjit").set_param
else:

    def set_jit(text: str, /) -> object:
        """Others have none."""


COROUTINE = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


class Interruption:
    """Calls a function once, before the n-th bytecode that this thread runs in certain files.

    It is called in this thread, from whatever code runs there. So it sees what a
    signal handler would see, and must not wait. Repeat the call to be tested, each
    time with the next number, until it is no longer interrupted::

        for number in itertools.count():
            event = aiologic.Event()
            interruption = Interruption(number, event.set, [aiologic.__path__[0]])
            interruption.during(lambda: event.wait(1))
            if not interruption.was_made:
                break

    For a call of a coroutine, use ``begin()`` and ``end()``; everything that the
    thread runs in between counts, whatever the task.

    Args:
        number: How many bytecodes to let pass before.
        function: What to call; what it raises comes out of the interrupted code.
        within: The files, and folders of files, whose bytecodes count.
    """

    def __init__(
        self, number: int, function: Callable[[], object], within: Iterable[str]
    ) -> None:
        self._left = number
        self._function = function
        self._within = tuple(within)
        self._caller: FrameType | None = None
        self._before: Any = None
        #: Whether there were so many bytecodes.
        self.was_made: bool = False
        #: What was interrupted.
        self.where: str = "nothing was interrupted"

    def during(self, call: Callable[[], Any]) -> Any:
        """Make a call that is to be interrupted; returns what it returned."""
        self.begin()
        try:
            return call()
        finally:
            self.end()

    def begin(self) -> None:
        """From now on, bytecodes of this thread count; also those of the caller, whatever its file."""
        self._caller = caller = sys._getframe(1)
        set_jit("off")
        sys._getframe().f_trace_opcodes = True  # needed by 3.12, before settrace()
        self._before = sys.gettrace()
        sys.settrace(self._call)
        if caller.f_code.co_filename != __file__:
            caller.f_trace = self._step
            caller.f_trace_opcodes = True

    def end(self) -> None:
        """In the same thread: from now on, bytecodes no longer count."""
        self._left = -1
        sys.settrace(self._before)
        # What it was before can't be read, so what the user said by ``--jit`` is lost.
        set_jit("default")
        if self._caller is not None:
            self._caller.f_trace = None
            self._caller = None

    def _counts(self, frame: FrameType | None) -> bool:
        if frame is None:
            return False
        file = frame.f_code.co_filename
        return file.startswith(self._within) and file != __file__

    def _passes(self, frame: FrameType) -> None:
        self._left -= 1
        if self._left == -1:
            self.was_made = True
            file = os.path.basename(frame.f_code.co_filename)
            self.where = f"in {frame.f_code.co_name}(), {file}:{frame.f_lineno}"
            self._function()

    def _call(self, frame: FrameType, _event: str, _argument: object) -> Any:
        if self._left < 0 or not self._counts(frame):
            return None
        frame.f_trace = self._step
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, _argument: object) -> Any:
        if self._left >= 0 and event in {"opcode", "line"}:
            self._passes(frame)
        return self._step


# The names of our own finalizers, including callbacks of weak references; nothing else may have such a name.
FINALIZERS = {"__del__", "_forget"}


class RaisingInterruption(Interruption):
    """An interruption by a handler that raises: counts the places where CPython looks for signals.

    These are the beginnings of functions in those files, and the returns of
    built-ins that are called from there. What the built-in has done is done, and
    what it returned is lost. (What the library's own functions do about an
    exception inside them is up to the library: each counts as one step.)

    Only what the caller of ``begin()`` calls counts, and not what the thread does
    while that caller sleeps: an exception inside the loop would break it.
    """

    def begin(self) -> None:
        self._caller = sys._getframe(1)
        self._before = sys.getprofile()
        sys.setprofile(self._profile)

    def end(self) -> None:
        self._left = -1
        self._caller = None
        sys.setprofile(self._before)

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._left < 0:
            return
        if event == "call":
            # For a coroutine, it is unknown whether it begins or is resumed.
            if frame.f_code.co_flags & COROUTINE:
                return
        elif event != "c_return":
            return
        if self._counts(frame) and self._is_called(frame):
            self._passes(frame)

    def _is_called(self, frame: FrameType | None) -> bool:
        while frame is not None and frame is not self._caller:
            # An exception in a finalizer is not propagated to anybody. And it depends on chance where one runs: in
            # whichever thread drops the last reference.
            if frame.f_code.co_name in FINALIZERS:
                return False
            frame = frame.f_back
        return frame is not None


class Interrupted(BaseException):
    """What the signal handlers of these tests raise; unknown to any library."""

    @classmethod
    def now(cls) -> None:
        """Raise it; to be used as a handler."""
        raise cls
