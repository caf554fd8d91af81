# SPDX-License-Identifier: ISC
"""Building blocks for primitives: who calls, time, waiters, events, locks, shields, checkpoints."""

from __future__ import annotations

from ._runtime.checkpoints import (
    async_checkpoint as async_checkpoint,
    async_checkpoint_enabled as async_checkpoint_enabled,
    async_checkpoint_if_cancelled as async_checkpoint_if_cancelled,
    green_checkpoint as green_checkpoint,
    green_checkpoint_enabled as green_checkpoint_enabled,
    green_checkpoint_if_cancelled as green_checkpoint_if_cancelled,
)
from ._runtime.detect import worlds as _worlds
from .exceptions import GreenLibraryNotFoundError as GreenLibraryNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._constant_events import (
        CANCELLED_EVENT as CANCELLED_EVENT,
        DUMMY_EVENT as DUMMY_EVENT,
        SET_EVENT as SET_EVENT,
        CancelledEvent as CancelledEvent,
        DummyEvent as DummyEvent,
        SetEvent as SetEvent,
    )
    from ._event_kinds import AsyncEvent as AsyncEvent, GreenEvent as GreenEvent
    from ._lazy_deque import lazydeque as lazydeque
    from ._lazy_queue import lazyqueue as lazyqueue
    from ._new_events import (
        create_async_event as create_async_event,
        create_green_event as create_green_event,
    )
    from ._once import once as once
    from ._once_lock import (
        ThreadOnceLock as ThreadOnceLock,
        create_thread_oncelock as create_thread_oncelock,
    )
    from ._runtime.identities import (
        current_async_task as current_async_task,
        current_async_task_ident as current_async_task_ident,
        current_async_token as current_async_token,
        current_async_token_ident as current_async_token_ident,
        current_green_task as current_green_task,
        current_green_task_ident as current_green_task_ident,
        current_green_token as current_green_token,
        current_green_token_ident as current_green_token_ident,
    )
    from ._runtime.libraries import (
        current_async_library as current_async_library,
        current_green_library as current_green_library,
    )
    from ._runtime.overrides import AsyncLibraryOverride, LibraryOverride
    from ._runtime.shielding import shield as shield
    from ._runtime.signals import (
        disable_signal_safety as disable_signal_safety,
        enable_signal_safety as enable_signal_safety,
        signal_safety_enabled as signal_safety_enabled,
    )
    from ._runtime.switching import (
        disable_checkpoints as disable_checkpoints,
        enable_checkpoints as enable_checkpoints,
    )
    from ._runtime.thread_objects import (
        current_thread as current_thread,
        current_thread_ident as current_thread_ident,
    )
    from ._sleeping import (
        async_clock as async_clock,
        async_seconds_per_sleep as async_seconds_per_sleep,
        async_seconds_per_timeout as async_seconds_per_timeout,
        async_sleep as async_sleep,
        async_sleep_forever as async_sleep_forever,
        async_sleep_until as async_sleep_until,
        green_clock as green_clock,
        green_seconds_per_sleep as green_seconds_per_sleep,
        green_seconds_per_timeout as green_seconds_per_timeout,
        green_sleep as green_sleep,
        green_sleep_forever as green_sleep_forever,
        green_sleep_until as green_sleep_until,
    )
    from ._thread_locks import (
        THREAD_DUMMY_LOCK as THREAD_DUMMY_LOCK,
        ThreadDummyLock as ThreadDummyLock,
        ThreadLock as ThreadLock,
        ThreadRLock as ThreadRLock,
        create_thread_lock as create_thread_lock,
        create_thread_rlock as create_thread_rlock,
    )
    from ._waiter_protocols import (
        AsyncWaiter as AsyncWaiter,
        Event as Event,
        GreenWaiter as GreenWaiter,
        Waiter as Waiter,
    )
    from ._waiters import (
        create_async_waiter as create_async_waiter,
        create_green_waiter as create_green_waiter,
    )
    from .exceptions import AsyncLibraryNotFoundError as AsyncLibraryNotFoundError

__all__ = (
    "CANCELLED_EVENT",
    "DUMMY_EVENT",
    "SET_EVENT",
    "THREAD_DUMMY_LOCK",
    "AsyncEvent",
    "AsyncLibraryNotFoundError",
    "AsyncWaiter",
    "CancelledEvent",
    "DummyEvent",
    "Event",
    "GreenEvent",
    "GreenLibraryNotFoundError",
    "GreenWaiter",
    "SetEvent",
    "ThreadDummyLock",
    "ThreadLock",
    "ThreadOnceLock",
    "ThreadRLock",
    "Waiter",
    "async_checkpoint",
    "async_checkpoint_enabled",
    "async_checkpoint_if_cancelled",
    "async_clock",
    "async_seconds_per_sleep",
    "async_seconds_per_timeout",
    "async_sleep",
    "async_sleep_forever",
    "async_sleep_until",
    "create_async_event",
    "create_async_waiter",
    "create_green_event",
    "create_green_waiter",
    "create_thread_lock",
    "create_thread_oncelock",
    "create_thread_rlock",
    "current_async_library",
    "current_async_library_tlocal",
    "current_async_task",
    "current_async_task_ident",
    "current_async_token",
    "current_async_token_ident",
    "current_green_library",
    "current_green_library_tlocal",
    "current_green_task",
    "current_green_task_ident",
    "current_green_token",
    "current_green_token_ident",
    "current_thread",
    "current_thread_ident",
    "disable_checkpoints",
    "disable_signal_safety",
    "enable_checkpoints",
    "enable_signal_safety",
    "green_checkpoint",
    "green_checkpoint_enabled",
    "green_checkpoint_if_cancelled",
    "green_clock",
    "green_seconds_per_sleep",
    "green_seconds_per_timeout",
    "green_sleep",
    "green_sleep_forever",
    "green_sleep_until",
    "lazydeque",
    "lazyqueue",
    "once",
    "shield",
    "signal_safety_enabled",
)

#: The async library that runs in this thread, for cases in which it can't be
#: detected. Set ``name`` to its import name, and back when it stops.
current_async_library_tlocal: AsyncLibraryOverride = _worlds.async_override

#: The same for green libraries.
current_green_library_tlocal: LibraryOverride = _worlds.green_override


def _tell_its_place(value: object) -> None:
    """Give a function of ours the public module as its ``__module__``; classes have theirs."""
    if isinstance(value, _FunctionType) and value.__module__.startswith("aiologic._"):
        value.__module__ = __name__


_FunctionType = type(_tell_its_place)
for _name in __all__:
    _tell_its_place(globals().get(_name))


# What ``aiologic`` does not import anyway is imported when first asked for: a program that imports this module needs
# only a few of its names.
_IN = {
    "CANCELLED_EVENT": "_constant_events",
    "DUMMY_EVENT": "_constant_events",
    "SET_EVENT": "_constant_events",
    "THREAD_DUMMY_LOCK": "_thread_locks",
    "AsyncEvent": "_event_kinds",
    "AsyncWaiter": "_waiter_protocols",
    "CancelledEvent": "_constant_events",
    "DummyEvent": "_constant_events",
    "Event": "_waiter_protocols",
    "GreenEvent": "_event_kinds",
    "GreenWaiter": "_waiter_protocols",
    "SetEvent": "_constant_events",
    "ThreadDummyLock": "_thread_locks",
    "ThreadLock": "_thread_locks",
    "ThreadOnceLock": "_once_lock",
    "ThreadRLock": "_thread_locks",
    "Waiter": "_waiter_protocols",
    "async_clock": "_sleeping",
    "async_seconds_per_sleep": "_sleeping",
    "async_seconds_per_timeout": "_sleeping",
    "async_sleep": "_sleeping",
    "async_sleep_forever": "_sleeping",
    "async_sleep_until": "_sleeping",
    "create_async_event": "_new_events",
    "create_async_waiter": "_waiters",
    "create_green_event": "_new_events",
    "create_green_waiter": "_waiters",
    "create_thread_lock": "_thread_locks",
    "create_thread_oncelock": "_once_lock",
    "create_thread_rlock": "_thread_locks",
    "current_async_library": "_runtime.libraries",
    "current_async_task": "_runtime.identities",
    "current_async_task_ident": "_runtime.identities",
    "current_async_token": "_runtime.identities",
    "current_async_token_ident": "_runtime.identities",
    "current_green_library": "_runtime.libraries",
    "current_green_task": "_runtime.identities",
    "current_green_task_ident": "_runtime.identities",
    "current_green_token": "_runtime.identities",
    "current_green_token_ident": "_runtime.identities",
    "current_thread": "_runtime.thread_objects",
    "current_thread_ident": "_runtime.thread_objects",
    "disable_checkpoints": "_runtime.switching",
    "disable_signal_safety": "_runtime.signals",
    "enable_checkpoints": "_runtime.switching",
    "enable_signal_safety": "_runtime.signals",
    "green_clock": "_sleeping",
    "green_seconds_per_sleep": "_sleeping",
    "green_seconds_per_timeout": "_sleeping",
    "green_sleep": "_sleeping",
    "green_sleep_forever": "_sleeping",
    "green_sleep_until": "_sleeping",
    "lazydeque": "_lazy_deque",
    "lazyqueue": "_lazy_queue",
    "once": "_once",
    "shield": "_runtime.shielding",
    "signal_safety_enabled": "_runtime.signals",
}


if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> object:
        # What is created, or imported, when first asked for.
        if name in _IN:
            from importlib import import_module

            found: object = getattr(import_module(f".{_IN[name]}", __package__), name)
            globals()[name] = found
            _tell_its_place(found)
            return found
        if name == "AsyncLibraryNotFoundError":
            from . import exceptions

            return exceptions.AsyncLibraryNotFoundError
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # Includes what nobody has asked for yet, because interactive prompts complete names from this.
    return sorted({*globals(), *__all__})
