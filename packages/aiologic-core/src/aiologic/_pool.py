# SPDX-License-Identifier: ISC
"""Any number of permits, of which only those that have been in use take memory."""

# A permit is an item of a list, and takes 8 bytes: a million of them would be 8 MB for a semaphore that never has more
# than a hundred takers. So above a certain number, permits that were never taken are kept as a number, and become items
# block by block. Whatever comes back goes onto a plain list, which is looked at first. So a pool grows with the most
# permits that were out at once, each of which has a holder that takes far more memory.
#
# A pool must never look empty while it is not, or an attempt that would not have to wait fails, or a waiter is
# forgotten. So no task ever has a block in its hands, not even for a moment:
#
# * A block is made by the first task that needs it (``dict.setdefault``), and all pop from the same one. One that was
#   used up stays where it is, as an empty list: so no block is made twice.
# * Nothing is ever put into a block. Once all of them are used up, that stays so, and the plain list has the last word:
#       A finds the list empty.   B releases: an item on the list.   C takes the last of the last block.
#       A finds all blocks used up; there was a permit all the time, and still is.
#   Therefore A looks at the list once more before it reports that there is none.
#
# Rejected: a counter (no container operation counts); a range's iterator (may give a number twice without the GIL); a
# block in the list itself, to be split by whoever pops it (others find the list empty meanwhile).

from __future__ import annotations

from ._permits import ANY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Dict, List

    _Items = List[None]
    _Blocks = Dict[int, List[None]]
else:
    _Items = list

# Up to this many, a plain list is as good, and faster. It is also the size of a block.
LARGEST_LIST = 256

_list_pop: Callable[[list[None]], None] = list.pop  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class Pool(_Items):
    """A list of permits, most of which do not exist yet.

    It is used as any list of permits: ``del pool[0]``, ``append``, ``extend``,
    ``+=``, and its truth. Its length is that of the plain list; see :func:`size_of`.
    """

    __slots__ = (
        "_at",  # all blocks before this one are used up; several may write it, and an old value only costs time
        "_begun",  # the blocks from which somebody has popped, by their numbers
        "_untouched",  # how many permits there were to begin with
    )

    def __init__(self, count: int) -> None:
        super().__init__()
        self._untouched = count
        self._begun: _Blocks = {}
        self._at = 0

    def __delitem__(self, index: Any) -> None:
        """Take any permit: ``del pool[0]``.

        If a signal handler raises in here, none was taken.

        Raises:
            IndexError: There is none.
        """
        try:
            self._take_from_list()
            return
        except IndexError:
            pass
        while True:
            block = self._block()
            if block is None:
                self._take_from_list()
                return
            try:
                del block[ANY]
            except IndexError:  # another was faster
                continue
            return

    def _take_from_list(self) -> None:
        try:
            _list_pop(self)
        except IndexError:
            raise
        except BaseException:  # it has taken one, and was interrupted as it returned
            self.append(None)
            raise

    def pop(self, *index: Any) -> None:
        """The same; here, too, none was taken if a signal handler raises."""
        del self[0]

    def __bool__(self) -> bool:
        # The list once more, as in ``__delitem__``. What is put back after that is looked after by the task that puts
        # it back.
        return len(self) > 0 or self._block() is not None or len(self) > 0

    def size(self) -> int:
        """How many permits are there, for display."""
        # Only the blocks from ``_at`` on are counted: few of those have been begun.
        at = self._at
        untouched = max(0, self._untouched - at * LARGEST_LIST)
        # A copy, because that is one step: before Python 3.12, a list of the items may run finalizers, which may take
        # permits.
        for number, block in self._begun.copy().items():
            if number >= at:
                untouched -= self._size_of_block(number) - len(block)
        return untouched + len(self)

    def _size_of_block(self, number: int) -> int:
        return min(LARGEST_LIST, self._untouched - number * LARGEST_LIST)

    def _block(self) -> list[None] | None:
        """The first block with something in it; ``None`` for ever once all are used up."""
        at = self._at
        while at * LARGEST_LIST < self._untouched:
            block = self._begun.get(at)
            if block is None:
                block = self._begun.setdefault(at, [None] * self._size_of_block(at))
            if block:
                return block
            at += 1
            self._at = at
        return None


def pool_of(count: int) -> list[None]:
    """A list, or a pool, of so many permits."""
    return [None] * count if count <= LARGEST_LIST else Pool(count)


def size_of(permits: list[None]) -> int:
    """How many permits there are."""
    return permits.size() if isinstance(permits, Pool) else len(permits)
