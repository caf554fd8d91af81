# SPDX-License-Identifier: ISC
"""A task that wakes others may be interrupted at any bytecode: the hub can still be reached."""

# Ctrl-C raises KeyboardInterrupt between any two bytecodes of the main thread, and other signal handlers raise what
# they like. A program that catches it, and then ends in good order, still wakes and waits. One wake-up is interrupted
# here again and again, each time before another bytecode of the backend. The backend can't promise that this one is not
# lost, because core may be interrupted as well, before it calls. But those that come afterwards must arrive.

from __future__ import annotations

import sys
import threading
import time
from functools import partial
from pathlib import Path

import aiologic
import aiologic_eventlet
import eventlet
import pytest

from .steps import end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

TRACED = str(Path(aiologic_eventlet.__file__).parent)

#: A wake-up that takes so long is lost.
MISSED = 2.0


class Interruption:
    """Raises KeyboardInterrupt in this thread, before one of the backend's bytecodes."""

    def __init__(self, number: int) -> None:
        self._left = number
        self.where = ""

    def strike(self, function: Callable[[], object]) -> None:
        before = sys.gettrace()
        # What opcode events need on each Python is described in aiologic/testing/_tracing.py.
        sys._getframe().f_trace_opcodes = True
        sys.settrace(self._begin)
        try:
            function()
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)

    def _begin(self, frame: FrameType, event: str, arg: object) -> Any:
        if not frame.f_code.co_filename.startswith(TRACED):
            return None
        frame.f_trace = self._step
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "opcode" and not self.where:
            if not self._left:
                self.where = f"{frame.f_code.co_name}, line {frame.f_lineno}"
                raise KeyboardInterrupt
            self._left -= 1
        return self._step


def here(function: Callable[[], object]) -> None:
    function()


def in_a_thread(function: Callable[[], object]) -> None:
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


@pytest.mark.parametrize("run", [here, in_a_thread])
def test_an_interrupted_wake_up_leaves_no_hub_deaf(
    run: Callable[[Callable[[], object]], None],
) -> None:
    """The mark "a round is on its way" without a round, or a call that is left without a byte, would last for ever."""

    def is_heard_after(interruption: Interruption) -> bool:
        first, later = aiologic.Event(), aiologic.Event()
        sleepers = [eventlet.spawn(each.wait, MISSED) for each in (first, later)]
        eventlet.sleep(0)
        run(lambda: interruption.strike(first.set))
        began = time.perf_counter()
        run(later.set)
        sleepers[1].wait()  # it says True even if the wake-up had no effect
        is_heard = time.perf_counter() - began < MISSED / 2
        sleepers[0].kill()
        end_hub()
        return is_heard

    number = 0
    while True:
        interruption = Interruption(number)
        assert in_new_thread(partial(is_heard_after, interruption)), interruption.where
        if not interruption.where:  # there are not so many bytecodes
            break
        number += 1
    assert number > 20
