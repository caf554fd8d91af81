# SPDX-License-Identifier: ISC
"""A worker: runs the contestants that it is told, in turns, and prints the results.

It runs in the environment that is measured, and imports only what it has to, since
what is imported decides which path an operation takes.
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
        # Forwards and backwards, so that none always runs after the same other one.
        for index in range(len(measures))[:: -1 if turn % 2 else 1]:
            gc.collect()
            figures[index].append(measures[index]())
    # Otherwise instructions are counted, and the number that printing a float takes varies.
    if order["is_timed"]:
        json.dump(figures, sys.stdout)


def _ready(contestant: dict[str, Any]) -> Callable[[], float]:
    """An operation with its arguments; the names of its parameters decide which it gets."""
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
