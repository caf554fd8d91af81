# SPDX-License-Identifier: ISC
"""Switches are counted in everything that can be awaited."""

from __future__ import annotations

from types import coroutine
from typing import TYPE_CHECKING

import pytest
from aiologic.testing.harness import switches_of

if TYPE_CHECKING:
    from collections.abc import Generator


@coroutine
def suspends_twice() -> Generator[str, str, str]:
    """A suspending function as libraries write it: awaitable, but without ``__await__``."""
    first = yield "a"
    second = yield "b"
    return first + second


async def awaits() -> str:
    return await suspends_twice()


def test_a_coroutine_is_counted() -> None:
    steps = switches_of(awaits())

    assert [steps.send(None), steps.send("1")] == ["a", "b"]
    with pytest.raises(StopIteration) as end:
        steps.send("2")
    assert end.value.value == ("12", 2)


def test_a_generator_that_can_be_awaited_is_counted() -> None:
    steps = switches_of(suspends_twice())

    assert [steps.send(None), steps.send("1")] == ["a", "b"]
    with pytest.raises(StopIteration) as end:
        steps.send("2")
    assert end.value.value == ("12", 2)
