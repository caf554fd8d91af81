# SPDX-License-Identifier: ISC
"""Primitives that contain items, which their copies contain as well, for the time being."""

# All other primitives are copied as they were created, without their state (see _fresh.py), and one day these will be,
# too. Until then, there is a warning whenever a copy would lose something by that.

from __future__ import annotations

from ._fresh import Fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class Filled(Fresh):
    """Is copied and pickled with its content; warns if there is any."""

    __slots__ = ()

    _called = "queue"

    def _is_filled(self) -> bool:
        """Whether a copy would lose something if it were made without the state."""
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
        """Return one with the same content. Deprecated."""
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
