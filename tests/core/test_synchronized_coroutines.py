# SPDX-License-Identifier: ISC
"""What is called like a coroutine function is synchronized until it has run: objects, partials, methods, generators."""

from __future__ import annotations

from functools import partial
from types import coroutine
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import synchronized

from .awaited_locks import SimpleAsyncLock

if TYPE_CHECKING:
    from typing import Callable, Generator

    from .hand_driven import HandWorld

NAME = "_synchronized_lock"


class Awaited:
    """Called like a coroutine function, without being one."""

    async def __call__(self, value: bool = True) -> bool:
        await _one_step()
        return IS_HELD[-1]() is value

    async def method(self) -> bool:
        await _one_step()
        return IS_HELD[-1]()

    by_partial = partial(method)


class CalledByAnother:
    __call__ = Awaited()


@coroutine
def _one_step() -> Generator[None, None, None]:
    yield


@coroutine
def of_a_generator() -> Generator[None, None, bool]:
    yield
    return IS_HELD[-1]()


#: What the functions below check in the middle of their run; a list, because they are created before there is a lock.
IS_HELD: list[Callable[[], bool]] = []
AWAITED = {
    "object": Awaited(),
    "partial of an object": partial(Awaited(), True),
    "object whose call is an object": CalledByAnother(),
    "method": Awaited().method,
    "partial of a method": partial(partial(Awaited().method)),
    "call of an object": Awaited().__call__,
    "generator": of_a_generator,
    "partial of a generator": partial(of_a_generator),
}


@pytest.mark.parametrize("make", [aiologic.Lock, SimpleAsyncLock])
@pytest.mark.parametrize("form", AWAITED)
def test_whatever_is_called_as_a_coroutine_function(
    make: Any, form: str, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is held until it has run, not only while its coroutine is created."""
    lock = make()

    def is_held() -> bool:
        held: bool = lock.is_held if make is SimpleAsyncLock else lock.locked()
        return held

    monkeypatch.setattr(f"{__name__}.IS_HELD", [is_held])
    by_lock = synchronized(lock)

    task = world.spawn(by_lock(AWAITED[form])()).step()
    assert is_held()
    assert task.step().result is True
    assert not is_held()
    # Wrapped once more: the proxy does not hide what it is.
    task = world.spawn(synchronized(by_lock(AWAITED[form]))()).step()
    assert is_held()
    assert task.step().result is True
    assert not is_held()


def test_under_the_own_lock_of_an_object_that_is_awaited(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited = Awaited()

    def is_held() -> bool:
        return getattr(awaited, NAME).async_owned()  # type: ignore[no-any-return]

    monkeypatch.setattr(f"{__name__}.IS_HELD", [is_held])
    task = world.spawn(synchronized(awaited)()).step()
    assert getattr(awaited, NAME).locked()
    assert task.step().result is True
    assert not getattr(awaited, NAME).locked()
