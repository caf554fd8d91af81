# SPDX-License-Identifier: ISC
"""The published suites are whole: a star takes over each test, and each test helps whoever fails it."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Callable

import aiologic.backends
import pytest
from aiologic.testing import behaviour, conformance
from aiologic.testing.harness import World
from aiologic.testing.plugin import ADVICE

if TYPE_CHECKING:
    from types import ModuleType

DUTIES = set(range(1, 15))


def modules_of(suite: ModuleType) -> list[ModuleType]:
    names = [found.name for found in iter_modules(suite.__path__)]
    return [import_module(f"{suite.__name__}.{name}") for name in sorted(names)]


def written_in(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Those that are written in this very module."""
    return {
        name: value
        for name, value in vars(module).items()
        if name.startswith("test_") and value.__module__ == module.__name__
    }


def claims_of(module: ModuleType) -> set[int]:
    """The duties that it says it checks."""
    opening = (module.__doc__ or "").partition(":")[0]
    assert not opening or opening[0].isupper()
    return set(map(int, re.findall(r"\d+", opening)))


@pytest.mark.parametrize("suite", [behaviour, conformance], ids=lambda s: s.__name__)
def test_a_star_takes_over_each_test(suite: ModuleType) -> None:
    """No two have one name, else the one would hide the other."""
    for module in modules_of(suite):
        assert written_in(module), module
        for name, test in written_in(module).items():
            assert getattr(suite, name) is test, f"{module.__name__}: {name}"


def test_no_test_is_in_both_suites() -> None:
    """A deviation names a test, and must not mean two."""
    named: set[str] = set()
    for suite in (behaviour, conformance):
        for module in modules_of(suite):
            both = named.intersection(written_in(module))
            assert not both, both
            named.update(written_in(module))


def test_each_conformance_test_says_what_to_do_if_it_fails() -> None:
    silent = [
        f"{module.__name__}: {name}"
        for module in modules_of(conformance)
        for name, test in written_in(module).items()
        if "If this fails" not in " ".join((test.__doc__ or "").split())
        or not (test.__doc__ or "").splitlines()[0].endswith((".", "?"))
    ]

    assert not silent


def test_each_behaviour_module_says_what_to_look_at_if_its_tests_fail() -> None:
    """One thing is to blame for many of its tests, so it stands there once, and is shown with each failure."""
    for module in modules_of(behaviour):
        _, opening, advice = (module.__doc__ or "").partition(f"\n\n{ADVICE}: ")
        assert opening, module
        assert "look" in advice, module
        assert set(map(int, re.findall(r"\d+", advice))) <= {0, *DUTIES}
        for name in re.findall(r"``World\.(\w+)``", advice):
            assert name in World._fields, name


def test_the_behaviour_suite_tells_what_each_of_its_modules_asks() -> None:
    told = set(re.findall(r"\(``(\w+)``\)", behaviour.__doc__ or ""))

    names = {module.__name__.rpartition(".")[2] for module in modules_of(behaviour)}
    assert told == names


def test_each_duty_is_claimed_by_a_module_and_no_other_is() -> None:
    claimed = [claims_of(module) for module in modules_of(conformance)]

    assert set().union(*claimed) == DUTIES


def test_the_list_of_duties_names_the_modules_that_check_them() -> None:
    text = aiologic.backends.__doc__ or ""
    listed = {
        int(number): set(re.findall(r"``(\w+)``", modules))
        for number, modules in re.findall(
            r"^ +(\d+)\. \*[\w -]+\* \(([^)]*)\)", text, re.MULTILINE
        )
    }
    claimed = {
        duty: {
            module.__name__.rpartition(".")[2]
            for module in modules_of(conformance)
            if duty in claims_of(module)
        }
        for duty in DUTIES
    }

    assert listed == claimed
