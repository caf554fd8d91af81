# SPDX-License-Identifier: ISC
"""Copies and pickles of a primitive are new primitives."""

# A primitive's state is about tasks of this process at this moment: a copy of it would be a lock that nobody will ever
# release. So only what the primitive was made with is copied.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class Fresh:
    """Is copied and pickled by its arguments alone, in every protocol."""

    __slots__ = ()

    def __getnewargs__(self) -> tuple[Any, ...]:
        """What the class is to be called with, for an equal beginning."""
        return ()

    def __getstate__(self) -> None:
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        # By hand, for protocols 0 and 1 know nothing of __getnewargs__ and would restore half an object.
        return type(self), self.__getnewargs__()

    def __copy__(self) -> Self:
        return self.__class__(*self.__getnewargs__())
