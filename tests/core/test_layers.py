# SPDX-License-Identifier: ISC
"""Classes that are written in several files look like one."""

from __future__ import annotations

import pickle
from types import FunctionType

import aiologic
import pytest
from aiologic import lowlevel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

IN_LAYERS = ["CapacityLimiter", "Condition", "Lock", "Queue", "RWLock", "Semaphore"]
# Those that share a layer.
BESIDE_EACH_OTHER = ["Barrier", "Latch"]
PUBLIC = [
    cls
    for module in (aiologic, lowlevel)
    for cls in (getattr(module, name) for name in module.__all__)
    if isinstance(cls, type)
]


@pytest.mark.parametrize("name", [*IN_LAYERS, *BESIDE_EACH_OTHER])
def test_wrong_arguments_are_refused_in_the_name_of_the_class(name: str) -> None:
    with pytest.raises(TypeError, match=rf"^(__new__|{name}\.__new__)\(\) "):
        getattr(aiologic, name)(colour="red")


@pytest.mark.parametrize("name", IN_LAYERS)
def test_public_methods_tell_where_users_find_them(name: str) -> None:
    cls: Any = getattr(aiologic, name)
    foreign = set()
    for method in dir(cls):
        function = getattr(cls, method)
        if method.startswith("_") or not isinstance(function, FunctionType):
            continue
        if function.__module__ != "aiologic" or function.__qualname__ != (
            f"{name}.{function.__name__}"
        ):
            foreign.add(f"{function.__module__}.{function.__qualname__}")
        assert pickle.loads(pickle.dumps(function)) is function
    assert not foreign


@pytest.mark.parametrize("cls", PUBLIC, ids=lambda cls: f"{cls.__name__}")
def test_what_is_called_of_a_class_names_a_public_one(cls: type) -> None:
    """Also if several public classes share a layer."""
    public = {
        parent.__qualname__
        for parent in cls.__mro__
        if parent.__module__ in {"aiologic", "aiologic.lowlevel"}
    }
    named = {function.__qualname__ for function in called(cls)}

    assert {name for name in named if name.rpartition(".")[0] not in public} == set()


def called(cls: type) -> Iterator[FunctionType]:
    """The methods that users call, and those that create its objects, if they are ours."""
    for name in dir(cls):
        if name.startswith("_") and name not in {"__new__", "__init__"}:
            continue
        member = next(
            vars(parent)[name] for parent in cls.__mro__ if name in vars(parent)
        )
        function = getattr(member, "__func__", member)
        is_plain = isinstance(function, FunctionType) and function.__name__ == name
        # On PyPy, built-in functions are such functions, too, without a module.
        if is_plain and (function.__module__ or "").startswith("aiologic"):
            yield function


def test_the_coroutine_of_a_method_names_the_class() -> None:
    call: Any = aiologic.LifoQueue[int]().async_get()
    try:
        assert call.__qualname__ == "Queue.async_get"
    finally:
        call.close()
