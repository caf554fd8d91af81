# SPDX-License-Identifier: ISC
"""Which function to ask for the current task, chosen anew whenever the set of libraries changes."""

# Hot paths call ``worlds.quick_task``, a function that returns the current async task if that is certain and the
# operation need not be a checkpoint, and otherwise returns None or raises RuntimeError: then the slow path finds out.
# ``worlds.certain_task`` is the same for operations that are already on the slow path, whether checkpoints are on or
# not. They are chosen anew whenever the set of libraries to ask changes:
#
#   libraries that may be running            | chosen
#   -----------------------------------------+------------------------------------------------------------------
#   not looked yet, or something imported    | a function that looks, chooses, and returns None
#   one, and no sniffio; or it announces     | that library's own function for its current task
#     itself in sniffio's thread-local       |
#   several that must be asked               | a function that asks all of them: if only one runs in this thread,
#                                            | that one's task; else None
#   one or several, and others that announce | the same if sniffio's thread-local has no name; else the named
#     themselves                             | library's, if none of the others runs in this thread, too
#
# An operation that need not wait, and need not know its task, asks ``worlds.checkpoint_due``: the backend whose checkpoint
# the call has to be, or None. Where all calls under one library are checkpoints, and none under the others, that is
# asked in another order, which saves a quarter: the library's name first, if it announces itself.
#
# An operation that must wait, and need not know its task, asks ``worlds.quick_waiter`` for a waiter. Where only one
# library must be asked each time, and no other has announced itself, that is the library's own function, which raises
# RuntimeError where the library does not run. Elsewhere it is ``create_async_waiter``, the long way.
#
# To leave a block, an operation need only see that the caller is the task that entered it. That is cheaper:
# ``worlds.outer_task`` is the one library's own function (of several, that of the first which runs in this thread) even
# where others announce themselves. It may return the task around a runtime that was started inside it, which does no
# harm to the question "is it the one that entered?". Once a library that announces itself has left a block, it is
# asked, too: its mere import must not cost the others anything.
#
# The choice may be made anew by another thread between any two lines. The functions of an older choice don't know the
# caller's library, as a rule, so the caller takes the slow path. (If that library runs inside another one, they may return
# the other's task, until the thread that set them sees in its next lines that they are out of date.) But the slow path
# must find the library, which this could prevent:
#
#     A looks.   B imports a library, which is a change; B looks, too, and runs the library.   A records what it has
#     found, without that library.   B asks.
#
# So a look records what it has found in the change after which it began, and nobody reads it there after the next change.

from __future__ import annotations

from .asking import (
    any_one,
    as_announced,
    due_if_announced,
    is_not_running,
    nobody,
    only_one,
    waiter_if_silent,
)
from .courtesy import Courtesy, is_nested
from .overrides import (
    AsyncLibraryOverride,
    LibraryOverride,
    find_announcements,
)
from .registry import Registry
from .served import Change, Served, active
from .threads import ThreadBackend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Optional

    from .._engine.waiter import AsyncWaiter
    from .interface import AsyncBackend, Backend, GreenBackend

    Due = Callable[[], Optional[AsyncBackend]]


class Choice:
    """Whom to ask for the current task, and by which function."""

    __slots__ = (
        "_are_running",  # each backend's own is_running()
        "_courtesy",  # lets threads look one at a time, because a look may import a lot
        "_outermost_task",  # ``outer_task``, also for libraries that announce themselves
        "_only_threads",  # no green library was named or added by hand
        "_served",  # what the last look has found, even if that is out of date
        "are_checkpoints",  # whether all calls under a backend are checkpoints, or none, or some; set by checkpoints.py
        "async_override",
        "backends",  # by the type of their tasks, as far as seen
        "certain_task",  # see above
        "change",  # the latest change that was noticed
        "checkpoint_due",  # see above
        "find_checkpoint_due",  # the same, from scratch; set by checkpoints.py
        "green_override",
        "is_stale",  # something was imported or overridden since ``_choose``
        "may_checkpoint",  # whether a checkpoint of any async world may be on; set by checkpoints.py
        "must_ask",  # ``is_stale``, or an async checkpoint may be on; read by hot paths that need not know their task
        "outer_task",  # see above
        "quick_task",  # see above
        "quick_waiter",  # see above
        "registry",
        "threads",
    )

    def __init__(self) -> None:
        self.registry: Registry = Registry()
        self.threads: ThreadBackend = ThreadBackend()
        self.async_override: AsyncLibraryOverride = AsyncLibraryOverride(
            self.look_again
        )
        self.green_override: LibraryOverride = LibraryOverride(
            self._look_beyond_threads
        )
        self.are_checkpoints: Callable[[Backend], bool | None] = lambda _: None
        self.find_checkpoint_due: Due = lambda: None
        self.checkpoint_due: Due = self.find_checkpoint_due
        self.quick_task: Callable[[], object | None] = self._look
        self.quick_waiter: Callable[[], AsyncWaiter] = self.create_async_waiter
        self.outer_task: Callable[[], object | None] = self._look
        self.certain_task: Callable[[], object | None] = self._look
        self._outermost_task: Callable[[], object | None] = self._look
        self.may_checkpoint: Callable[[], bool] = lambda: True
        self.backends: dict[type, AsyncBackend] = {}
        self._served = Served(self.async_override, {}, [], [])
        self._are_running: tuple[Callable[[], bool], ...] = ()
        self._only_threads = True
        self.change: Change = Change()
        self._courtesy = Courtesy()
        self.is_stale: bool = True
        self.must_ask: bool = True

    if TYPE_CHECKING:

        def create_async_waiter(self) -> AsyncWaiter: ...  # detect.py

    def look_again(self) -> None:
        """Something was imported, overridden or added: choose anew on the next call."""
        # The order matters: another thread may be in _choose() now, which clears the mark first, and then looks for a
        # new change.
        self.change = Change()
        self._let_look()

    def _let_look(self) -> None:
        self.is_stale = self.must_ask = True
        self.quick_task = self.certain_task = self.outer_task = self._look
        self._outermost_task = self._look
        self.checkpoint_due = self.find_checkpoint_due
        self.quick_waiter = self.create_async_waiter

    def _look_beyond_threads(self) -> None:
        self._only_threads = False
        self.look_again()

    def add(self, backend: Backend) -> None:
        """Serve a library through ``backend`` from now on, without an entry point."""
        self.registry.add(backend)
        self._look_beyond_threads()

    def remove(self, library: str) -> None:
        """No longer serve ``library``. An installed backend that :meth:`add` has replaced does not come back."""
        self.registry.entries.pop(library, None)
        self.look_again()

    def _choose(self) -> Served:
        """Find out whom to ask; several threads may do so at once, with the same result."""
        if is_nested():  # what was chosen before stands until that look is over
            return self._served
        while True:
            change = self.change
            asyncs, greens, are_all = self._courtesy.call(self._active)
            if self.change is change:
                break
            # Something was imported while we looked, and another thread may have published its newer choice.
        served = self._publish(asyncs, greens, change)
        if not are_all:  # it holds for this caller, and for no later one
            self._let_look()
            return served
        change.served = served
        # Only now: before that, other threads must not believe that the choice is made.
        self.is_stale = False
        if not self.may_checkpoint():
            self.must_ask = False
            # One may have been turned on at this moment: that is recorded first, and ``must_ask`` is set afterwards.
            if self.may_checkpoint():
                self.must_ask = True
        if self.change is not change:
            self._let_look()
        return served

    def _active(self) -> tuple[dict[str, AsyncBackend], list[GreenBackend], bool]:
        return active(self.registry, self.look_again)

    def _load(self, name: str) -> Backend | None:
        """The backend of that name, loaded now if it was not yet; ``None`` if there is none."""
        entry = self.registry.entries.get(name)
        if entry is None or entry.is_settled:
            return None if entry is None else entry.backend
        if is_nested():
            return None
        return self._courtesy.call(lambda: self.registry.load(entry))

    def _publish(
        self,
        asyncs: dict[str, AsyncBackend],
        greens: list[GreenBackend],
        change: Change,
    ) -> Served:
        announcements = find_announcements()
        unannounced = [
            backend
            for backend in asyncs.values()
            if not backend.announced or announcements is None
        ]
        was_used = self.async_override.was_used
        served = Served(
            self.async_override if was_used or announcements is None else announcements,
            asyncs,
            unannounced,
            greens,
        )
        self._served = served
        self.backends = {}
        self._are_running = tuple(b.is_running for b in (*asyncs.values(), *greens))
        always = {b.library: self.are_checkpoints(b) for b in asyncs.values()}
        unchecked = {name for name, are in always.items() if are is False}
        for green in greens:
            self.are_checkpoints(green)
        self.quick_task = self.certain_task = self.outer_task = nobody
        self._outermost_task = nobody
        self.quick_waiter = self.create_async_waiter
        asked = unannounced
        if not asked and len(asyncs) == 1:
            asked = list(asyncs.values())
        if not asked or was_used:
            return served
        one_runs, certain = only_one([(b.is_running, b.current_task) for b in asked])
        _, quick = only_one(
            [
                (b.is_running, b.current_task if b.library in unchecked else nobody)
                for b in asked
            ]
        )
        outermost = outer = any_one([(b.is_running, b.current_task) for b in asked])
        checked = [b for b in asyncs.values() if b.library not in unchecked]
        others_run = is_not_running if asked[0].announced else one_runs
        if (
            announcements is not None
            and len(checked) == 1
            and checked[0].announced
            and always[checked[0].library]
        ):
            self.checkpoint_due = due_if_announced(
                self, change, announcements, checked[0], others_run
            )
        if announcements is not None and not asked[0].announced:
            named = {b.library: b.current_task for b in asyncs.values() if b.announced}
            certain = as_announced(announcements, certain, one_runs, named)
            outermost = as_announced(announcements, outer, is_not_running, named)
            named = {name: task for name, task in named.items() if name in unchecked}
            quick = as_announced(announcements, quick, one_runs, named)
        # One that announces itself may be able to make a waiter where it runs no task (trio in an instrument).
        if len(unannounced) == 1 and not unannounced[0].announced:
            create_waiter = unannounced[0].create_waiter
            if announcements is not None:
                create_waiter = waiter_if_silent(
                    announcements, create_waiter, self.create_async_waiter
                )
            self.quick_waiter = create_waiter
        # Each is written once, because other threads may be asking.
        self.outer_task, self._outermost_task = outer, outermost
        self.certain_task, self.quick_task = certain, quick
        return served

    def _look(self) -> None:
        self._choose()

    def announced_task(self) -> object | None:
        """Like :attr:`outer_task`; from now on, that asks also the libraries that announce themselves."""
        # Another thread may choose anew in between. Then an old function stays here until the next look; at worst it
        # returns a task that is not the owner, and the slow path is taken.
        self.outer_task = self._outermost_task
        try:
            return self.outer_task()
        except RuntimeError:
            return None
