# SPDX-License-Identifier: ISC
"""How scenarios are written: a class whose marked methods run as tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    F = TypeVar("F", bound=Callable[..., Any])

_MARK = "_cancellable_task"


class Cancelled(BaseException):
    """Raised in a cancelled task of a scenario, by the call in which it waits."""


class Part(NamedTuple):
    """One task of a scenario."""

    name: str
    body: Callable[[], Any]
    cancellable: bool


class Scenario:
    """A handful of tasks around a primitive, to be run in every order.

    Each method marked with :func:`task` is a task: a plain method in a green
    world, a coroutine method in an async one. Tasks may be switched between any
    two bytecodes of the primitive; the scenario's own lines run as one step,
    except at :func:`switch`::

        class HandOver(Scenario):
            def setup(self):
                self.lock = aiologic.Lock()
                self.inside = []

            @task
            def holder(self):
                with self.lock:
                    self.inside.append("holder")
                    switch()
                    self.inside.pop()

            @task(cancellable=True)
            async def newcomer(self):
                async with self.lock:
                    self.inside.append("newcomer")
                    switch()
                    self.inside.pop()

            def invariant(self):
                assert len(self.inside) <= 1

            def check(self):
                assert not self.lock.locked()


        explore(HandOver)

    A scenario must behave the same in each run: no randomness, no clocks, no
    other threads.
    """

    #: How many waits with a time-out may time out in one run although others
    #: could go on.
    timeouts: int = 1

    #: How many cancellations may happen in one run, to tasks that are marked.
    cancellations: int = 1

    #: Whether waits with a time-out end by themselves when nobody can go on.
    #: Otherwise that is reported, for it shows a lost wake-up where every wait
    #: should be served.
    time_passes: bool = False

    def setup(self) -> None:
        """Create everything anew; called before each run, outside of any task."""

    def invariant(self) -> None:
        """Raise if something is wrong during the run; called at every switch point.

        Must not change anything, nor call anything that needs a task.
        """

    def check(self) -> None:
        """Raise if something is wrong at the end; called when all tasks have ended."""

    def describe(self) -> str:
        """A name for reports."""
        return type(self).__qualname__


@overload
def task(function: F) -> F: ...
@overload
def task(*, cancellable: bool = ...) -> Callable[[F], F]: ...


def task(function: Any = None, *, cancellable: bool = False) -> Any:
    """Mark a method of a :class:`Scenario` as a task.

    Args:
        function: The method, if used without parentheses.
        cancellable: Whether any of its waits may be cancelled, even one that was
            already woken, if the task has not gone on yet. The task may then end
            with :exc:`Cancelled`.
    """

    def mark(function: Any) -> Any:
        setattr(function, _MARK, cancellable)
        return function

    return mark if function is None else mark(function)


def parts_of(scenario: Scenario) -> list[Part]:
    """A scenario's tasks in the order of their definition, inherited ones first."""
    names: list[str] = []
    for cls in reversed(type(scenario).__mro__):
        names += [
            name
            for name, value in vars(cls).items()
            if hasattr(value, _MARK) and name not in names
        ]
    parts: list[Part] = []
    for name in names:
        body = getattr(scenario, name)
        if hasattr(body, _MARK):
            parts.append(Part(name, body, getattr(body, _MARK)))
    if not parts:
        raise TypeError(f"{scenario.describe()} has no method marked with @task")
    return parts
