# SPDX-License-Identifier: ISC
"""Run a function, or a block, under a given lock, or under the lock of its object."""

# Types: whatever is decorated keeps its type. The first four overloads say what each kind of lock makes of a function;
# their order matters, because a lock whose acquire() is awaited has an acquire() as well.

from __future__ import annotations

from sys import modules

from ._sections import section_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Any, Protocol, TypeVar, Union, overload

    from typing_extensions import Self

    from ._sections import Section

    C = TypeVar("C", bound=Callable[..., Awaitable[Any]])
    F = TypeVar("F", bound=Callable[..., Any])
    M = TypeVar(
        "M", bound=Union["classmethod[Any, Any, Any]", "staticmethod[Any, Any]"]
    )

    class TwoWorldLock(Protocol):
        """A lock of ours."""

        def green_acquire(self) -> bool: ...
        def green_release(self) -> None: ...
        async def async_acquire(self) -> bool: ...
        def async_release(self) -> None: ...

    class AsyncLock(Protocol):
        """A lock of an async library."""

        def acquire(self) -> Awaitable[object]: ...
        def release(self) -> object: ...

    class ThreadLock(Protocol):
        """A lock of threads."""

        def acquire(self) -> object: ...
        def release(self) -> object: ...

    class ConditionOfOurs(Protocol):
        """A condition, which stands for its lock, as in ``with``."""

        def notify(self) -> object: ...
        def __enter__(self) -> object: ...
        def __exit__(
            self,
            exc_type: type[BaseException] | None,
            exc: BaseException | None,
            traceback: TracebackType | None,
            /,
        ) -> object: ...
        def __aenter__(self) -> Awaitable[object]: ...
        def __aexit__(
            self,
            exc_type: type[BaseException] | None,
            exc: BaseException | None,
            traceback: TracebackType | None,
            /,
        ) -> Awaitable[object]: ...

    class AnyBlock(Protocol):
        """Any object, for ``with`` and ``async with``."""

        def __enter__(self) -> Self: ...
        def __exit__(self, *exc: object) -> None: ...
        async def __aenter__(self) -> Self: ...
        async def __aexit__(self, *exc: object) -> None: ...


class AsyncSynchronizer:
    """A decorator of coroutine functions, and an ``async with`` block, under one lock."""

    __slots__ = ("_section",)

    def __init__(self, section: Section) -> None:
        self._section = section

    def __call__(self, function: C, /) -> C:
        from ._synchronized_functions import SynchronizedFunction, is_awaited

        if not self._section.has_green and not is_awaited(function):
            raise TypeError(f"a coroutine function was expected, got {function!r}")
        return SynchronizedFunction(function, self._section)  # type: ignore[return-value]  # it is a proxy

    async def __aenter__(self) -> Self:
        await self._section.aenter()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        await self._section.aleave()


class Synchronizer(AsyncSynchronizer):
    """The same for functions of both kinds, and ``with`` as well."""

    __slots__ = ()

    _called_as = "synchronized(...)"  # for _runtime/advice.py

    if TYPE_CHECKING:

        @overload
        def __call__(self, function: F, /) -> F: ...  # type: ignore[overload-overlap]  # the order decides
        @overload
        def __call__(self, function: M, /) -> M: ...
        def __call__(self, function: Any, /) -> Any: ...

    def __enter__(self) -> Self:
        self._section.enter()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._section.leave()


if TYPE_CHECKING:

    @overload
    def synchronized(wrapped: TwoWorldLock, /) -> Synchronizer: ...  # type: ignore[overload-overlap]  # the order decides
    @overload
    def synchronized(wrapped: AsyncLock, /) -> AsyncSynchronizer: ...  # type: ignore[overload-overlap]  # see above
    @overload
    def synchronized(wrapped: ThreadLock, /) -> Synchronizer: ...  # type: ignore[overload-overlap]  # the order decides
    @overload
    def synchronized(wrapped: ConditionOfOurs, /) -> Synchronizer: ...  # type: ignore[overload-overlap]  # the order decides
    @overload
    def synchronized(wrapped: F, /) -> F: ...  # type: ignore[overload-overlap]  # the order decides
    @overload
    def synchronized(wrapped: M, /) -> M: ...  # type: ignore[overload-overlap]  # the order decides
    @overload
    def synchronized(wrapped: object, /) -> AnyBlock: ...


def synchronized(wrapped: Any, /) -> Any:
    """Let functions run one at a time: a decorator, and a ``with`` block.

    Without a lock, each object has one of its own: methods of one instance
    exclude each other, whether they are coroutine functions or plain ones, and
    may call each other::

        class Account:
            @aiologic.synchronized
            def deposit(self, amount): ...

            @aiologic.synchronized
            async def report(self): ...


        with aiologic.synchronized(account):
            ...  # none of its methods runs meanwhile

    Args:
        wrapped: If it is a lock (of aiologic, of :mod:`threading`, or of an async
            library), the result is a decorator or a block that holds that lock.
            Anything else runs under a lock of its own, which belongs to the
            instance for methods, to the class for class methods, and to the
            function itself otherwise. It is the :class:`RLock` in the attribute
            ``_synchronized_lock``, or whatever lock you put there.

    Returns:
        For a lock, a decorator and context manager, which are async only if the
        lock is. For a function, a proxy of the same kind. For any other object,
        a context manager.

    Raises:
        TypeError: A plain function was to run under a lock of an async library;
            or ``wrapped`` is an :class:`RWLock` rather than one of its sides.
        AttributeError: The object can't store its lock. (Raised when the lock is
            first needed, as is a TypeError if you put there what is not a lock.)

    Threads:
        Decorated functions may be called from any thread and any supported library.
    """
    section = section_of(wrapped)
    if section is not None:
        return (Synchronizer if section.has_green else AsyncSynchronizer)(section)
    rwlocks = modules.get(f"{__package__}._rwlock")
    if rwlocks is not None and isinstance(wrapped, rwlocks.RWLock):
        # Like any other object, it would get a lock of its own, which keeps out none of its readers and writers.
        raise TypeError(
            f"an RWLock has two sides, its .reading and its .writing: got {wrapped!r}"
        )

    from ._synchronized_functions import SynchronizedObject

    return SynchronizedObject(wrapped)


synchronized.__module__ = "aiologic"  # public; classes say so in their bodies
