# SPDX-License-Identifier: ISC
"""Handlers that raise at one place after the other, and waiters that may be unparked twice."""

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
    """A kind of exception that alarm handlers often raise; libraries raise it if no task of theirs runs."""


class Missed(Interrupted, AttributeError):  # noqa: N818
    """A kind of exception that core expects: it reads an attribute of threads that new ones don't have."""


#: Code that takes a RuntimeError or an AttributeError as the answer "none", and so
#: would take a handler's for it.
ASKING = ("asking.py", "choosing.py", "detect.py")
ASKING_BY_NAME = {"_check_owner", "may_notify"}


class Places(RaisingInterruption):
    """The places in core where a handler can raise; some may be left out."""

    #: The exception that is raised there.
    error: ClassVar[type[Interrupted]] = Interrupted

    def __init__(self, number: int) -> None:
        super().__init__(number, self.error.now, [CORE])
        self._is_away = False

    @contextmanager
    def away(self, is_away: bool = True) -> Iterator[None]:
        """A block in which no place counts, for what others do meanwhile."""
        before = self._is_away
        self._is_away = is_away
        try:
            yield
        finally:
            self._is_away = before

    def only_here(self) -> AbstractContextManager[None]:
        """A block in which places count, inside one in which they don't."""
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
    """Interruptions at one place after the other, until a call ends before it is interrupted."""
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
    """Make the call; return the exception that came out of it, if one did."""
    try:
        interruption.during(call)
    except (Interrupted, Cancelled) as error:
        return error
    return None


def each_ending(there: str) -> pytest.MarkDecorator:
    """All ways in which a wait can end, and whether what it waits for is there by then."""
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
    """A waiter that may be unparked twice, since a waker that is interrupted does so again."""

    __slots__ = ()

    def unpark(self) -> None:
        self.unparked = True


class ForgivingWorld(HandWorld):
    """A world with such waiters."""

    def __init__(self) -> None:
        super().__init__()
        #: Called once, when the next waiter is created.
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
    """A wait of a green task that sleeps by calling a function."""

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
        """Do nothing: the function decides when the wait ends."""


def sleep_by(
    monkeypatch: pytest.MonkeyPatch, park: Callable[[float | None], bool]
) -> None:
    """From now on, green waits sleep by calling a function."""
    monkeypatch.setattr(
        type(worlds), "create_green_waiter", lambda _: GreenHandWaiter.new(park)
    )
