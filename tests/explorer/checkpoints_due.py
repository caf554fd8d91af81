# SPDX-License-Identifier: ISC
"""Scenarios for the question whose checkpoint a call has to be, against looks, settings and libraries that come."""

# Threads play tasks: who runs which library, and what it announces, is said by hand. Worlds and switches are new for each
# schedule, and stand where the code looks for those of the process.

from __future__ import annotations

import sys
from _thread import get_ident
from threading import local
from types import ModuleType
from typing import Any

from aiologic._runtime import checkpoints as real
from aiologic._runtime.detect import Worlds
from aiologic.testing import Scenario, switch, task

from .toys import Toy

checkpoints: Any = real  # the names in it are replaced


class Announcements(local):
    """sniffio's thread-local."""

    name: str | None = None


class Library(Toy):
    """One of several libraries, each with tasks of a kind of its own."""

    def __init__(self, library: str, checks: bool, announced: bool) -> None:
        super().__init__(set())
        self.library = library
        self.checkpoints_by_default = checks
        self.announced = announced
        self._task = type(library, (), {})()

    def current_task(self) -> object | None:
        return self._task if self.is_running() else None


class Due(Scenario):
    """What the others have in common: all calls under "polite" are checkpoints, and none under "hasty"."""

    has_looked = False  # before the first task comes

    def setup(self) -> None:
        sniffio: Any = ModuleType("sniffio")
        sniffio.thread_local = self.announcements = Announcements()
        sys.modules["sniffio"] = sniffio
        self.worlds = worlds = Worlds()
        worlds.registry._found = {True: {}}  # nothing is installed
        checkpoints.worlds = worlds
        checkpoints.async_switch = checkpoints.Switch("async")
        checkpoints._settings.clear()
        worlds.are_checkpoints = self.are_checkpoints
        worlds.may_checkpoint = checkpoints._may_checkpoint
        worlds.find_checkpoint_due = checkpoints._find_checkpoint_due
        worlds.checkpoint_due = checkpoints._find_checkpoint_due
        self.polite = Library("polite", checks=True, announced=True)
        self.hasty = Library("hasty", checks=False, announced=False)
        worlds.add(self.polite)
        worlds.add(self.hasty)
        self.lookers: set[int] = set()
        if self.has_looked:
            assert worlds.checkpoint_due() is None

    def are_checkpoints(self, backend: Any) -> bool | None:
        """What a look asks before it publishes what it has chosen; others run there free of charge."""
        if get_ident() in self.lookers:
            switch()
        answer: bool | None = checkpoints._are_checkpoints(backend)
        return answer

    def ask(self, library: Library) -> object | None:
        """As a call does that need not wait, in a task of that library."""
        library._running.add(get_ident())
        if library.announced:
            self.announcements.name = library.library
        due = self.worlds.checkpoint_due() if self.worlds.must_ask else None
        self.announcements.name = None
        library._running.discard(get_ident())
        return due

    def look(self) -> None:
        """As a call in no task at all, which finds out whom to ask."""
        self.lookers.add(get_ident())
        assert self.worlds.checkpoint_due() is None
        self.lookers.discard(get_ident())

    def turn(self, on: bool) -> None:
        checkpoints.async_switch.setting().set((get_ident(), on))

    def check(self) -> None:
        assert self.ask(self.polite) is self.polite
        assert self.ask(self.hasty) is None
        assert not self.worlds.is_stale, "it looks for ever"


class TwoAsk(Due):
    """The first task of each library comes."""

    @task
    def polite_task(self) -> None:
        assert self.ask(self.polite) is self.polite
        assert self.ask(self.polite) is self.polite

    @task
    def hasty_task(self) -> None:
        assert self.ask(self.hasty) is None
        assert self.ask(self.hasty) is None


class LibraryAgainstLook(Due):
    """A library comes whose calls are checkpoints, too; at that moment, somebody looks."""

    @task
    def newcomer(self) -> None:
        late = Library("late", checks=True, announced=False)
        self.worlds.add(late)
        assert self.ask(late) is late
        switch()
        assert self.ask(late) is late, "it was passed by"

    @task
    def looker(self) -> None:
        self.look()


class LibraryAgainstUse(LibraryAgainstLook):
    """The same while a task asks, to whom the new one means nothing."""

    has_looked = True

    def looker(self) -> None:
        """Nobody only looks."""

    @task
    def user(self) -> None:
        assert self.ask(self.polite) is self.polite


class SettingAgainstSetting(Due):
    """Two threads switch for the first time: each is heeded from then on, whoever made the variable."""

    has_looked = True

    @task
    def turns_off(self) -> None:
        self.turn(False)
        assert self.ask(self.polite) is None, "it is on all the same"

    @task
    def turns_on(self) -> None:
        self.turn(True)
        assert self.ask(self.hasty) is self.hasty, "it is off all the same"


class SettingAgainstLook(Due):
    """A thread switches for the first time while another one looks."""

    @task
    def turns_on(self) -> None:
        self.turn(True)
        assert self.ask(self.hasty) is self.hasty, "it is off all the same"

    @task
    def looker(self) -> None:
        self.look()
