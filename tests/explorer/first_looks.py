# SPDX-License-Identifier: ISC
"""Scenarios for the first look whom to ask, against imports, plugins that load, and backends that come and go."""

# Imports are played (imports.py), and so are installed distributions (toys.py). Courtesy is left out, as it is by who has
# lost his patience: nothing may depend on it.

from __future__ import annotations

import sys
from _thread import get_ident
from typing import TYPE_CHECKING, Any, Callable

from aiologic._runtime import activation
from aiologic._runtime.detect import Worlds
from aiologic.testing import Scenario, switch, task

from .imports import Imports
from .toys import TOY, Plugin, Toy, plugins

if TYPE_CHECKING:
    from aiologic.backends import AsyncBackend

imports = Imports(TOY)


def when_imported(name: str) -> Callable[[Any], None]:
    """As wrapt has it, which does this behind a lock of its own: one step."""

    def set_hook(hook: Any) -> None:
        module = sys.modules.get(name)
        if name != TOY:  # the explorer's own worlds look, too
            return
        if module is None:
            imports.hooks.append(hook)
        else:
            hook(module)

    return set_hook


class Looks(Scenario):
    """What the others have in common: worlds that nobody has used yet."""

    is_installed = True
    is_imported = False  # before the first look
    needs_library = True

    def setup(self) -> None:
        self.clear()
        self.running: set[int] = set()
        if self.is_installed:
            plugins.append(Plugin(self.running, self.needs_library))
        if self.is_imported:
            imports.run()
        self.worlds = Worlds()
        self.worlds.registry.narrowed_to = None
        self.found: set[AsyncBackend] = set()

    def clear(self) -> None:
        plugins.clear()
        imports.locks.clear()
        imports.hooks.clear()
        activation._watched.clear()
        sys.modules.pop(TOY, None)

    def look(self) -> AsyncBackend | None:
        """Who serves the caller, if anybody does."""
        world = self.worlds.find_async_world()
        return None if world is None else world[0]

    def find(self) -> None:
        """As a task of the library, whose import has ended: it must be served."""
        self.running.add(get_ident())
        self.found.add(self.worlds.async_world()[0])
        self.running.discard(get_ident())

    def check(self) -> None:
        if TOY not in sys.modules:
            imports.run()
        self.find()
        assert len(self.found) == 1, "it is served by two"
        assert not self.worlds.is_stale, "it looks for ever"
        self.clear()


class ImportAgainstLook(Looks):
    """A thread looks while another one imports the library, and then runs it."""

    @task
    def importer(self) -> None:
        imports.run()
        switch()
        self.find()

    @task
    def looker(self) -> None:
        assert self.look() is None


class ImportAgainstTwoLooks(ImportAgainstLook):
    """The same with two that look."""

    @task
    def another(self) -> None:
        assert self.look() is None


class FailedImportAgainstLook(Looks):
    """The import fails; the next one must be heard of, and the plugin not be tried before."""

    @task
    def importer(self) -> None:
        imports.run(fails=True)

    @task
    def looker(self) -> None:
        assert self.look() is None


class FailedImportAgainstTwoLooks(FailedImportAgainstLook):
    """The same with two that look."""

    @task
    def another(self) -> None:
        assert self.look() is None


class ImportedAnewAgainstLook(Looks):
    """It was heard of an import, and the module is taken away: the next one must be heard of, too."""

    needs_library = False  # a plugin that finds it gone imports it itself

    @task
    def importer(self) -> None:
        imports.run()
        del sys.modules[TOY]

    @task
    def looker(self) -> None:
        assert self.look() is None


class TwoFirstLooks(Looks):
    """Two tasks of the library come at once: both read what is installed, and load the backend."""

    is_imported = True

    @task
    def one(self) -> None:
        self.find()

    @task
    def other(self) -> None:
        self.find()


class ThreeFirstLooks(TwoFirstLooks):
    """Three do."""

    @task
    def third(self) -> None:
        self.find()


class LookAgainstName(Looks):
    """A thread names a library that nobody has imported under its name; another looks, and then names it, too."""

    needs_library = False

    def find_by_name(self) -> None:
        override = self.worlds.async_override
        override.name = TOY
        self.find()
        override.name = None

    @task
    def one(self) -> None:
        self.find_by_name()

    @task
    def other(self) -> None:
        assert self.look() is None
        self.find_by_name()


class AddedAgainstLook(Looks):
    """A thread adds a backend, and then its library runs it; another one looks."""

    is_installed = False
    is_imported = True  # so that check() changes nothing

    @task
    def adder(self) -> None:
        self.worlds.add(Toy(self.running))
        self.find()

    @task
    def looker(self) -> None:
        assert self.look() is None


class ReplacedAgainstUse(Looks):
    """A thread adds a backend where there was another one: from then on, the new one does."""

    is_installed = False
    is_imported = True  # so that check() changes nothing

    def setup(self) -> None:
        super().setup()
        self.worlds.add(Toy(self.running))
        assert self.look() is None

    @task
    def replacer(self) -> None:
        self.worlds.add(Toy(self.running))
        self.find()

    @task
    def user(self) -> None:
        self.running.add(get_ident())
        self.worlds.async_world()
        self.running.discard(get_ident())


class RemovedAgainstUse(ReplacedAgainstUse):
    """A thread removes it: from then on, nobody serves it."""

    def replacer(self) -> None:
        """Nobody replaces it."""

    @task
    def remover(self) -> None:
        self.worlds.remove(TOY)
        self.refused()

    def user(self) -> None:
        """Another one than that which must be served."""

    @task
    def looker(self) -> None:
        self.running.add(get_ident())
        self.look()
        self.running.discard(get_ident())

    def refused(self) -> None:
        self.running.add(get_ident())
        assert self.look() is None, "who was removed serves on"
        self.running.discard(get_ident())

    def check(self) -> None:
        self.refused()
        self.clear()
