# SPDX-License-Identifier: ISC
"""Classes with one instance each, which is a public name of ``aiologic.lowlevel``."""

# Users recognise such an object by ``is``, so copying or unpickling it must give the object itself: it is pickled by
# its name. Its class can't be subclassed, because instances of a subclass would not be recognised.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

_made: dict[type, object] = {}


class Sealed:
    """Classes that name it as a base can't be subclassed."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        for base in cls.__bases__:
            if Sealed in base.__bases__:
                name = f"{base.__module__}.{base.__qualname__}"
                raise TypeError(f"type {name!r} is not an acceptable base type")


class Constant:
    """Has one instance; ``_name`` is its public name."""

    __slots__ = ()

    _name: str

    def __new__(cls) -> Self:
        # In one step, because two threads may be the first to ask.
        one = _made.setdefault(cls, super().__new__(cls))
        assert isinstance(one, cls)
        return one

    def __repr__(self) -> str:
        return f"{type(self).__module__}.{self._name}"

    def __reduce__(self) -> str:
        return self._name
