# SPDX-License-Identifier: ISC
"""What a module calls public is what a reader finds in it, no more and no less."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Iterator

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
