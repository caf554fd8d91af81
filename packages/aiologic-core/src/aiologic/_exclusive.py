# SPDX-License-Identifier: ISC
"""One at a time in a piece of code that never waits: how stores are used that are no single step."""

# A heap is sifted by comparisons that may be Python code, and ``_put`` of a subclass may be anything. Two at once would
# spoil it, so here, and here only, is something like a lock. What makes locks dangerous is dealt with thus:
#
# * It is never held across a wait, only while ``_put`` or ``_get`` runs. So a thread that finds it taken sleeps for that
#   moment, whatever runs in it, just as it sleeps while another thread has the interpreter.
# * A signal handler, a finalizer or another greenlet may come while its own thread is inside, and would wait for ever.
#   So it is told (by ``Reentered``), and leaves what it brings for the one who is inside, who looks before he goes.
# * It is not handed over, but freed: of threads that put and get as fast as they can, each would else stop at each step.
#
# Who is inside is settled by dict.setdefault(), which says in the same step who it is: between taking a permit and
# writing one's name down a handler could come.

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
        "_inside",  # who is, under the only key None: a list of his thread's number, which tells one call from another
        "_waiting",  # the waiters of those who sleep until they may try again; each takes itself out
        "left_behind",  # see below
    )

    def __init__(self) -> None:
        self._inside: dict[None, list[int]] = {}
        self._waiting: list[Any] = []
        #: What others of the same thread wanted to do while it was inside, and can be done later; must not raise.
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
            # Also if it was interrupted on its way in, when it does not know yet that it is inside.
            # Asked without a call: a handler that raises is heard when one returns, and nobody would ever come in again.
            try:
                is_inside = self._inside[None] is me
            except KeyError:
                is_inside = False
            if is_inside:
                try:
                    while self.left_behind:
                        # Only who is inside takes out, so there is time for two steps. What pop() has returned would be
                        # lost with a handler's exception.
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
            # Who was woken for nothing need not pass it on: somebody is inside, and wakes the next when he leaves.
            waiter.abandon()

    def _let_one_try(self) -> None:
        # They take themselves out, when they go on.
        for waiter in self._waiting[:]:
            if waiter.wake():  # else it goes on already
                return


def _nothing() -> None:
    """To come in and look."""
