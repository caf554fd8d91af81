# SPDX-License-Identifier: ISC
"""What a world says of itself is true: no duty is checked here, only the World.

A library that can't do what a test asks for says so in ``World.deviations``, and
the test has to fail then. No test is left out silently.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._stage import World


def test_each_deviation_is_of_a_test_and_has_a_reason(world: World) -> None:
    """The names are those of tests in the two suites.

    If this fails: the test has been renamed, or the name is misspelt.
    """
    package = __name__.rpartition(".conformance")[0]
    suites = [
        import_module(f"{package}.{suite}") for suite in ("behaviour", "conformance")
    ]

    for name, reason in world.deviations.items():
        test = name.partition("[")[0]
        assert any(hasattr(suite, test) for suite in suites), name
        assert reason.strip(), name


def test_what_a_world_says_goes_together(world: World) -> None:
    """Nothing in it contradicts the rest.

    If this fails: read the descriptions of the fields of World again.
    """
    if world.level_cancellation or world.remote_wakes_first:
        assert world.cancels
    assert world.name
    assert world.library.isidentifier()
