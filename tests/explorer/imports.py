# SPDX-License-Identifier: ISC
"""Imports as they are played for the explorer."""

# The interpreter's import locks, and that of wrapt, would stop the thread of a virtual task where its scheduler does not
# know of it. So this takes the steps that the interpreter takes and wrapt takes part in, in their order; it is to be
# traced, so that others run between them. Importing takes longest in the middle: there others run free of charge.

from __future__ import annotations

import sys
from _thread import get_ident
from types import ModuleType, SimpleNamespace
from typing import Any, Callable

from aiologic.testing import switch


class Imports:
    """What the interpreter and wrapt know of the imports of one module."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.locks: dict[str, Callable[[], object]] = {}
        self.hooks: list[Callable[[object], None]] = []

    def run(self, *, fails: bool = False) -> None:
        """Import it; the hooks are called if there were any when it was searched for."""
        name = self._name
        lock = SimpleNamespace(owner=get_ident())
        self.locks[name] = lambda: lock
        is_awaited = bool(self.hooks)
        module: Any = ModuleType(name)
        module.__spec__ = spec = SimpleNamespace(_initializing=True)
        sys.modules[name] = module
        switch()
        if fails:
            del sys.modules[name]
        elif is_awaited:
            hooks, self.hooks = self.hooks, []
            for hook in hooks:
                hook(module)
        spec._initializing = False
        lock.owner = None
