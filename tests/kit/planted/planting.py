# SPDX-License-Identifier: ISC
"""How bugs are planted in the toy backend, and the register of all bugs."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

from aiologic_toy import _waiter
from aiologic_toy._waiter import ToyWaiter


class Bug(NamedTuple):
    """How to plant it, and which tests must then fail."""

    plant: Callable[[], object]
    caught_by: tuple[str, ...]


BUGS: dict[str, Bug] = {}

#: Changes of the toy that are *not* bugs: no test must fail then.
VARIATIONS: dict[str, Callable[[], object]] = {}


def bug(*caught_by: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a bug under its function's name."""

    def enter(plant: Callable[[], object]) -> Callable[[], object]:
        BUGS[plant.__name__] = Bug(plant, caught_by)
        return plant

    return enter


def variation(plant: Callable[[], object]) -> Callable[[], object]:
    """Register a variation under its function's name."""
    VARIATIONS[plant.__name__] = plant
    return plant


def unparking(unpark: Callable[[Any], object]) -> None:
    ToyWaiter.unpark = unpark  # type: ignore[method-assign,assignment]


def parking(park: Callable[..., Any]) -> None:
    ToyWaiter.park = park  # type: ignore[method-assign]


def in_the_backend(function: Any) -> Any:
    """Make a function look as if it were written in the backend's file, since the suite interrupts only code there."""
    code = function.__code__
    function.__code__ = code.replace(co_filename=_waiter.__file__)
    return function
