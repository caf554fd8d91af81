# SPDX-License-Identifier: ISC
"""Turn a setting on or off, such as checkpoints: for a block, a function, or one awaitable."""

from __future__ import annotations

from .._not_given import NotGiven
from .checkpoints import async_switch, green_switch
from .unpatched import get_ident
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextvars import ContextVar, Token
    from types import TracebackType
    from typing import Any, Protocol, TypeVar, overload

    C = TypeVar("C", bound=Callable[..., Any])
    T = TypeVar("T")

    class Switchable(Protocol):
        """What can be on or off in a context of one thread."""

        def setting(self) -> ContextVar[tuple[int, bool] | None]:
            """The thread for which it was set, and how."""
            ...


MISSING: Any = NotGiven("MISSING")


class SettingManager:
    """A block in which a setting is on, or off.

    ``with`` changes the setting of the current green task, ``async with`` that of
    the current async task. Tasks that are created inside inherit it. An instance
    serves one block at a time.
    """

    __slots__ = ("_aio", "_green", "_on", "_token", "_used")

    def __init__(self, on: bool, green: Switchable, aio: Switchable) -> None:
        self._on = on
        self._green = green
        self._aio = aio
        self._token: Token[tuple[int, bool] | None] | None = None
        self._used: Switchable | None = None

    def _enter(self, switch: Switchable) -> bool:
        if self._token is not None:
            raise RuntimeError("this manager is already in use")
        self._token = switch.setting().set((get_ident(), self._on))
        self._used = switch
        return self._on

    def _exit(self) -> None:
        if self._token is None or self._used is None:
            raise RuntimeError("this manager is not in use")
        token, self._token = self._token, None
        self._used.setting().reset(token)

    def __enter__(self) -> bool:
        return self._enter(self._green)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._exit()

    async def __aenter__(self) -> bool:
        return self._enter(self._aio)

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._exit()


def switch(wrapped: Any, new_manager: Callable[[], SettingManager]) -> Any:
    """A new manager; or what was handed in, which will run in a block of one."""
    if wrapped is MISSING:
        return new_manager()

    async def awaits(make: Callable[[], Awaitable[Any]]) -> Any:
        async with new_manager():
            return await make()

    def calls(function: Callable[[], Any]) -> Any:
        with new_manager():
            return function()

    return wrap(wrapped, awaits, calls)


def _enabled() -> SettingManager:
    return SettingManager(True, green_switch, async_switch)


def _disabled() -> SettingManager:
    return SettingManager(False, green_switch, async_switch)


if TYPE_CHECKING:

    @overload
    def enable_checkpoints() -> SettingManager: ...
    @overload
    def enable_checkpoints(wrapped: C, /) -> C: ...
    @overload
    def enable_checkpoints(wrapped: Awaitable[T], /) -> Awaitable[T]: ...


def enable_checkpoints(wrapped: Any = MISSING, /) -> Any:
    """Turn checkpoints on.

    Args:
        wrapped: An awaitable, a coroutine function or a plain function, to be
            run with checkpoints on. Without it, the result is a manager for
            ``with`` (green) or ``async with`` (async).

    Returns:
        The manager; or something of the same kind as ``wrapped``, a function with
        its name and its docstring.

    Raises:
        TypeError: ``wrapped`` can neither be awaited nor called.
        RuntimeError: Raised by the manager if it is in use already. It can be used
            again afterwards.

    Threads:
        The setting is limited to the thread that made it, even if its context
        is carried into another.
    """
    return switch(wrapped, _enabled)


if TYPE_CHECKING:

    @overload
    def disable_checkpoints() -> SettingManager: ...
    @overload
    def disable_checkpoints(wrapped: C, /) -> C: ...
    @overload
    def disable_checkpoints(wrapped: Awaitable[T], /) -> Awaitable[T]: ...


def disable_checkpoints(wrapped: Any = MISSING, /) -> Any:
    """Turn checkpoints off; otherwise like :func:`enable_checkpoints`."""
    return switch(wrapped, _disabled)
