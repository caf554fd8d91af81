# SPDX-License-Identifier: ISC
"""Everything that can be waited for has the method names that locks and semaphores have, green and async."""

from __future__ import annotations

import inspect

import aiologic
import pytest
from aiologic.testing.catalogue import EVENTS, Kind, happen

WAITABLE = [
    getattr(aiologic, name)
    for name in aiologic.__all__
    if hasattr(getattr(aiologic, name), "wait")
]


def test_there_are_such() -> None:
    names = {cls.__name__ for cls in WAITABLE}
    assert names >= {"Event", "REvent", "CountdownEvent", "Latch", "RBarrier"}
    assert "Condition" in names


@pytest.mark.parametrize("cls", WAITABLE)
def test_the_names_are_for_the_same(cls: type) -> None:
    # A subclass that overrides one of them has to set the other, too.
    assert vars_of(cls, "green_wait") is vars_of(cls, "wait")
    assert vars_of(cls, "async_wait") is vars_of(cls, "with_")


@pytest.mark.parametrize("cls", WAITABLE)
def test_the_async_one_is_a_coroutine_function(cls: type) -> None:
    """Thereby ``shield()``, ``enable_checkpoints()`` and other packages can tell it from green calls."""
    assert inspect.iscoroutinefunction(vars_of(cls, "async_wait"))
    assert not inspect.iscoroutinefunction(vars_of(cls, "green_wait"))


def vars_of(cls: type, name: str) -> object:
    return next(vars(base)[name] for base in cls.__mro__ if name in vars(base))


@pytest.mark.parametrize("kind", EVENTS, ids=str)
def test_they_wait(kind: Kind) -> None:
    event = kind.make()
    assert event.green_wait(0) is False

    happen(event)

    assert event.green_wait() is True
