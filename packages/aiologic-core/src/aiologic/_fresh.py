# SPDX-License-Identifier: ISC
"""Copies and pickles of a primitive are new primitives."""

# A primitive's state is about tasks of this process at this moment: a copy of it would be a lock that nobody will ever
# release. So only the arguments that the primitive was made with are copied.

from __future__ import annotations

from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class Fresh:
    """Is copied and pickled by its arguments alone, in every protocol."""

    __slots__ = ()

    def __getnewargs__(self) -> tuple[Any, ...]:
        """The arguments with which the class creates an equal one in its initial state."""
        return ()

    # A subclass may define one.
    def __getstate__(self) -> Any:
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        # By hand: protocols 0 and 1 know nothing of __getnewargs__ and would restore half an object. So every method by
        # which a subclass may say what else belongs to its pickles has to be called here.
        made: tuple[Any, ...] = type(self), self.__getnewargs__()
        with_options = getattr(self, "__getnewargs_ex__", None)
        if with_options is not None:
            arguments, options = with_options()
            made = partial(type(self), **options), arguments
        state = self.__getstate__()
        return made if state is None else (*made, state)

    def __copy__(self) -> Self:
        return self.__class__(*self.__getnewargs__())
