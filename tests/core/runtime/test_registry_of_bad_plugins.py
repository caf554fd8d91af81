# SPDX-License-Identifier: ISC
"""A broken plugin is reported to those who need it: what is wrong, and what may help."""

from __future__ import annotations

import pytest
from aiologic.backends import API_VERSION

from .conftest import COME_WITH_TOY, Site

# -- it raises -------------------------------------------------------------------------------------------------------


def test_a_plugin_that_raises_on_import(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="1 / 0")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "'toy'" in said
    assert "aiologic-toy 1.0" in said
    assert "ZeroDivisionError: division by zero" in said


def test_a_plugin_that_ends_the_process_on_import(toy: Site) -> None:
    """It counts as broken; the program goes on."""
    toy.add_distribution(
        "aiologic-toy", "toy", source="import sys; sys.exit('too old a kernel')"
    )
    toy.add_library("stranger")
    toy.add_distribution("aiologic-stranger", "stranger", source="exit(3)")

    said = toy.run("import stranger", COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "aiologic-toy 1.0" in said
    assert "SystemExit: too old a kernel" in said


def test_a_plugin_that_raises_in_its_hook(toy: Site) -> None:
    source = """
    from aiologic.backends import hookimpl

    @hookimpl
    def aiologic_backend():
        raise LookupError("no luck")
    """
    toy.add_distribution("aiologic-toy", "toy", source=source)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "LookupError: no luck" in said


def test_a_plugin_whose_library_is_missing(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="import toy_extras")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "pip install toy_extras" in said


def test_an_error_is_found_out_once_and_told_each_time(toy: Site) -> None:
    source = "print('imported'); import toy_extras"
    toy.add_distribution("aiologic-toy", "toy", source=source)

    first, *told = toy.run(COME_WITH_TOY, "come()").splitlines()

    assert first == "imported"
    assert len(told) == 2
    assert told[0] == told[1]


# -- it is none for us -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("api_version", "outdated"),
    [
        (API_VERSION - 1, "aiologic-toy"),
        (API_VERSION + 1, "aiologic-core"),
        (None, "aiologic-toy"),
        ("'1'", "aiologic-toy"),
    ],
)
def test_a_plugin_for_another_interface(
    toy: Site, api_version: object, outdated: str
) -> None:
    toy.add_distribution("aiologic-toy", "toy", api_version=api_version)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert f"interface version {api_version}" in said
    assert f"pip install --upgrade {outdated}" in said


def test_a_plugin_that_hands_over_something_else(toy: Site) -> None:
    source = """
    from aiologic.backends import hookimpl

    @hookimpl
    def aiologic_backend():
        return "a backend"
    """
    toy.add_distribution("aiologic-toy", "toy", source=source)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "'a backend'" in said
    assert "AsyncBackend" in said


def test_a_plugin_for_another_copy_of_aiologic(toy: Site) -> None:
    """A vendored copy finds the backends that are installed, and can't use them."""
    source = """
    from aiologic.backends import hookimpl

    class AsyncBackend:
        __module__ = "elsewhere.aiologic.backends"

    class ToyBackend(AsyncBackend):
        library, api_version = "toy", 1

    @hookimpl
    def aiologic_backend():
        return ToyBackend()
    """
    toy.add_distribution("aiologic-toy", "toy", source=source)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "another copy of aiologic (elsewhere.aiologic.backends)" in said
    assert "Depend on aiologic-core instead" in said


def test_a_plugin_that_serves_another_library_than_it_says(toy: Site) -> None:
    toy.add_library("robot")
    toy.add_distribution("aiologic-robot", "robot")
    toy.add_distribution(
        "aiologic-toy", "toy", source="from aiologic_robot import aiologic_backend"
    )

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "'toy'" in said
    assert "'robot'" in said


def test_a_plugin_without_the_hook(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "aiologic_backend()" in said
