# SPDX-License-Identifier: ISC
"""Two threads look at once, and what is served changes meanwhile: nobody is hidden by the look that is out of date.

All orders of them are explored in tests/explorer/test_first_looks.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiologic._runtime import choosing

if TYPE_CHECKING:
    import pytest
    from aiologic._runtime.detect import Worlds

    from ..hand_driven import HandWorld


def test_what_a_look_has_found_that_is_out_of_date(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A: looks; B: adds a backend, and looks; A: writes down what it has found; B: asks."""
    world = new_world()
    found: list[object] = []

    def b_asks() -> bool:
        with world.runs(None):
            found.append(worlds.find_async_world())
        return True

    def b_comes() -> None:
        monkeypatch.setattr(choosing, "find_announcements", lambda: None)
        worlds.add(world)
        b_asks()

    worlds.may_checkpoint = b_asks  # which A asks when it has written it down
    monkeypatch.setattr(choosing, "find_announcements", b_comes)
    worlds._choose()

    assert found
    assert {*found} == {(world, None)}
