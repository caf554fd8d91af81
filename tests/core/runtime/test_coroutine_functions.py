# SPDX-License-Identifier: ISC
"""What is called like a coroutine function is recognised as one, before it is called."""

from __future__ import annotations

from functools import partial, partialmethod
from types import coroutine
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest
from aiologic._runtime.coroutine_functions import is_coroutine_function

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator


async def aio() -> None:
    """Is one."""


async def of_class(cls: type) -> None:
    """Is one."""


def plain() -> None:
    """Is none."""


def generator() -> Iterator[None]:
    yield


@coroutine
def awaitable() -> Generator[None, None, None]:
    yield


async def async_generator() -> AsyncIterator[None]:
    yield


class Aio:
    async def __call__(self) -> None:
        """Is called as one."""

    async def method(self) -> None:
        """Is one."""


class Plain:
    def __call__(self) -> None:
        """Is none, whatever other attributes the object has."""

    __wrapped__ = aio


class CalledByAnother:
    __call__ = Aio()


class HasEverything:
    """Like proxies and mocks, it has every attribute that anybody asks for."""

    def __getattr__(self, name: str) -> Any:
        return aio

    def __call__(self) -> None:
        """Is none."""


class Meta(type):
    async def __call__(cls) -> None:
        """Instances of its classes are called as one."""


@pytest.mark.parametrize(
    "function",
    [
        aio,
        awaitable,
        Aio(),
        Aio().method,
        Aio().__call__,
        CalledByAnother(),
        Meta("Made", (), {}),
        partial(aio),
        partial(partial(Aio().method)),
        partial(Aio()),
        partial(awaitable),
        partialmethod(aio),
        classmethod(of_class),
        staticmethod(Aio()),
    ],
)
def test_it_is_one(function: Any) -> None:
    assert is_coroutine_function(function) is True


@pytest.mark.parametrize(
    "function",
    [
        plain,
        generator,
        async_generator,
        print,
        Aio,
        Plain(),
        HasEverything(),
        MagicMock(),
        partial(plain),
        partial(Aio),
        staticmethod(plain),
        None,
    ],
)
def test_it_is_none(function: Any) -> None:
    assert is_coroutine_function(function) is False
