# SPDX-License-Identifier: ISC
"""What authors of backends need.

A backend is a distribution ``aiologic-<library>`` with an entry point in the
group ``aiologic.backends``, whose name is the import name of the library that
it serves. The entry point's module implements one hook, and imports nothing
but this module until the hook is called::

    from aiologic.backends import hookimpl


    @hookimpl
    def aiologic_backend():
        from aiologic_trio._backend import TrioBackend

        return TrioBackend()

A backend has the following duties; core relies on nothing else. Each is followed by
the modules of ``aiologic.testing.conformance`` that check it:

    1. *current task* (``identity``): return the task that this very thread runs
       now; None (or RuntimeError) if it runs no task of this library.
    2. *park* (``wakeups``): suspend the calling task, for ever or for some seconds;
       also inside a shield, if the waiter was created outside.
    3. *unpark* (``threads``, ``deliveries``, ``fairness``, ``interruptions``): works
       from any thread, handler or finalizer, even after the runtime has ended; never
       blocks, never raises. It only schedules: the task queues up with everything
       else that is ready, and tasks that endlessly wake each other hold up neither
       timers nor wake-ups from elsewhere. If a handler raises in it, it is called
       once more, and does what is left to do.
    4. *early unpark* (``wakeups``, ``interruptions``): an unpark that comes before
       park is remembered.
    5. *which way* (``which_way``, ``interruptions``): take the cheap local way only
       while a task step of that very runtime runs in this thread. A step of the
       waiter's own task does not count, unless an unpark is remembered until it
       sleeps: a handler may have interrupted it on its way there.
    6. *cancellation* (``cancellation``): the library's own exceptions leave park
       unchanged; even if the task was already woken, if the library does so.
    7. *long time-outs* (``timeouts``): accept any finite number of seconds, even
       more than the library can count.
    8. *checkpoints* (``checkpoints``): yield once; raise if cancelled.
    9. *identity* (``identity``): one object for each task, which lives as long as
       the task does, is the same however the task is asked for, and is of a type
       that no other backend's tasks have.
    10. *detection* (``detection``): whether the library runs in this thread (an
        async one makes no waiter where it does not); and, for nested runtimes, the
        root frame of a task, as it is on the stack, so that the innermost runtime
        can be found.
    11. *lifecycle* (``lifecycle``): report a grant to a task whose loop has gone
        with Waiter.lost(); leave nothing behind when a runtime ends. (If a closed
        loop keeps calls that it never made, make it drop them: an inbox waits for
        the call that it has scheduled.)
    12. *token* (``tokens``): what the task runs in, as an object.
    13. *time* (``clock``, ``checkpoints``): the library's clock, and sleeps of
        any finite length.
    14. *shield* (``shield``, ``shield_in_shield``): run a call of the current task
        to its end, as that very task with respect to identity and context; whatever
        would have interrupted it comes afterwards.

``docs/how-to/write-a-backend.md`` walks through them and builds a backend.
"""

from __future__ import annotations

from ._engine.crowd import Crowd as Crowd, unpark_by_loop as unpark_by_loop
from ._engine.inbox import Inbox as Inbox, Inboxes as Inboxes
from ._engine.shielded import ShieldedCall as ShieldedCall
from ._engine.waiter import (
    PENDING as PENDING,
    AsyncWaiter as AsyncWaiter,
    GreenWaiter as GreenWaiter,
    Waiter as Waiter,
)
from ._runtime.detect import worlds as _worlds
from ._runtime.interface import (
    API_VERSION as API_VERSION,
    AsyncBackend as AsyncBackend,
    Backend as Backend,
    GreenBackend as GreenBackend,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    import pluggy

    hookimpl: pluggy.HookimplMarker = pluggy.HookimplMarker("aiologic")

__all__ = (
    "API_VERSION",
    "PENDING",
    "AsyncBackend",
    "AsyncWaiter",
    "Backend",
    "Crowd",
    "GreenBackend",
    "GreenWaiter",
    "Inbox",
    "Inboxes",
    "ShieldedCall",
    "Waiter",
    "hookimpl",
    "look_again",
    "unpark_by_loop",
)

#: Call this after replacing the ``current_task`` of your backend by another
#: function: core then chooses anew which function to ask for the current task.
look_again: Callable[[], None] = _worlds.look_again


if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> object:
        # pluggy is imported when the first plugin is, and not before.
        if name != "hookimpl":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import pluggy

        marker = globals()[name] = pluggy.HookimplMarker("aiologic")
        return marker
