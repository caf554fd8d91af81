# SPDX-License-Identifier: ISC
"""Whether code says that it runs in a signal handler. Nothing depends on it."""

# In other libraries a wake-up from a signal handler comes late unless the library is told to wake as if from another
# thread. Here the cheap way to wake is taken only where it is certain to be prompt (see decision 0007), so there is
# nothing to switch. The functions are kept for code that was written for such a library, and what they are told is
# remembered, so that code that asks gets the answer that it expects.

from __future__ import annotations

from .switching import MISSING, SettingManager, switch
from .unpatched import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextvars import ContextVar
    from typing import Any, Optional, Tuple, TypeVar, overload

    C = TypeVar("C", bound=Callable[..., Any])
    T = TypeVar("T")

    Setting = ContextVar[Optional[Tuple[int, bool]]]


class _SignalSafety:
    """The one setting for green and async tasks."""

    __slots__ = ("_made",)  # the context variable, under the only key True

    def __init__(self) -> None:
        self._made: dict[bool, Setting] = {}

    def setting(self) -> Setting:
        if not self._made:
            from contextvars import ContextVar

            # A handler may come here between these lines: of two variables the first stays, and no other is used.
            made: Setting = ContextVar("aiologic_signal_safety", default=None)
            self._made.setdefault(True, made)
        return self._made[True]

    def is_on(self) -> bool:
        told = self.setting().get() if self._made else None
        return told == (get_ident(), True)


_safety = _SignalSafety()


def _enabled() -> SettingManager:
    return SettingManager(True, _safety, _safety)


def _disabled() -> SettingManager:
    return SettingManager(False, _safety, _safety)


def signal_safety_enabled() -> bool:
    """Whether :func:`enable_signal_safety` is in force in the current context.

    This has no effect on anything: every call that may be made in a signal
    handler is safe and prompt there without it.

    Returns:
        ``False`` unless it was enabled in this very thread.

    Threads:
        The result is about the calling thread.
    """
    return _safety.is_on()


if TYPE_CHECKING:

    @overload
    def enable_signal_safety() -> SettingManager: ...
    @overload
    def enable_signal_safety(wrapped: C, /) -> C: ...
    @overload
    def enable_signal_safety(wrapped: Awaitable[T], /) -> Awaitable[T]: ...


def enable_signal_safety(wrapped: Any = MISSING, /) -> Any:
    """Declare that code runs in a signal handler. Has no effect, as none is needed.

    Setting an event, releasing a semaphore or waking a waiter from a signal handler
    (or a finalizer) wakes a sleeping loop at once, with or without this::

        def handler(signum, frame):
            with enable_signal_safety():
                stop.set()

    Args:
        wrapped: An awaitable, a coroutine function or a plain function, to be
            run with the setting on.

    Returns:
        Something that runs ``wrapped`` in this way. Without it, a manager for
        ``with`` or ``async with``, whose ``as`` target is ``True``.

    Raises:
        TypeError: ``wrapped`` is none of these.

    Threads:
        The setting is limited to the thread that made it, even if its context
        is carried into another.
    """
    return switch(wrapped, _enabled)


if TYPE_CHECKING:

    @overload
    def disable_signal_safety() -> SettingManager: ...
    @overload
    def disable_signal_safety(wrapped: C, /) -> C: ...
    @overload
    def disable_signal_safety(wrapped: Awaitable[T], /) -> Awaitable[T]: ...


def disable_signal_safety(wrapped: Any = MISSING, /) -> Any:
    """Declare the opposite of :func:`enable_signal_safety`, in the same ways."""
    return switch(wrapped, _disabled)
