# SPDX-License-Identifier: ISC
"""Handlers that raise, one place after the other, and waits that bear it to be woken twice."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from itertools import count

import aiologic
import pytest
from aiologic._runtime.detect import worlds
from aiologic.backends import PENDING, GreenWaiter
from aiologic.testing._interruption import Interrupted, RaisingInterruption

from .hand_driven import Cancelled, HandWaiter, HandWorld

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import FrameType
    from typing import ClassVar

needs_places = pytest.mark.skipif(
    sys.version_info < (3, 10) or sys.implementation.name != "cpython",
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)

CORE = os.path.dirname(aiologic.__file__)


class Alarmed(Interrupted, RuntimeError):  # noqa: N818
    """What alarms of programs often raise; and libraries, if no task of theirs runs."""


class Missed(Interrupted, AttributeError):  # noqa: N818
    """As if something had no such attribute; threads are asked for one that new ones have not."""


#: Whoever is asked by these raises RuntimeError for "nobody", or AttributeError: a handler's is taken for an answer.
ASKING = ("asking.py", "choosing.py", "detect.py")
ASKING_BY_NAME = {"_check_owner", "may_notify"}


class Places(RaisingInterruption):
    """Places in core; some may be left out."""

    #: What is raised there.
    error: ClassVar[type[Interrupted]] = Interrupted

    def __init__(self, number: int) -> None:
        super().__init__(number, self.error.now, [CORE])
        self._is_away = False

    @contextmanager
    def away(self, is_away: bool = True) -> Iterator[None]:
        """A block in which no place counts: what others do meanwhile."""
        before = self._is_away
        self._is_away = is_away
        try:
            yield
        finally:
            self._is_away = before

    def only_here(self) -> AbstractContextManager[None]:
        """A block in which places count, where they don't around it."""
        return self.away(False)

    def _passes(self, frame: FrameType) -> None:
        is_answer = self.error is not Interrupted and _is_asked(frame)
        if not (self._is_away or is_answer):
            super()._passes(frame)


def _is_asked(frame: FrameType | None) -> bool:
    while frame is not None:
        code = frame.f_code
        if code.co_filename.endswith(ASKING) or code.co_name in ASKING_BY_NAME:
            return True
        frame = frame.f_back
    return False


def places(at_least: int = 1) -> Iterator[Places]:
    """One after the other, until the call ends before it is interrupted."""
    for number in count():
        interruption = Places(number)
        yield interruption
        if not interruption.was_made:
            assert number >= at_least, "nothing was interrupted"
            return
        assert number < 1_000, "it does not end"


def heard(
    interruption: RaisingInterruption, call: Callable[[], object]
) -> BaseException | None:
    """Make the call; what came out of it, if something did."""
    try:
        interruption.during(call)
    except (Interrupted, Cancelled) as error:
        return error
    return None


def each_ending(there: str) -> pytest.MarkDecorator:
    """How a wait ends, where what it waits for is there by then, or not."""
    endings = [
        (True, "wake-up"),
        (False, "time-out"),
        (True, "time-out"),
        (False, "cancellation"),
        (True, "cancellation"),
    ]
    ids = [f"{there if is_there else ''}-{ends_by}" for is_there, ends_by in endings]
    return pytest.mark.parametrize((f"is_{there}", "ends_by"), endings, ids=ids)


class ForgivingWaiter(HandWaiter):
    """One that may be unparked twice: who is interrupted in doing so does it once more."""

    __slots__ = ()

    def unpark(self) -> None:
        self.unparked = True


class ForgivingWorld(HandWorld):
    """Whose waiters are such."""

    def __init__(self) -> None:
        super().__init__()
        #: Called by the next that makes a waiter, once.
        self.when_made: Callable[[], object] | None = None

    def create_waiter(self) -> HandWaiter:
        waiter = ForgivingWaiter(PENDING)
        waiter.unparked = False
        waiter.timeout = None
        react, self.when_made = self.when_made, None
        if react is not None:
            react()
        return waiter


class GreenHandWaiter(GreenWaiter):
    """A wait of a green task that takes the time that a function takes."""

    __slots__ = ("sleep",)

    sleep: Callable[[float | None], bool]

    @classmethod
    def new(cls, sleep: Callable[[float | None], bool]) -> GreenHandWaiter:
        waiter = cls(PENDING)
        waiter.sleep = sleep
        return waiter

    def park(self, timeout: float | None) -> bool:
        return self.sleep(timeout)

    def unpark(self) -> None:
        """It is awake."""


def sleep_by(
    monkeypatch: pytest.MonkeyPatch, park: Callable[[float | None], bool]
) -> None:
    """From now on green waits take the time that a function takes."""
    monkeypatch.setattr(
        type(worlds), "create_green_waiter", lambda _: GreenHandWaiter.new(park)
    )
