# SPDX-License-Identifier: ISC
"""Classes of one object each, which is a public name of ``aiologic.lowlevel``."""

# A copy or a pickle of such an object is the object itself, for it is told from others by ``is``. So it is pickled as
# what it is called; and its class has no subclasses, whose objects would be told from it.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

_made: dict[type, object] = {}


class Sealed:
    """Classes that name it as a base have no subclasses."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        for base in cls.__bases__:
            if Sealed in base.__bases__:
                name = f"{base.__module__}.{base.__qualname__}"
                raise TypeError(f"type {name!r} is not an acceptable base type")


class Constant:
    """What there is one of; ``_name`` is what it is called."""

    __slots__ = ()

    _name: str

    def __new__(cls) -> Self:
        # One step, for two threads may be the first to ask.
        one = _made.setdefault(cls, super().__new__(cls))
        assert isinstance(one, cls)
        return one

    def __repr__(self) -> str:
        return f"{type(self).__module__}.{self._name}"

    def __reduce__(self) -> str:
        return self._name
