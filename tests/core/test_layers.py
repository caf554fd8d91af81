# SPDX-License-Identifier: ISC
"""Classes that are written in several files are seen as one."""

from __future__ import annotations

import pickle
from types import FunctionType

import aiologic
import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OF_ALL_WITH_ITEMS = "copy"
IN_LAYERS = ["CapacityLimiter", "Condition", "Lock", "Queue", "RWLock", "Semaphore"]


@pytest.mark.parametrize("name", IN_LAYERS)
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
    assert foreign <= {f"aiologic._filled.Filled.{OF_ALL_WITH_ITEMS}"}


def test_the_coroutine_of_a_method_names_the_class() -> None:
    call: Any = aiologic.LifoQueue[int]().async_get()
    try:
        assert call.__qualname__ == "Queue.async_get"
    finally:
        call.close()
