# SPDX-License-Identifier: ISC
"""Scenarios for containers that are small until their first items come, from several tasks at once."""

# Every scenario checks three properties:
#
# once       each item that was put is got once, or is still there in the end; other items are not
# order      one task's items come out in the order in which it put them (from the left, the other way round)
# conserved  nothing that was made for this container is left for another

from __future__ import annotations

from contextlib import suppress
from typing import Any

from aiologic._engine import newborn
from aiologic.lowlevel import lazydeque, lazyqueue
from aiologic.testing import Scenario, task


class LazyScenario(Scenario):
    """One task puts numbers, the other letters."""

    make: Any = lazydeque
    grows_to_the_left = False

    #: What is in the container in the end, or was got.
    expected: tuple[object, ...] = (1, 2, "a", "b")

    def __init__(self, make: Any = None) -> None:
        self.make = make or type(self).make

    def describe(self) -> str:
        return f"{type(self).__name__}({self.make.__name__})"

    def setup(self) -> None:
        newborn._newborn.clear()
        self.container: Any = self.make()
        self.got: list[Any] = []

    def check(self) -> None:
        items = self.got + list(self.container._content or ())
        assert sorted(map(str, items)) == sorted(map(str, self.expected)), (
            f"{items} are there, and not {self.expected}"
        )
        if self.grows_to_the_left:
            items.reverse()
        for kind in int, str:
            of_one = [item for item in items if isinstance(item, kind)]
            assert of_one == sorted(of_one), f"in the order {of_one}"
        assert not newborn._newborn, "a newborn deque is left over"


class TwoAppend(LazyScenario):
    """Two add their items one by one."""

    @task
    def numbers(self) -> None:
        self.container.append(1)
        self.container.append(2)

    @task
    def letters(self) -> None:
        self.container.append("a")
        self.container.append("b")


class ThreeAppend(TwoAppend):
    """Three add their items one by one."""

    expected = (1, 2, "a", "b", None)

    @task
    def third(self) -> None:
        self.container.append(None)


class TwoExtend(LazyScenario):
    """Two add all their items in one call."""

    @task
    def numbers(self) -> None:
        self.container.extend([1, 2])

    @task
    def letters(self) -> None:
        self.container.extend("ab")


class AppendAgainstExtend(TwoExtend):
    """One adds its items one by one, the other in one call."""

    @task
    def numbers(self) -> None:
        self.container.append(1)
        self.container.append(2)


class BothOnTheLeft(LazyScenario):
    """The same on the left."""

    grows_to_the_left = True

    @task
    def numbers(self) -> None:
        self.container.appendleft(1)
        self.container.appendleft(2)

    @task
    def letters(self) -> None:
        self.container.extendleft("ab")


class InsertAgainstExtend(TwoExtend):
    """One inserts its items in front of all others."""

    @task
    def numbers(self) -> None:
        self.container.insert(0, 2)
        self.container.insert(0, 1)


class AppendAgainstPop(LazyScenario):
    """What one adds, the other takes out, or finds nothing."""

    expected = (1, 2)

    @task
    def numbers(self) -> None:
        self.container.append(1)
        self.container.append(2)

    @task
    def taker(self) -> None:
        for _ in range(2):
            with suppress(IndexError):
                self.got.append(self.container.popleft())


class AppendToALimit(TwoAppend):
    """The last three are there: whoever makes the deque, it has the limit."""

    def setup(self) -> None:
        super().setup()
        self.container = self.make(maxlen=3)

    def check(self) -> None:
        items = list(self.container)
        assert len(items) == 3, f"{items} are there"
        assert {2, "b"} <= set(items), f"the last ones are not among {items}"


class TwoPut(LazyScenario):
    """Two put their items."""

    make = lazyqueue

    @task
    def numbers(self) -> None:
        self.container.put(1)
        self.container.put(2)

    @task
    def letters(self) -> None:
        self.container.put("a")
        self.container.put("b")


class PutAgainstGet(LazyScenario):
    """What one puts, the other gets, or finds nothing."""

    make = lazyqueue
    expected = (1, 2)

    @task
    def numbers(self) -> None:
        self.container.put(1)
        self.container.put(2)

    def gets(self) -> None:
        with suppress(IndexError):
            self.got.append(self.container.get())

    @task
    def taker(self) -> None:
        self.gets()
        self.gets()


class PutForTwo(PutAgainstGet):
    """Two get, each once."""

    @task
    def taker(self) -> None:
        self.gets()

    @task
    def other(self) -> None:
        self.gets()

    def check(self) -> None:
        self.got.sort()  # the tasks note them one after the other
        super().check()
