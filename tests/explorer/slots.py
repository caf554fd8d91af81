# SPDX-License-Identifier: ISC
"""Scenarios for what needs no wait: flags, guards, and the creation of an object's lock on first use."""

# In most of them, the slot or the lock does not exist at the beginning, so that both tasks create it at once.

from __future__ import annotations

from typing import Any

import aiologic
from aiologic import BusyResourceError
from aiologic._context_lock import context_section
from aiologic.testing import Scenario, switch, task


class FlagScenario(Scenario):
    """What these scenarios have in common: one task was told that it has set the flag, and its marker is there."""

    def __init__(self, make: Any = aiologic.Flag) -> None:
        self.make = make

    def setup(self) -> None:
        self.flag: Any = self.make()
        self.won: list[str] = []
        self.seen: list[object] = []

    def set(self, marker: str) -> None:
        if self.flag.set(marker):
            self.won.append(marker)

    def check(self) -> None:
        assert self.won == [self.flag.get("unset")], "it is set with another marker"


class TwoSet(FlagScenario):
    """Two set it at once, and one of them wins."""

    @task
    def first(self) -> None:
        self.set("first")

    @task
    def second(self) -> None:
        self.set("second")


class ThreeSet(TwoSet):
    """Three set it at once."""

    @task
    def third(self) -> None:
        self.set("third")


class SetAgainstGet(FlagScenario):
    """A task that looks meanwhile sees nothing or the marker, and from then on the marker."""

    @task
    def setter(self) -> None:
        self.set("marker")

    @task
    def reader(self) -> None:
        self.seen += [self.flag.get("unset"), self.flag.get("unset")]

    def check(self) -> None:
        super().check()
        allowed = [["unset", "unset"], ["unset", "marker"], ["marker", "marker"]]
        assert self.seen in allowed, f"{self.seen} was seen"


class SetAgainstClear(FlagScenario):
    """It is cleared while it is set: if before, it is set in the end; if after, it is not."""

    @task
    def setter(self) -> None:
        self.set("marker")

    @task
    def clearer(self) -> None:
        self.flag.clear()
        self.seen.append(self.flag.get("unset"))

    def check(self) -> None:
        assert self.won == ["marker"], "who has set it has not heard so"
        end = self.flag.get("unset")
        assert self.seen[0] in {"unset", end}, "it was cleared by nobody"


class ClearBetweenTwo(FlagScenario):
    """It is set; one clears it and sets it again, another sets it: one of them wins."""

    def setup(self) -> None:
        super().setup()
        self.flag.set("before")

    @task
    def clearer(self) -> None:
        self.flag.clear()
        self.set("first")

    @task
    def setter(self) -> None:
        self.set("second")

    def check(self) -> None:
        super().check()
        assert len(self.won) == 1


class GuardScenario(Scenario):
    """What these scenarios have in common: at most one task is inside, and in the end none is."""

    #: How often each tries to come in.
    times = 1

    def __init__(self, make: Any = aiologic.ResourceGuard) -> None:
        self.make = make

    def setup(self) -> None:
        self.guard = self.make()
        self.inside: list[None] = []
        self.entered: list[None] = []
        self.refused: list[None] = []

    def use(self) -> None:
        for _ in range(self.times):
            try:
                with self.guard:
                    self.inside.append(None)
                    self.entered.append(None)
                    switch()
                    self.inside.pop()
            except BusyResourceError:
                self.refused.append(None)

    def invariant(self) -> None:
        assert len(self.inside) <= 1, "two are inside"

    def check(self) -> None:
        assert not self.guard, "somebody is inside for ever"
        assert self.entered, "each was refused for another who was refused"


class TwoUse(GuardScenario):
    """Two use it at once."""

    @task
    def first(self) -> None:
        self.use()

    @task
    def second(self) -> None:
        self.use()


class ThreeUse(TwoUse):
    """Three use it at once."""

    @task
    def third(self) -> None:
        self.use()


class TwoUseTwice(TwoUse):
    """A task that has left comes back while the other comes, or is inside."""

    times = 2


class RefusedAgainstLeave(GuardScenario):
    """One is inside and leaves, while another comes: if that is refused, it must not open the door to others."""

    def setup(self) -> None:
        super().setup()
        self.guard.__enter__()
        self.inside.append(None)
        self.entered.append(None)

    @task
    def leaver(self) -> None:
        switch()
        self.inside.pop()
        self.guard.__exit__(None, None, None)

    @task
    def newcomer(self) -> None:
        self.use()
        self.use()


class Synchronized:
    """An object with room for its lock."""


class WithSlots:
    """An object without; its lock is kept elsewhere."""

    __slots__ = ("__weakref__",)


class ContextScenario(Scenario):
    """What these scenarios have in common: all tasks find the same lock of an object."""

    def __init__(self, make: Any) -> None:
        self.make = make

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make.__name__})"

    def setup(self) -> None:
        self.context: Any = self.make()
        self.locks: list[Any] = []

    def find(self) -> Any:
        section = context_section(self.context)
        self.locks.append(section.lock)
        return section

    def check(self) -> None:
        assert len(set(map(id, self.locks))) == 1, "one object has two locks"
        assert context_section(self.context).lock is self.locks[0]


class TwoFind(ContextScenario):
    """The first two methods of an object are called at once."""

    @task
    def first(self) -> None:
        self.find()

    @task
    def second(self) -> None:
        self.find()


class ThreeFind(TwoFind):
    """The first three methods of an object are called at once."""

    @task
    def third(self) -> None:
        self.find()


class ThreadAndTask(ContextScenario):
    """A method and a coroutine method of an object: only one at a time is inside."""

    def setup(self) -> None:
        super().setup()
        self.inside: list[None] = []

    @task
    def first(self) -> None:
        section = self.find()
        section.enter()
        self.stay()
        section.leave()

    @task
    async def second(self) -> None:
        section = self.find()
        await section.aenter()
        self.stay()
        await section.aleave()

    def stay(self) -> None:
        self.inside.append(None)
        switch()
        self.inside.pop()

    def invariant(self) -> None:
        assert len(self.inside) <= 1, "two are inside"

    def check(self) -> None:
        super().check()
        assert not self.locks[0].locked()


class ClassAndInstance(Scenario):
    """The locks of a class and of an instance are created at once: they are different, whichever comes first."""

    def setup(self) -> None:
        self.cls: Any = type("Owner", (), {})
        self.instance: Any = self.cls()
        self.locks: dict[str, Any] = {}

    @task
    def of_class(self) -> None:
        self.locks["class"] = context_section(self.cls).lock

    @task
    def of_instance(self) -> None:
        self.locks["instance"] = context_section(self.instance).lock

    def check(self) -> None:
        of_class, of_instance = self.locks["class"], self.locks["instance"]
        assert of_class is not of_instance, "they share a lock"
        assert context_section(self.cls).lock is of_class, "the class has two locks"
        assert context_section(self.instance).lock is of_instance, "it has two locks"
