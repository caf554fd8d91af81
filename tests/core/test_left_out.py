# SPDX-License-Identifier: ISC
"""Which packages need what ``aiologic.meta`` left out is found in the sources of what is installed (contract 1.5)."""

from __future__ import annotations

from importlib.metadata import PathDistribution
from typing import TYPE_CHECKING

import pytest
from aiologic import _left_out

if TYPE_CHECKING:
    from pathlib import Path

ASKS = """
from aiologic.meta import isgreenpatched, DEFAULT
from aiologic import meta
import aiologic
meta.resolve_name("x", None)
aiologic.meta.getsro(len)
meta.export(globals())
from aiologic import meta as about
about.generator(len)
import aiologic.meta as m
m.coroutine(len)
"""


def asked_for(folder: Path, requires: str, source: str) -> list[tuple[str, str]]:
    """What it finds in an installed distribution with this requirement and this source."""
    (folder / "dependent.py").write_text(source, encoding="utf-8")
    info = folder / "dependent-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: dependent\nVersion: 1.0\n"
        f"Requires-Dist: {requires}\n",
        encoding="utf-8",
    )
    # One of its files is missing, another is not source code.
    files = "dependent.py,,\ngone.py,,\ndependent.txt,,\n"
    (info / "RECORD").write_text(files, encoding="utf-8")
    return list(_left_out.asked_for(PathDistribution(info)))


@pytest.mark.parametrize(
    "requires", ["aiologic>=0.17,<0.18", "aiologic", "Aiologic-Core[testing]"]
)
def test_a_dependent_that_asks(tmp_path: Path, requires: str) -> None:
    assert asked_for(tmp_path, requires, ASKS) == [
        ("dependent.py:2", "isgreenpatched"),
        ("dependent.py:5", "resolve_name"),
        ("dependent.py:6", "getsro"),
        ("dependent.py:9", "generator"),
        ("dependent.py:11", "coroutine"),
    ]


@pytest.mark.parametrize(
    ("requires", "source"),
    [
        pytest.param("aiologic-like", ASKS, id="no dependent"),
        pytest.param("aiologic", "from aiologic.meta import DEFAULT", id="has it"),
        pytest.param("aiologic", "import x.meta; x.meta.getsro", id="another's meta"),
        pytest.param(
            "aiologic", "from aiologic import meta; f(meta).getsro", id="of a result"
        ),
        pytest.param("aiologic", ASKS + "{{ here }", id="a template"),
        pytest.param("aiologic", ASKS + "\0", id="no text"),
    ],
)
def test_who_gets_what_it_asks_for(tmp_path: Path, requires: str, source: str) -> None:
    assert asked_for(tmp_path, requires, source) == []
