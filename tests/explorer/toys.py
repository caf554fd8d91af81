# SPDX-License-Identifier: ISC
"""A library with a backend, and how that is installed: as a toy, for to read and to load a real one takes long."""

from __future__ import annotations

import sys
from _thread import get_ident
from typing import Any

from aiologic.backends import AsyncBackend
from aiologic.testing import switch

TOY = "aiologic_tests_toy"


class Toy(AsyncBackend):
    """A backend whose tasks are threads that the scenario names."""

    library = TOY
    api_version = 1

    def __init__(self, running: set[int]) -> None:
        self._running = running

    def current_task(self) -> object | None:
        return self if self.is_running() else None

    def is_running(self) -> bool:
        return get_ident() in self._running

    def knows(self, task: object) -> bool:
        return task is self

    def runs_here(self, task: object) -> bool:
        return task is self

    def root_frame(self, task: object) -> None:
        """Nobody asks: no other library runs."""

    def create_waiter(self) -> Any:
        raise NotImplementedError

    async def checkpoint(self) -> None:
        raise NotImplementedError

    async def checkpoint_if_cancelled(self) -> None:
        raise NotImplementedError

    def current_token(self) -> object:
        return self

    async def shield(self, awaitable: Any) -> Any:
        raise NotImplementedError


class Plugin:
    """What is installed: an entry point, and its distribution."""

    group = "aiologic.backends"
    name = TOY
    value = "aiologic_toy"
    metadata = {"Name": "aiologic-toy", "Version": "1"}  # noqa: RUF012

    def __init__(self, running: set[int], needs_library: bool) -> None:
        self._running = running
        self._needs_library = needs_library
        self.entry_points = [self]

    def load(self) -> AsyncBackend:
        """What it hands over; like an import, that may take long."""
        spec = getattr(sys.modules.get(TOY), "__spec__", None)
        if self._needs_library and (spec is None or spec._initializing):
            raise ImportError(f"cannot import from partially initialized {TOY}")
        switch()
        return Toy(self._running)


def hand_over(entry: Any) -> AsyncBackend:
    """In place of what pluggy does, which takes long."""
    backend: AsyncBackend = entry.point.load()
    return backend


plugins: list[Plugin] = []


def distributions() -> list[Plugin]:
    """Those that are installed."""
    return plugins
