# SPDX-License-Identifier: ISC
"""What a primitive says about itself in numbers."""

# One class for all primitives, so that a monitor can show whatever it is given. (A class for each, as trio has, was
# rejected: nine public names, for three numbers. See docs/decisions/0030-count-with-one-class.md.)
#
# A primitive provides it by one method of one line:
#
#     def statistics(self) -> Statistics:
#         """Its current state, in numbers: ``value`` is ..."""
#         return Statistics(self._queue, value=len(self._free))
#
# Nothing holds still meanwhile. Each number was true at some moment during the call, and they need not be consistent
# with each other. What is copied is copied in one step, or again if it was changed half-way (WaitQueue.pending), so
# nothing is ever raised.

from __future__ import annotations

from types import MappingProxyType

from ._engine.waitqueue import WaitQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, NoReturn

    from ._engine.waiter import Waiter

NO_HOLDERS: Mapping[tuple[str, int], int] = MappingProxyType({})


class Statistics:
    """The state of a primitive in numbers, at one moment; for display and monitoring.

    It does not change when the primitive does::

        for lock in locks:
            print(lock, lock.statistics().waiting_by_library)

    Any number of threads may use the primitive meanwhile, so that the numbers
    may already be outdated.

    Attributes:
        value: How many are available now (locks, semaphores, limiters), how
            often it still has to happen (events that count), or how many still
            have to come (barriers); see ``statistics()`` of each primitive.
        holders: The tasks that have it, as :attr:`Lock.owner` shows tasks, and
            how many times each; empty if there are none, or if it is unknown.
        waiting: How many tasks wait.
        waiting_by_library: How many of them in each library, by its name.
    """

    __slots__ = ("holders", "value", "waiting", "waiting_by_library")

    __module__ = "aiologic"

    value: int
    holders: Mapping[tuple[str, int], int]
    waiting: int
    waiting_by_library: Mapping[str, int]

    def __init__(
        self,
        *queues: WaitQueue | list[Waiter] | None,
        value: int,
        holders: Mapping[tuple[str, int], int] = NO_HOLDERS,
    ) -> None:
        """For primitives.

        Args:
            *queues: Where its tasks wait; ``None`` for a queue that nobody needed
                yet, or a list of waiters that nobody else changes.
            value: See above.
            holders: See above; is copied.
        """
        counts: dict[str, int] = {}
        for queue in queues:
            pending = queue.pending() if isinstance(queue, WaitQueue) else queue
            for waiter in pending or ():
                counts[waiter.library] = counts.get(waiter.library, 0) + 1
        self._write(value, dict(holders), sum(counts.values()), counts)

    def _write(
        self,
        value: int,
        holders: dict[tuple[str, int], int],
        waiting: int,
        waiting_by_library: dict[str, int],
    ) -> None:
        write = super().__setattr__
        write("value", value)
        write("holders", MappingProxyType(holders))
        write("waiting", waiting)
        write("waiting_by_library", MappingProxyType(waiting_by_library))

    def _numbers(self) -> tuple[Any, ...]:
        return (
            self.value,
            dict(self.holders),
            self.waiting,
            dict(self.waiting_by_library),
        )

    def __repr__(self) -> str:
        names = ("value", "holders", "waiting", "waiting_by_library")
        shown = (f"{name}={item}" for name, item in zip(names, self._numbers()))
        return f"<{type(self).__module__}.{type(self).__qualname__} {', '.join(shown)}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Statistics):
            return NotImplemented
        return self._numbers() == other._numbers()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # it holds mappings

    def __setattr__(self, name: str, item: object) -> NoReturn:
        raise AttributeError(f"statistics do not change: {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"statistics do not change: {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        # A view of a mapping has no pickle.
        return _restored, self._numbers()


def _restored(*numbers: Any) -> Statistics:
    """Create one anew, for a pickle or a copy."""
    made = Statistics.__new__(Statistics)
    made._write(*numbers)
    return made
