# SPDX-License-Identifier: ISC
"""What dependents import from ``aiologic.meta`` (contract 1.5)."""

from __future__ import annotations

import asyncio
import copy
import functools
import importlib
import inspect
import json
import pickle
import sys
import types
from typing import TYPE_CHECKING, Any, Iterator

import aiologic
import pytest
from aiologic import _left_out, meta

if TYPE_CHECKING:
    from pathlib import Path

CONSTANTS: list[Any] = [meta.DEFAULT, meta.MISSING]
constants = pytest.mark.parametrize("constant", CONSTANTS, ids=str)


class Modules:
    """Modules that a test creates, which are gone after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.monkeypatch = monkeypatch
        self.folder = folder
        monkeypatch.syspath_prepend(str(folder))

    def add(self, name: str, text: str = "", *, package: bool = False) -> Any:
        """Write a module, and import it."""
        path = self.folder.joinpath(*name.split("."))
        path = path / "__init__.py" if package else path.with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        del sys.modules[name]
        importlib.invalidate_caches()
        return importlib.import_module(name)


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Modules:
    return Modules(monkeypatch, tmp_path)


@constants
def test_a_constant_is_the_only_one_of_its_type(constant: Any) -> None:
    assert type(constant)() is constant
    assert type(constant)(constant.value) is constant
    assert copy.copy(constant) is constant
    assert copy.deepcopy(constant) is constant
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(constant, protocol)) is constant


@constants
def test_a_constant_is_false_and_shows_where_it_is_to_be_had(constant: Any) -> None:
    assert not constant
    assert repr(constant) == str(constant) == f"aiologic.meta.{constant.name}"
    assert getattr(meta, constant.name) is constant
    assert type(constant).__module__ == "aiologic.meta"


@constants
@pytest.mark.parametrize("name", ["something", "_other", "name", "_value_", "_name_"])
def test_a_constant_can_not_be_changed(constant: Any, name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        setattr(constant, name, 1)
    with pytest.raises(TypeError):
        types.new_class("Subclass", (type(constant),))
    with pytest.raises(ValueError, match="not a valid"):
        type(constant)("something else")


def test_await_for_makes_a_coroutine_of_an_awaitable() -> None:
    event = aiologic.Event()
    event.set()

    assert inspect.iscoroutinefunction(meta.await_for)
    assert asyncio.run(meta.await_for(event)) is True


def test_iscoroutinelike() -> None:
    async def function() -> None: ...

    @types.coroutine
    def generator() -> Iterator[None]:
        yield

    class Awaitable:
        def __await__(self) -> Iterator[None]:
            yield

    class Coroutine(Awaitable):
        send = throw = close = lambda *_: None

    coroutine = function()
    assert meta.iscoroutinelike(coroutine)
    coroutine.close()
    assert meta.iscoroutinelike(generator())
    assert meta.iscoroutinelike(Coroutine())
    assert not meta.iscoroutinelike(Awaitable())
    assert not meta.iscoroutinelike(function)
    assert not meta.iscoroutinelike(iter([]))
    assert not meta.iscoroutinelike(_ for _ in ())


def do(a: int, b: int = 1, *, c: int = 2) -> tuple[int, int, int]:
    """What it does."""
    return a, b, c


def act(a: str) -> str:
    """What it is said to do."""
    raise NotImplementedError


act.label = "label"  # type: ignore[attr-defined]


def test_a_copy_does_one_thing_and_looks_like_another() -> None:
    done: Any = meta.copies(do, act)

    assert done(0) == (0, 1, 2)
    assert done is not do
    assert (done.__name__, done.__qualname__) == ("act", "act")
    assert done.__doc__ == "What it is said to do."
    assert done.__annotations__ == act.__annotations__
    assert done.label == "label"
    assert not hasattr(done, "__wrapped__")
    assert list(inspect.signature(done).parameters) == ["a", "b", "c"]
    assert do.__name__ == "do"


def test_a_copy_keeps_what_it_closes_over_and_its_own_defaults() -> None:
    cell = [1]

    def function(*, key: int = 5) -> tuple[list[int], int]:
        return cell, key

    done: Any = meta.copies(function, function)
    done.__kwdefaults__["key"] = 6

    assert done is not function
    assert done() == (cell, 6)
    assert function() == (cell, 5)


def test_copies_is_a_decorator_too() -> None:
    @meta.copies(do)
    def other() -> None: ...

    assert other(0) == (0, 1, 2)
    assert other.__name__ == "other"


@pytest.mark.parametrize("original", [len, functools.partial(do, 1), [].append])
def test_what_is_not_written_in_python_is_not_copied(original: Any) -> None:
    assert meta.copies(original, act) is act
    with pytest.raises(TypeError, match="not written in Python"):
        meta.copies(original, original)


def test_import_module() -> None:
    assert meta.import_module("json.decoder") is json.decoder
    assert meta.import_module(".decoder", "json") is json.decoder
    with pytest.raises(ModuleNotFoundError):
        meta.import_module("json.nothing")
    with pytest.raises(ImportError, match="beyond"):
        meta.import_module("..decoder", "json")
    with pytest.raises(TypeError):
        meta.import_module(".decoder")
    with pytest.raises(ValueError, match=r"[Ee]mpty"):
        meta.import_module("")


def test_import_from() -> None:
    assert meta.import_from("json", "loads") is json.loads
    assert meta.import_from("json", "loads", "dumps") == (json.loads, json.dumps)
    assert meta.import_from(json, "loads") is json.loads
    assert meta.import_from(".decoder", "JSONDecoder", package="json") is (
        json.JSONDecoder
    )
    with pytest.raises(ModuleNotFoundError):
        meta.import_from("json.nothing", "loads")
    with pytest.raises(ImportError, match="cannot import name 'nothing'") as raised:
        meta.import_from("json", "loads", "nothing")
    assert (raised.value.name, raised.value.path) == ("json", json.__file__)
    with pytest.raises(ImportError, match="unknown location"):
        meta.import_from(types.ModuleType("nowhere"), "loads")


def test_import_from_imports_a_submodule(modules: Modules) -> None:
    modules.add("outer", package=True)
    inner = modules.folder / "outer" / "inner.py"
    inner.write_text("import nothing_at_all_of_this_name", encoding="utf-8")

    with pytest.raises(ModuleNotFoundError, match="nothing_at_all"):
        meta.import_from("outer", "inner")

    inner.write_text("answer = 42 + 0", encoding="utf-8")
    importlib.invalidate_caches()
    try:
        assert meta.import_from("outer", "inner").answer == 42
    finally:
        sys.modules.pop("outer.inner", None)


LINKED = """
from aiologic.meta import export_dynamic

export_dynamic(globals(), "loads", "json.loads")
export_dynamic(globals(), "own", ".part.value")
export_dynamic(globals(), "gone", ".nothing.value")
export_dynamic(globals(), "unnamed", ".part.nothing")
"""


def test_export_dynamic_imports_when_it_is_asked(modules: Modules) -> None:
    linked = modules.add("linked", LINKED, package=True)
    assert "loads" not in vars(linked)
    part = modules.add("linked.part", "value = object()")

    assert linked.loads is json.loads
    assert linked.own is part.value
    assert vars(linked)["own"] is part.value  # and no more work


@pytest.mark.parametrize("name", ["gone", "unnamed"])
def test_what_is_not_there_is_no_attribute(modules: Modules, name: str) -> None:
    """And the error is that of Python (D28)."""
    linked = modules.add("linked", LINKED, package=True)
    modules.add("linked.part")

    assert not hasattr(linked, name)
    with pytest.raises(AttributeError, match=f"'linked' .* {name!r}.*nothing") as told:
        getattr(linked, name)
    assert isinstance(told.value.__cause__, ImportError)
    with pytest.raises(AttributeError, match="'linked' has no attribute 'other'"):
        _ = linked.other


def test_dots_lead_upwards(modules: Modules) -> None:
    modules.add("outer", package=True)
    beside = modules.add("outer.beside", "value = object()")
    source = """
from aiologic.meta import export_dynamic

export_dynamic(globals(), "value", "..beside.value")
"""
    inner = modules.add("outer.inner", source, package=True)

    assert inner.value is beside.value


def test_a_name_is_exported_once(modules: Modules) -> None:
    linked = modules.add("linked", LINKED, package=True)

    meta.export_dynamic(linked, "loads", "json.loads")
    with pytest.raises(RuntimeError, match="'loads' is already registered"):
        meta.export_dynamic(linked, "loads", "json.dumps")
    with pytest.raises(ValueError, match="beyond the top-level package"):
        meta.export_dynamic(linked, "other", "..part.value")
    with pytest.raises(ValueError, match="names no module"):
        meta.export_dynamic(linked, "other", "value")
    assert linked.loads is json.loads


def test_a_module_that_can_not_have_it(modules: Modules) -> None:
    own = modules.add("own", "def __getattr__(name): return name")

    with pytest.raises(RuntimeError, match="already defined"):
        meta.export_dynamic(own, "loads", "json.loads")
    strangers: list[Any] = [{"__name__": "own"}, types.ModuleType("nobody")]
    for stranger in strangers:
        with pytest.raises(RuntimeError, match=r"not in sys\.modules"):
            meta.export_dynamic(stranger, "loads", "json.loads")


MADE = """
from json import loads

def work(): ...
def _hidden(): ...

class Thing:
    def act(self): ...
    def _act(self): ...
    @property
    def size(self): ...
    @classmethod
    def make(cls): ...
    @staticmethod
    def help(): ...
    class Part:
        def act(self): ...

LIMIT = 5
"""


def test_export_shows_names_where_they_are_public(modules: Modules) -> None:
    made = modules.add("shown", package=True)
    made._made = modules.add("shown._made", MADE)
    made.part = modules.add("shown.part", "from ._made import _hidden\nvalue = 1")
    for name in ("loads", "Thing", "LIMIT"):
        setattr(made, name, getattr(made._made, name))
    made.do = made._made.work
    made.other = sys
    thing = made.Thing

    meta.export(vars(made))

    assert made.__all__ == ("LIMIT", "Thing", "do", "loads")
    assert made.part.__all__ == ("value",)
    assert [where(made.do), where(thing)] == ["shown.do", "shown.Thing"]
    members = [thing.act, thing.size.fget, thing.make, thing.help, thing.Part.act]
    assert list(map(where, members)) == [
        "shown.Thing.act",
        "shown.Thing.size",
        "shown.Thing.make",
        "shown.Thing.help",
        "shown.Thing.Part.act",
    ]
    assert where(thing._act) == "shown._made.Thing._act"
    assert where(json.loads) == "json.loads"

    made.__all__ = ("own",)
    meta.export(made)
    assert made.__all__ == ("own",)


def where(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


def test_what_was_left_out_is_told() -> None:
    """Even to code that only asks whether it is there; contract 1.5."""
    for name, instead in _left_out.INSTEAD.items():
        assert not hasattr(meta, name)
        with pytest.raises(AttributeError) as told:
            getattr(meta, name)
        assert str(told.value).endswith(instead)
    with pytest.raises(AttributeError, match=r"'nothing'$"):
        _ = meta.nothing  # type: ignore[attr-defined]  # that is what is told


def test_no_name_is_both_here_and_left_out() -> None:
    assert not _left_out.INSTEAD.keys() & set(meta.__all__)
    assert len(_left_out.INSTEAD) + len(meta.__all__) == 38  # those of 0.17.1
