# SPDX-License-Identifier: ISC
"""Mutual exclusion for code that never waits: for stores whose operations are not single steps."""

# A heap is sifted by comparisons that may be Python code, and a subclass's ``_put`` may be anything. Two at once would
# corrupt it, so here, and only here, is something like a lock. What makes locks dangerous is dealt with as follows:
#
# * It is never held across a wait, only while ``_put`` or ``_get`` runs. So a thread that finds it taken sleeps for
#   that moment, whatever runs in it, just as it sleeps while another thread has the GIL.
# * A signal handler, a finalizer or another greenlet may come while its own thread is inside, and would wait for ever.
#   It gets ``Reentered`` instead, and leaves its work for the call that is inside, which looks before it goes.
# * It is not handed over, but freed: otherwise threads that put and get as fast as they can would stop at each step.
#
# dict.setdefault() decides who is inside, and in the same step records who it is. If a permit were taken first and the
# name recorded afterwards, a signal handler could run in between.

from __future__ import annotations

from ._runtime.threads import create_waiter, park_unguarded
from ._runtime.unpatched import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")


class Reentered(Exception):  # noqa: N818
    """The calling thread is inside already."""


class Exclusive:
    """A place that holds one thread at a time."""

    __slots__ = (
        "_inside",  # the call that is inside, under the only key None: a list of its own, with its thread's number
        "_waiting",  # the waiters of threads that sleep until they may try again; each takes its own out
        "left_behind",  # see below
    )

    def __init__(self) -> None:
        self._inside: dict[None, list[int]] = {}
        self._waiting: list[Any] = []
        #: What reentrant calls of the same thread left to be done later; must not raise.
        self.left_behind: list[Callable[[], object]] = []

    def run(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function inside, after a moment of sleep if need be.

        Args:
            function: What to call.
            *args: Its arguments.

        Raises:
            Reentered: This thread is inside already.
        """
        me = [get_ident()]
        try:
            self._enter(me)
            return function(*args)
        finally:
            # Also if it was interrupted on its way in, when it does not know yet that it is inside. Asked without a
            # call: a signal handler may raise as a call returns, and nobody would ever get in again.
            try:
                is_inside = self._inside[None] is me
            except KeyError:
                is_inside = False
            if is_inside:
                try:
                    while self.left_behind:
                        # Only the call that is inside takes out, so this may be two steps. What pop() returned would be
                        # lost with a signal handler's exception.
                        do = self.left_behind[0]
                        del self.left_behind[0]
                        do()
                finally:
                    del self._inside[None]
                    try:
                        self._let_one_try()
                    except BaseException:  # a handler's, maybe as it began
                        self._let_one_try()
                        raise
                if self.left_behind:  # between the last look and the last step
                    self.run(_nothing)

    def _enter(self, me: list[int]) -> None:
        while True:
            inside = self._inside.setdefault(None, me)
            if inside is me:
                return
            if inside == me:
                raise Reentered
            waiter = create_waiter()
            try:
                self._waiting.append(waiter)
                # A finds B inside.   B leaves, and sees nobody waiting.   A joins those who wait, and looks again.
                if self._inside.setdefault(None, me) is not me:
                    park_unguarded(waiter, None)
            except BaseException:
                if not waiter.abandon():  # it was A's turn to try
                    self._let_one_try()
                raise
            finally:
                try:  # noqa: SIM105
                    self._waiting.remove(waiter)
                except ValueError:  # interrupted before it joined
                    pass
            # A thread that was woken for nothing need not pass that on: somebody is inside, and wakes the next when it
            # leaves.
            waiter.abandon()

    def _let_one_try(self) -> None:
        # Each thread takes its waiter out when it goes on.
        for waiter in self._waiting[:]:
            if waiter.wake():  # else it is awake already
                return


def _nothing() -> None:
    """Called only to come in and look."""
