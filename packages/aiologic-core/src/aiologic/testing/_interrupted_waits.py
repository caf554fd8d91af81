# SPDX-License-Identifier: ISC
"""Waits that are interrupted, and how to check what became of them."""

from __future__ import annotations

import importlib
import os

from .._engine import inbox
from ._duties import Wait, backend_for, park, settled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._runtime.interface import Backend
    from ._interruption import Interruption
    from ._stage import Actor, Call, Operation, Stage, World


def files_of(world: World, whose: str) -> list[str]:
    """The files and folders with the code that is to be interrupted.

    Args:
        world: Whose backend it is.
        whose: ``"backend"``; or ``"library"`` or ``"inbox"``, which include the
            backend's code.
    """
    files = [_place_of(type(backend_for(world.library)).__module__)]
    # The library of threads is the interpreter itself.
    if whose == "library" and world.library != "threading":
        files.append(_place_of(f"{world.library}.{world.library}"))
    if whose == "inbox":
        files.append(inbox.__file__)
    return files


def _place_of(name: str) -> str:
    """The folder of a module's package, or its file if it is in no package."""
    module = importlib.import_module(name.rpartition(".")[0] or name)
    file = module.__file__ or ""
    return os.path.dirname(file) if hasattr(module, "__path__") else file


class Noted:
    """A function that wakes a wait, and records whether it had an effect."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        self.was_heard: bool = False

    def __call__(self) -> None:
        self.was_heard = self._wait.wake() or self.was_heard


def interrupted(
    interruption: Interruption,
    wait: Wait,
    timeout: float | None,
) -> Operation:
    """Park, and be interrupted at some point between the creation of the waiter and the end of the wait."""
    operation = park(wait, timeout, before_park=interruption.begin)

    def green() -> object:
        try:
            return operation.green()
        finally:
            interruption.end()

    async def aio() -> object:
        try:
            return await operation.aio()
        finally:
            interruption.end()

    return operation._replace(green=green, aio=aio)


def result_of(call: Call, interruption: Interruption) -> Any:
    """The result of the call; if there is none, an error that says where the call was interrupted."""
    try:
        return call.result()
    except BaseException as error:
        raise AssertionError(f"{error!r}, interrupted {interruption.where}") from error


def sleeps_well(stage: Stage, backend: Backend, actor: Actor) -> None:
    """Check that the task's next wait is not disturbed by what came before."""
    wait = Wait(backend)
    call = actor.starts(park(wait))
    settled(stage, wait)
    assert not call.is_done
    assert wait.wake()
    assert call.result() is True
