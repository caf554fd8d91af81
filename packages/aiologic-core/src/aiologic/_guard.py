# SPDX-License-Identifier: ISC
"""A guard that refuses the second user of a resource, and lets nobody wait."""

# A task that enters puts a new object into the slot, and is inside if that object is there afterwards. Nothing waits
# and nobody owns the guard, so one pair of methods serves all worlds, and signal handlers may enter as well: they are
# refused like anybody else.
#
# Leaving is not checked: only a task that has entered leaves a ``with`` block, and one that is refused never enters.

from __future__ import annotations

from ._slot import Slot
from ._statistics import Statistics
from .exceptions import BusyResourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from typing_extensions import Never, Self


def _shown(cls: type[ResourceGuard], /, *, action: str = "using") -> ResourceGuard:
    """A function with the signature that is shown for the class."""
    return cls(action=action)


class ResourceGuard(Slot):
    """Makes sure that only one task at a time uses a resource; a second one gets an error.

    For resources that were not made to be shared: a bug in the calling program is
    reported at once, where it would otherwise show as garbled data::

        class Connection:
            def __init__(self):
                self._sending = aiologic.ResourceGuard(action="sending to")

            async def send(self, data):
                with self._sending:
                    ...

    Use ``with`` even in async functions, as it never waits. True in a boolean
    context while the resource is in use. Copies and pickles are new, unlocked
    guards for the same action.

    Args:
        action: What a user does with the resource, for the error message:
            "another task is already *using* this resource".

    Threads:
        Usable by anybody: from any thread, signal handler and finalizer.
    """

    __slots__ = ("_action",)

    __module__ = "aiologic"

    _action: str

    def __new__(cls, /, *positional: Never, action: str = "using") -> Self:
        if len(positional) > 1:
            raise TypeError(f"no positional arguments expected, got {positional!r}")
        if positional:
            raise ValueError(
                "the first argument should not have been passed; write"
                f" {cls.__qualname__}(action={positional[0]!r})"
            )
        self = super().__new__(cls)
        self._place = None
        self._action = action
        return self

    # Positional arguments are accepted only to be refused: signatures show the keyword alone.
    __new__.__wrapped__ = _shown  # type: ignore[attr-defined]  # inspect.signature() looks there

    # The only argument is a keyword: a copy that passed it by position would be refused.
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]:
        """The arguments with which the class creates an equal one."""
        return (), {"action": self._action}

    def __copy__(self) -> Self:
        return self.__class__(action=self._action)

    def __repr__(self) -> str:
        cls = type(self)
        state = "locked" if self else "unlocked"
        return (
            f"<{cls.__module__}.{cls.__qualname__}({self._action!r})"
            f" at {id(self):#x} [{state}]>"
        )

    @property
    def action(self) -> str:
        """What a user does with the resource."""
        return self._action

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is 1 while nobody is inside."""
        return Statistics(value=0 if self else 1)

    def __enter__(self) -> Self:
        mark = object()
        try:
            if self._put(mark) is not mark:
                raise BusyResourceError(
                    f"another task is already {self._action} this resource"
                )
        except BaseException:  # also a handler's, after we came in
            # Without a call, which could be interrupted, too.
            place = self._place
            try:
                if place and place[None] is mark:
                    del place[None]
            except KeyError:  # whoever was inside has left meanwhile
                pass
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        # _take_out() without the call: if that were interrupted, nobody could enter any more.
        place = self._place
        if place:
            del place[None]
