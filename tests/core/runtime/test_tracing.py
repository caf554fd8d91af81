# SPDX-License-Identifier: ISC
"""`AIOLOGIC_TRACE=1` reports on stderr how backends are found, and by which plugin they are handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .conftest import Site

if TYPE_CHECKING:
    from pathlib import Path

# Output on stderr is wanted here.
TOGETHER = """
    import os

    os.dup2(1, 2)
"""
RAISES = """
    from aiologic.backends import hookimpl

    @hookimpl
    def aiologic_backend():
        raise OSError("no toy here")
"""
COME_WITH_TOY = """
    import toy
    import aiologic
    toy.task = object()

    try:
        aiologic.Lock().async_acquire().send(None)
    except StopIteration:
        pass
    except (aiologic.AsyncLibraryNotFoundError, aiologic.BackendError):
        pass
"""


def traced(site: Site, about: str = "'toy'", **environment: str) -> list[str]:
    """What is reported about the things that a test made up."""
    said = site.run(TOGETHER, COME_WITH_TOY, **environment)
    return [line for line in said.splitlines() if about in line]


def test_nothing_is_told_by_default(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    assert traced(toy) == []
    assert traced(toy, AIOLOGIC_TRACE="0") == []


def test_each_step_is_told(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    found, asked, handed_over, served = traced(toy, AIOLOGIC_TRACE="1")

    assert found == "aiologic: found 'toy': aiologic-toy 1.0 (aiologic_toy)"
    assert asked == "aiologic: 'toy': calling aiologic_backend() of aiologic_toy"
    assert handed_over.startswith("aiologic: 'toy': aiologic_backend() returned [<")
    assert served == "aiologic: 'toy' is served by aiologic_toy.Backend"


def test_what_fails_is_told(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="1 / 0")

    *_, last = traced(toy, AIOLOGIC_TRACE="1")

    assert last.startswith("aiologic: 'toy' is not served: ")
    assert "ZeroDivisionError" in last


def test_a_hook_that_raises_is_told(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source=RAISES)

    *_, raised, last = traced(toy, AIOLOGIC_TRACE="1")

    assert raised == "aiologic: 'toy': aiologic_backend() raised OSError: no toy here"
    assert "is not served" in last


def test_what_was_narrowed_away_is_told(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    (line,) = traced(toy, AIOLOGIC_TRACE="1", AIOLOGIC_BACKENDS="robot")

    assert line == "aiologic: left out 'toy': AIOLOGIC_BACKENDS does not name it"


def test_a_distribution_that_is_spoilt_is_told(toy: Site) -> None:
    toy.add_distribution("a-spoilt-one", "toy", metadata="Version: 1.0\n")

    (line,) = traced(toy, "passed over a distribution", AIOLOGIC_TRACE="1")

    assert line.startswith("aiologic: passed over a distribution: ")


def test_a_distribution_that_is_shadowed_is_told(toy: Site, tmp_path: Path) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    system = Site(tmp_path / "system")
    system.folder.mkdir()
    metadata = "Metadata-Version: 2.1\nName: aiologic-toy\nVersion: 0.9\n"
    system.add_distribution("aiologic-toy", "toy", metadata=metadata)

    said = toy.run(
        TOGETHER,
        f"import sys; sys.path.append({str(system.folder)!r})",
        COME_WITH_TOY,
        AIOLOGIC_TRACE="1",
    )

    assert (
        "aiologic: passed over aiologic-toy 0.9: aiologic-toy 1.0 comes before it"
        in said.splitlines()
    )
