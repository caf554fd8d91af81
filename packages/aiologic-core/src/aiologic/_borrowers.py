# SPDX-License-Identifier: ISC
"""Which tasks hold the tokens of a capacity limiter: for display, and to find those that can't go on."""

# A limiter keeps its holders in a dict: each borrower with its level, and each waiter that was given a token and has
# not run yet, with 0. Such a waiter may also have given up at this very moment; then it is about to leave the dict. So
# it counts only if it is decided while its wait still has its source: a task that gives up clears the source first.
#
# A thread that blocks holds up the tasks of the loop that it runs (see _deadlocks.py). Those of them that hold a token
# keep it for ever; those that wait for one will be given one before anybody who comes later, and keep it, too. If there
# are as many of these as there are tokens, none will ever be left for the thread. That is certain, whatever others do;
# everything else can only be suspected:
#
# * A token whose holder lives elsewhere may come back, and a waiter that lives elsewhere may leave.
# * A token that the thread itself holds while its tasks wait (the other direction) may be released by any of these
#   tasks, in the thread's name.

from __future__ import annotations

from collections.abc import Mapping

from ._deadlocks import call_to_mend, owning_here, waiting_here
from ._engine.waiter import Waiter
from ._runtime.detect import worlds
from ._runtime.threads import this_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
    from typing import Dict, Tuple

    from ._engine.waitqueue import WaitQueue

    Ident = Tuple[str, int]
    Holders = Dict[object, int]
    _Borrowers = Mapping[Ident, int]
else:
    _Borrowers = Mapping

SHOWN = 3  # how many tasks are named in an error


class Borrowers(_Borrowers):
    """A view of a limiter's borrowers, as ``Lock.owner`` shows tasks, and how often each has borrowed."""

    __slots__ = ("_holders",)

    def __init__(self, holders: Holders) -> None:
        self._holders = holders

    def copy(self) -> dict[Ident, int]:
        """A snapshot of it."""
        return {
            worlds.describe(task): level
            for task, level in self._holders.copy().items()
            if not isinstance(task, Waiter)
        }

    def __getitem__(self, ident: Ident) -> int:
        return self.copy()[ident]

    def __iter__(self) -> Iterator[Ident]:
        return iter(self.copy())

    # The inherited methods would list the borrowers and then look each of them up; by then, it may have given its token
    # back.

    def keys(self) -> KeysView[Ident]:
        return self.copy().keys()

    def values(self) -> ValuesView[int]:
        return self.copy().values()

    def items(self) -> ItemsView[Ident, int]:
        return self.copy().items()

    def __len__(self) -> int:
        return len(self.copy())

    def __repr__(self) -> str:
        return repr(self.copy())


def refuse_deadlock(
    holders: Holders,
    queue: WaitQueue | None,
    total_tokens: int,
    task_of: Callable[[Waiter], object],
) -> None:
    """Raise if the calling thread would wait for ever for a token, and that is certain.

    To be called where the thread blocks, with all that runs in it.

    Args:
        holders: See above.
        queue: Those before the caller.
        total_tokens: How many tokens there are.
        task_of: Says whose wait a waiter is.
    """
    # The queue first: a waiter that is served meanwhile is seen twice, and counts once.
    stuck = dict.fromkeys(waiting_here(queue, task_of))
    for holder in list(holders):
        task = owning_here(holder, task_of)
        if task is not None:
            stuck[task] = None
    if not total_tokens or len(stuck) < total_tokens:
        return
    shown = ", ".join(map(repr, list(stuck)[:SHOWN]))
    more = f" and {len(stuck) - SHOWN} more" if len(stuck) > SHOWN else ""
    raise RuntimeError(
        "the current thread is already holding all of this capacity limiter's tokens:"
        f" {this_thread()!r} would block for ever, for {shown}{more}, which hold them or"
        f" are next in line, run in this very thread{call_to_mend()}"
    )
