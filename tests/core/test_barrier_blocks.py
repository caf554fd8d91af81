# SPDX-License-Identifier: ISC
"""All parties enter the block of a barrier together, and an exception that leaves it breaks it (contract 1.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .barriers import each_cyclic

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


@each_cyclic
def test_a_block_is_entered_with_the_index(
    cls: Any, world: HandWorld, crew: Crew
) -> None:
    """contract 1.3.2."""
    barrier = cls(2)

    async def in_a_task() -> int:
        async with barrier as index:
            return int(index)

    def in_a_thread() -> int:
        with barrier as index:
            return int(index)

    task = world.spawn(in_a_task()).step()
    assert crew.run(in_a_thread) == 1
    assert task.step().result == 0
    assert not barrier.broken


@each_cyclic
def test_a_block_calls_what_a_subclass_has_overridden(
    cls: Any, world: HandWorld
) -> None:
    calls = []

    class Overriding(cls):  # type: ignore[misc]  # it has several
        def __await__(self) -> Any:
            calls.append("await")
            return super().__await__()

        def wait(self, /, timeout: float | None = None) -> Any:
            calls.append("wait")
            return super().wait(timeout)

        def abort(self) -> None:
            calls.append("abort")
            super().abort()

    async def in_a_task() -> None:
        async with Overriding(1):
            raise KeyError

    with pytest.raises(KeyError), Overriding(1):
        raise KeyError
    assert calls == ["wait", "abort"]
    calls.clear()
    with pytest.raises(KeyError):
        world.spawn(in_a_task()).step().step()
    assert calls == ["await", "abort"]


@each_cyclic
@pytest.mark.parametrize("kind", ["async", "green"])
def test_an_exception_that_leaves_a_block_breaks_it(
    cls: Any, world: HandWorld, kind: str
) -> None:
    """contract 1.3.2."""
    barrier = cls(1)

    async def in_a_task() -> None:
        async with barrier:
            raise KeyError

    def in_a_thread() -> None:
        with barrier:
            raise KeyError

    def run() -> None:
        if kind == "green":
            in_a_thread()
        else:
            world.spawn(in_a_task()).step().step()

    with pytest.raises(KeyError):
        run()
    assert barrier.broken
