# SPDX-License-Identifier: ISC
"""What a module calls public is what a reader finds in it, no more and no less."""

from __future__ import annotations

import importlib
import inspect
import pickle
import subprocess
import sys
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Iterator

import aiologic
import pytest
from aiologic import backends, lowlevel, meta

if TYPE_CHECKING:
    from pathlib import Path


def test_every_public_name_is_listed(packages: list[Path]) -> None:
    unlisted = {
        (module.__name__, name)
        for module in public_modules(packages)
        for name, value in vars(module).items()
        if is_public(name) and is_ours(value) and name not in module.__all__
    }

    assert not unlisted


def test_every_listed_name_is_public_and_exists(packages: list[Path]) -> None:
    for module in public_modules(packages):
        assert len(set(module.__all__)) == len(module.__all__), module
        for name in module.__all__:
            assert is_public(name) or name.startswith("__"), (module, name)
            # Not a look into vars(): a name may be made when it is asked for.
            assert hasattr(module, name), (module, name)


@pytest.mark.parametrize(
    "module", [aiologic, lowlevel, meta, backends], ids=lambda m: m.__name__
)
def test_there_are_no_other_names(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing


@pytest.mark.parametrize("module", [aiologic, lowlevel, meta], ids=lambda m: m.__name__)
def test_a_prompt_completes_each_name(module: ModuleType) -> None:
    """Also one that is imported when it is first asked for."""
    command = f"import {module.__name__} as module; print(*dir(module))"
    names = set(
        subprocess.run(
            [sys.executable, "-c", command],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.split()
    )

    assert set(module.__all__) <= names
    assert {"__all__", "__doc__", "__name__"} <= names
    if module is aiologic:
        assert {"__version__", "__version_tuple__", "lowlevel", "meta"} <= names


@pytest.mark.parametrize("module", [aiologic, lowlevel, meta], ids=lambda m: m.__name__)
def test_no_signature_shows_an_address(module: ModuleType) -> None:
    """A default that stands for "not given" is shown by a name: in ``help()``, and where the reference is built."""
    shown = {name: signatures(getattr(module, name)) for name in module.__all__}

    assert {name for name, text in shown.items() if " at 0x" in text} == set()


@pytest.mark.parametrize("module", [aiologic, lowlevel, meta], ids=lambda m: m.__name__)
def test_what_is_public_says_where_it_is(module: ModuleType) -> None:
    """Tracebacks and pickles name the place that a user knows (contract 1.1)."""
    for name in module.__all__:
        value = getattr(module, name)
        if not isinstance(value, (type, FunctionType)):
            continue
        if value.__module__.partition(".")[0] == "aiologic":
            place = importlib.import_module(value.__module__)
            assert place in (aiologic, lowlevel, meta), (name, value.__module__)
            assert getattr(place, value.__qualname__) is value
            assert pickle.loads(pickle.dumps(value)) is value


def signatures(value: Any) -> str:
    """That of a function, or those of the methods of a class: by ``__new__`` it is known how to call the class."""
    if isinstance(value, FunctionType):
        return str(inspect.signature(value))
    methods = inspect.getmembers(value, inspect.isfunction)
    return " ".join(str(inspect.signature(method)) for _, method in methods)


def public_modules(packages: list[Path]) -> Iterator[ModuleType]:
    for package in packages:
        source = package / "src"
        for path in sorted(source.glob("**/*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            if parts[-1] == "__init__":
                parts = parts[:-1]
            # The files of `aiologic.testing` are its own affair; public is what it names itself.
            if parts[:2] == ("aiologic", "testing") and len(parts) > 2:
                continue
            if not any(part.startswith("_") for part in parts):
                yield importlib.import_module(".".join(parts))


def is_public(name: str) -> bool:
    return not name.startswith("_") and name != "TYPE_CHECKING"


def is_ours(value: object) -> bool:
    """Whether we made a value, or only use what somebody else has made."""
    if isinstance(value, ModuleType):
        return False
    # A constant names no module; who binds one to a public name means it.
    made_in = getattr(value, "__module__", None)
    return made_in is None or str(made_in).startswith("aiologic")
