# SPDX-License-Identifier: ISC
"""Primitives that have something in them, which their copies have as well, for the time being."""

# Everything else is copied as it was made (see _fresh.py), and these are to be so, too. Until then, who would lose
# something by that is warned.

from __future__ import annotations

from ._fresh import Fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class Filled(Fresh):
    """Is copied and pickled with what is in it; warns, if anything is."""

    __slots__ = ()

    _called = "queue"

    def _is_filled(self) -> bool:
        """Whether a copy would lose something, were it as the original was made."""
        return bool(self)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._is_filled():
            _warn("Pickling")
        return super().__reduce__()

    def __copy__(self) -> Self:
        if self._is_filled():
            _warn("Copying")
        return self.__class__(*self.__getnewargs__())

    def copy(self) -> Self:
        """One with the same in it. Deprecated."""
        import warnings

        advice = f"Use copy.copy({self._called}) instead"
        warnings.warn(advice, DeprecationWarning, stacklevel=2)
        return self.__class__(*self.__getnewargs__())


def _warn(what: str) -> None:
    import warnings

    warnings.warn(
        f"{what} will no longer preserve the state in the future",
        DeprecationWarning,
        stacklevel=3,
    )
