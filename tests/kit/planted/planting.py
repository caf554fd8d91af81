# SPDX-License-Identifier: ISC
"""How a bug is planted in the toy backend, and which there are."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

from aiologic_toy import _waiter
from aiologic_toy._waiter import ToyWaiter


class Bug(NamedTuple):
    """How to plant it, and what must fail then."""

    plant: Callable[[], object]
    caught_by: tuple[str, ...]


BUGS: dict[str, Bug] = {}

#: What is *not* a bug, though the toy does otherwise: nothing must fail then.
VARIATIONS: dict[str, Callable[[], object]] = {}


def bug(*caught_by: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Enter a bug under its function's name."""

    def enter(plant: Callable[[], object]) -> Callable[[], object]:
        BUGS[plant.__name__] = Bug(plant, caught_by)
        return plant

    return enter


def variation(plant: Callable[[], object]) -> Callable[[], object]:
    """Enter it under its function's name."""
    VARIATIONS[plant.__name__] = plant
    return plant


def unparking(unpark: Callable[[Any], object]) -> None:
    ToyWaiter.unpark = unpark  # type: ignore[method-assign,assignment]


def parking(park: Callable[..., Any]) -> None:
    ToyWaiter.park = park  # type: ignore[method-assign]


def in_the_backend(function: Any) -> Any:
    """As if it were written there: the suite interrupts what is in the backend's files."""
    code = function.__code__
    function.__code__ = code.replace(co_filename=_waiter.__file__)
    return function
