# SPDX-License-Identifier: ISC
"""A flag that is set by one of many tasks, and shows by which."""

# What is set is a *marker*, and the slot keeps the first: so of many tasks that set it at once, exactly one gets True.
# A task that brings the very marker that is there already gets True as well: the flag is set as it wanted.

from __future__ import annotations

from ._filled import Filled
from ._layers import with_copies_of
from ._not_given import NotGiven
from ._slot import Slot
from ._statistics import Statistics
from ._subscripted import Subscripted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar, overload

    from typing_extensions import Self, TypeVar as TypeVarWithDefault

    T = TypeVarWithDefault("T", default=object)
    D = TypeVar("D")

    class _OfMarkers(Subscripted, Generic[T]):
        __slots__ = ()

else:
    _OfMarkers = Subscripted

MISSING: Any = NotGiven("MISSING")


@with_copies_of(Filled)
class Flag(Filled, Slot, _OfMarkers["T"]):
    """Set by one of many tasks; the others see which one it was. Nobody waits.

    ::

        winner = aiologic.Flag()


        def work(name):  # in any number of threads and tasks
            if winner.set(name):
                ...  # this one only

    True in a boolean context while it is set.

    Args:
        marker: If given, the flag is set with it from the beginning.

    Threads:
        Usable by anybody: from any thread, signal handler and finalizer.
    """

    __slots__ = ()

    __module__ = "aiologic"

    _called = "flag"

    def __new__(cls, /, marker: T = MISSING) -> Self:
        self = super().__new__(cls)
        self._place = None if marker is MISSING else {None: marker}
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        """The arguments with which the class creates one that is set as this one is now."""
        marker = self._look(MISSING)
        return () if marker is MISSING else (marker,)

    def __repr__(self) -> str:
        cls = type(self)
        arguments = ", ".join(map(repr, self.__getnewargs__()))
        return f"{cls.__module__}.{cls.__qualname__}({arguments})"

    if TYPE_CHECKING:

        @overload
        def get(self, /) -> T: ...
        @overload
        def get(self, /, default: T, *, default_factory: Any = ...) -> T: ...
        @overload
        def get(self, /, default: D, *, default_factory: Any = ...) -> T | D: ...
        @overload
        def get(self, /, *, default_factory: Callable[[], T]) -> T: ...
        @overload
        def get(self, /, *, default_factory: Callable[[], D]) -> T | D: ...

    def get(self, /, default: Any = MISSING, *, default_factory: Any = MISSING) -> Any:
        """Return the marker that it was set with.

        Args:
            default: The result if it is not set.
            default_factory: Returns the result if it is not set and there is no
                ``default``.

        Raises:
            LookupError: It is not set, and neither was given.
        """
        marker = self._look(MISSING)
        if marker is not MISSING:
            return marker
        if default is not MISSING:
            return default
        if default_factory is not MISSING:
            return default_factory()
        raise LookupError(self)

    if TYPE_CHECKING:

        @overload
        def set(self: Flag[object], /) -> bool: ...
        @overload
        def set(self, /, marker: T) -> bool: ...

    def set(self, /, marker: Any = MISSING) -> bool:
        """Set it, if it is not set.

        Args:
            marker: What to set it with; a new object if it is not given.

        Returns:
            Whether it is now set with this very marker. Without a marker, this
            is ``True`` only for the one call that set it.
        """
        if marker is MISSING:
            marker = object()
        return self._put(marker) is marker

    def clear(self, /) -> None:
        """Unset it, as if it had never been set."""
        self._take_out()

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is 1 while it is not set."""
        return Statistics(value=0 if self else 1)
