# SPDX-License-Identifier: ISC
"""A worker: measures what it is told, in turns, and prints the figures.

It runs in the environment that is measured, and imports what it must and no
more, for what is imported decides which path an operation takes.
"""

from __future__ import annotations

import gc
import json
import sys
from functools import partial
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def main() -> None:
    order = json.loads(sys.argv[1])
    for module in order["imports"]:
        import_module(module)
    contestants = order["contestants"]
    measures = [_ready(contestant) for contestant in contestants]
    figures: list[list[float]] = [[] for _ in measures]
    for turn in range(order["rounds"]):
        # There and back: nobody always runs after the same neighbour.
        for index in range(len(measures))[:: -1 if turn % 2 else 1]:
            gc.collect()
            figures[index].append(measures[index]())
    # Else instructions are counted: to print a float takes now more, now fewer.
    if order["is_timed"]:
        json.dump(figures, sys.stdout)


def _ready(contestant: dict[str, Any]) -> Callable[[], float]:
    """An operation with its arguments: it takes by name what it needs of them."""
    operation = _find(contestant["operation"])
    name = contestant["implementation"]
    given = {
        "make": _find(name) if name else None,
        "size": contestant["size"],
        "count": contestant["count"],
    }
    code = operation.__code__
    arguments = {name: given[name] for name in code.co_varnames[: code.co_argcount]}
    return partial(operation, **arguments)


def _find(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


if __name__ == "__main__":
    main()
