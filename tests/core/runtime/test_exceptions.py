# SPDX-License-Identifier: ISC
"""What our exceptions derive from, with sniffio and without it."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic import exceptions, lowlevel

if TYPE_CHECKING:
    from ..crew import Crew
    from .conftest import Site

NAMES = ["AsyncLibraryNotFoundError", "BackendError", "GreenLibraryNotFoundError"]


@pytest.mark.parametrize("name", NAMES)
def test_one_class_under_two_names(name: str) -> None:
    error = getattr(aiologic, name)

    assert error is getattr(exceptions, name)
    assert issubclass(error, RuntimeError)
    assert (error.__module__, error.__qualname__) == ("aiologic", name)
    assert error.__doc__
    again = pickle.loads(pickle.dumps(error("told")))
    assert type(again) is error
    assert again.args == ("told",)


def test_low_level_code_finds_its_own_where_it_was() -> None:
    name = "AsyncLibraryNotFoundError"
    assert getattr(lowlevel, name) is getattr(aiologic, name)


@pytest.mark.parametrize("module", [aiologic, exceptions])
def test_there_are_no_others(module: object) -> None:
    with pytest.raises(AttributeError, match="'NoSuchError'"):
        module.NoSuchError  # type: ignore[attr-defined]  # noqa: B018  # the access is what raises


def test_it_is_a_kind_of_sniffios(site: Site) -> None:
    site.add_module(
        "sniffio",
        """
        import threading

        thread_local = threading.local()
        thread_local.name = None

        class AsyncLibraryNotFoundError(RuntimeError):
            pass
        """,
    )
    said = site.run("""
        import sys
        import aiologic

        print("sniffio" in sys.modules)
        try:
            aiologic.Lock().async_acquire().send(None)
        except RuntimeError as error:
            import sniffio
            print(isinstance(error, sniffio.AsyncLibraryNotFoundError))
            print(type(error) is aiologic.AsyncLibraryNotFoundError)
    """)

    assert said.split() == ["False", "True", "True"]


def test_it_does_without_sniffio(site: Site) -> None:
    site.add_module("sniffio", "raise ImportError('not installed')")
    said = site.run("""
        import aiologic

        try:
            aiologic.Lock().async_acquire().send(None)
        except aiologic.AsyncLibraryNotFoundError as error:
            print(type(error).__mro__[1].__name__)
    """)

    assert said == "RuntimeError"


@pytest.mark.usefixtures("tiny_switch_interval")
def test_all_threads_get_the_same_class(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "AsyncLibraryNotFoundError"
    for _ in range(50):
        # As if nobody had asked for it yet.
        monkeypatch.delitem(vars(exceptions), name, raising=False)
        found = crew.race(*[lambda: getattr(exceptions, name)] * 4)
        assert len(set(found)) == 1
