# SPDX-License-Identifier: ISC
"""Functions that run under a lock, as proxies of what they wrap."""

# wrapt knows what a function is called on: an instance, a class, or nothing. This file, and wrapt with it, is imported
# only when something is decorated; see docs/decisions/0029.

from __future__ import annotations

from ._context_lock import context_section
from ._runtime.coroutine_functions import is_coroutine_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._sections import Section

    class _Wrapper:
        # As much of it as we use; wrapt is typed in some of its versions.
        __wrapped__: Any
        _self_is_async: bool  # attributes that begin with _self_ are the proxy's own

        def __init__(self, wrapped: Any, wrapper: Any) -> None: ...

else:
    from wrapt import FunctionWrapper as _Wrapper


class SynchronizedFunction(_Wrapper):
    """A function that runs under a given lock, or under that of what it is called on."""

    def __init__(self, wrapped: Any, section: Section | None = None) -> None:
        is_async = is_awaited(wrapped)

        def wrapper(function: Any, instance: Any, args: Any, kwargs: Any) -> Any:
            entered = section
            if entered is None:
                entered = context_section(function if instance is None else instance)
            run = _run_async if is_async else _run
            return run(entered, function, args, kwargs)

        super().__init__(wrapped, wrapper)
        self._self_is_async = is_async


class SynchronizedObject(SynchronizedFunction):
    """The same; and a block, ``with`` or ``async with``, for any object at all."""

    _called_as = "synchronized(...)"  # for _runtime/advice.py

    def __enter__(self) -> Self:
        context_section(self.__wrapped__).enter()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        context_section(self.__wrapped__).leave()

    async def __aenter__(self) -> Self:
        await context_section(self.__wrapped__).aenter()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        await context_section(self.__wrapped__).aleave()


def is_awaited(function: Any) -> bool:
    """Whether its calls are awaited; also for one that was wrapped here, whose type does not show it."""
    if isinstance(function, SynchronizedFunction):
        return function._self_is_async
    return is_coroutine_function(function)


def _run(section: Section, function: Any, args: Any, kwargs: Any) -> Any:
    section.enter()
    try:
        return function(*args, **kwargs)
    finally:
        section.leave()


async def _run_async(section: Section, function: Any, args: Any, kwargs: Any) -> Any:
    await section.aenter()
    try:
        return await function(*args, **kwargs)
    finally:
        await section.aleave()
