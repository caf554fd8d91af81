# SPDX-License-Identifier: ISC
"""The values of semaphores: how they are checked, counted and shown, and which kind of semaphore they ask for."""

from __future__ import annotations

from operator import index

from ._numbers import as_integer, checked_number
from ._permits import Permits
from ._pool import pool_of, size_of
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from typing_extensions import Self

    from ._engine.waiter import Waiter

# The most permits that can be released at once. Initial permits are kept as a number (see _pool.py), because nobody
# looks while a semaphore is being made; what is added to a list that others take from has to be items, of 8 bytes each.
LARGEST_RELEASE = 1_000_000


class Valued(Permits):
    """Permits of which only their number is known: nobody owns one."""

    __slots__ = ("_initial_value",)

    _initial_value: int

    @classmethod
    def _made(cls, initial_value: int) -> Self:
        self = object.__new__(cls)
        self._free = pool_of(initial_value)
        self._queue = None
        self._initial_value = initial_value
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self._initial_value,)

    def __repr__(self) -> str:
        cls = type(self)
        value = self.value
        state = f"value={value}" if value else f"value=0, waiting={self.waiting}"
        return (
            f"<{cls.__module__}.{cls.__qualname__}({self._arguments()})"
            f" at {id(self):#x} [{state}]>"
        )

    def _arguments(self) -> str:
        return str(self._initial_value)

    @property
    def initial_value(self) -> int:
        """The value that it was created with."""
        return self._initial_value

    @property
    def value(self) -> int:
        """How many permits can be acquired now."""
        return size_of(self._free)

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is how many permits are free."""
        return Statistics(self._queue, value=self.value)

    # -- taking one, and giving it back -------------------------------------------------------------------------------

    def _take(self) -> bool:
        """Take a permit, if one is free and nobody queues for it."""
        if self._queue or not self._free:
            return False
        try:
            self._free.pop()
        except IndexError:  # another was faster
            return False
        except BaseException:
            self._put_back_what_was_popped()
            raise
        return True

    # Releases what was just taken; release() may be a subclass's, which knows of no acquire.
    _release_one = Permits._put_back

    def _put_back_what_was_popped(self) -> None:
        """After a signal handler raised as pop() returned; a pool has put its permit back itself."""
        if type(self._free) is list:
            Permits._put_back(self)

    def _accept(self, waiter: Waiter) -> None:
        # A release of many may have been interrupted half-way (KeyboardInterrupt): each task that was served goes on
        # with it.
        if self._queue and self._free:
            self._settle()


def checked_release(count: int) -> int:
    """Check a number of permits to release. Written out, because every release calls it."""
    if type(count) is not int:
        count = as_integer("count", count)
    if count < 0:
        raise ValueError(f"count must be >= 0, got {count!r}")
    if count > LARGEST_RELEASE:
        raise ValueError(f"count must be <= {LARGEST_RELEASE}, got {count!r}")
    return count


def checked_value(name: str, value: int, is_binary: bool = False) -> int:
    """Check a number of permits."""
    if not is_binary:
        return checked_number(name, value)
    number = as_integer(name, value)
    if number not in (0, 1):
        raise ValueError(f"{name} must be 0 or 1, got {value!r}")
    return number


def bounds(
    initial_value: int | None, max_value: int | None, *, is_binary: bool = False
) -> tuple[int, int]:
    """The arguments of a bounded semaphore, each by default the other, checked."""
    if initial_value is None:
        initial_value = 1 if max_value is None else max_value
        # If only one of the two was given, errors name that one.
        if max_value is not None:
            checked_value("max_value", max_value, is_binary)
    if max_value is None:
        max_value = initial_value
    initial_value = checked_value("initial_value", initial_value, is_binary)
    max_value = checked_value("max_value", max_value, is_binary)
    if max_value < initial_value:
        raise ValueError(
            f"max_value must be >= initial_value, got {max_value!r}"
            f" and {initial_value!r}"
        )
    return initial_value, max_value


def may_be_binary(*values: int | None) -> bool:
    """Whether they make a binary semaphore: none is greater than 1."""
    try:
        return all(value is None or index(value) <= 1 for value in values)
    except TypeError:  # not an integer: bounds() reports which
        return False


def refuse_max_value(bounded: str) -> NoReturn:
    """Raise: a subclass has to choose its parent itself."""
    raise TypeError(
        "max_value must be None for subclasses."
        f" Did you want to inherit {bounded} instead?"
    )
