# SPDX-License-Identifier: ISC
"""Which task runs the caller, and which backend serves it."""

# Every operation on a lock asks for the current task, so the question must cost next to nothing where the answer is
# simple, and be answered correctly where it is not.
#
# Green: while no greenlet library is imported, the caller's thread is its task, and hot paths read it from a
# thread-local without coming here. After that, each green backend is asked in turn; threads are what is left. If two
# libraries have a hub in one thread, a greenlet is served by its own. If the first library with a hub in this thread
# were taken, the greenlet would wait in the wrong hub, and its identity would change when that hub came into being.
#
# Async: one or several libraries run, one inside the other. Which library hot paths ask, and by which function, is
# chosen beforehand (choosing.py). This file has the slow path, which finds the answer wherever there is one.
#
# Where one runtime is started inside another, the innermost is found by the stack (asking.py).

from __future__ import annotations

import sys

from .asking import innermost, task_of
from .choosing import Choice
from .interface import AsyncBackend, Backend, GreenBackend
from .refusals import (
    GREENLET,
    refuse_async,
    refuse_green,
    refuse_unserved_greenlet,
)
from .threads import create_waiter, here, this_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from .._engine.waiter import AsyncWaiter, GreenWaiter
    from .asking import AsyncWorld

    GreenWorld = Tuple[GreenBackend, object]

modules = sys.modules


class Worlds(Choice):
    """The worlds of this process. There is one instance, ``worlds``."""

    __slots__ = ()

    # -- async worlds ----------------------------------------------------------------------------------------------

    def async_world(self) -> AsyncWorld:
        """The backend that serves the caller, and its current task.

        Returns:
            The task is ``None`` in a callback of a running loop.

        Raises:
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
            BackendError: It has one, which can't be used.
        """
        try:
            task = self.certain_task()
            return self.backends[type(task)], task
        except (RuntimeError, KeyError):  # not certain, or its type is new
            pass
        # Read first: a change replaces this dict, and what was found before the change must not get into the new one.
        backends = self.backends
        found = self.find_async_world()
        if found is None:
            refuse_async(self.registry, self.async_override.name)
        backend, task = found
        if task is not None:
            backends[type(task)] = backend
        return found

    def create_async_waiter(self) -> AsyncWaiter:
        """A waiter for the caller; raises what :meth:`async_world` raises."""
        try:  # async_world(), without the call: each wait comes here where several libraries are used
            backend = self.backends[type(self.certain_task())]
        except (RuntimeError, KeyError):  # not certain, or its type is new
            backend = self.async_world()[0]
        return backend.create_waiter()

    def async_time(self) -> float:
        """What the clock of the caller's library says, in seconds; raises what :meth:`async_world` raises."""
        return self.async_world()[0].clock()

    def find_async_world(self) -> AsyncWorld | None:
        """Like :meth:`async_world`, from scratch; ``None`` where that raises."""
        served = self.change.served or self._choose()
        name = served.announced.name
        if name is None:
            named = None
            running = [b for b in served.unannounced if b.is_running()]
        else:
            named = served.asyncs.get(name)
            if named is None:
                # This library was said to run, though it was not imported under its own name.
                backend = self._load(name)
                if not isinstance(backend, AsyncBackend):
                    return None
                named = backend
                self.look_again()  # from now on it is among those that are asked
                served = self._choose()
            running = [
                b
                for b in served.asyncs.values()
                if (b is named or not b.announced) and b.is_running()
            ]
        if len(running) == 1:
            return running[0], task_of(running[0])
        # Several, one inside the other. A callback has no frame by which to place it, so tasks come first.
        worlds = [(backend, task_of(backend)) for backend in running]
        tasks = [world for world in worlds if world[1] is not None]
        if len(tasks) > 1:
            return innermost(tasks, named)
        if tasks:
            return tasks[0]
        return worlds[0] if worlds else None

    # -- green worlds ----------------------------------------------------------------------------------------------

    def green_world(self) -> GreenWorld:
        """The backend that serves the caller, and its current task.

        Raises:
            GreenLibraryNotFoundError: The caller runs under a green library
                that has no backend.
            BackendError: It has one, which can't be used.
        """
        if GREENLET not in modules and self._only_threads:
            return self.threads, this_thread()
        greens = (self.change.served or self._choose()).greens
        name = self.green_override.name
        if name is not None:
            return self._named_green(name)
        for backend in greens:
            if backend.is_running():
                task = task_of(backend)
                if len(greens) > 1 and not (task is not None and backend.knows(task)):
                    return self._green_world_of_several(greens, backend, task)
                return backend, this_thread() if task is None else task
        return self.threads, this_thread()

    def _green_world_of_several(
        self, greens: list[GreenBackend], first: GreenBackend, task: object | None
    ) -> GreenWorld:
        """Find the library whose greenlet the caller is; if there is none, ``first`` serves it."""
        for backend in greens:
            if backend is not first and backend.is_running():
                own = task_of(backend)
                if own is not None and backend.knows(own):
                    return backend, own
        return first, this_thread() if task is None else task

    def _named_green(self, name: str) -> GreenWorld:
        if name == self.threads.library:
            return self.threads, this_thread()
        backend = self._load(name)
        if not isinstance(backend, GreenBackend):
            refuse_green(self.registry, name)
        task = task_of(backend)
        return backend, this_thread() if task is None else task

    def green_backend(self) -> GreenBackend:
        """The backend that can suspend the caller.

        Raises what :meth:`green_world` raises, and also
        :exc:`GreenLibraryNotFoundError` where the caller's thread would have to
        block with all its greenlets.
        """
        if GREENLET not in modules and self._only_threads:
            return self.threads
        backend, _ = self.green_world()
        if backend is self.threads and GREENLET in modules:
            refuse_unserved_greenlet(self.registry)
        return backend

    def has_only_threads(self) -> bool:
        """Whether all green tasks are plain threads, as far as is known."""
        return GREENLET not in modules and self._only_threads

    def create_green_waiter(self) -> GreenWaiter:
        """A waiter for the current green task; raises what :meth:`green_backend` raises."""
        if GREENLET not in modules and self._only_threads:
            return create_waiter()
        return self.green_backend().create_waiter()

    def runs_a_library_here(self) -> bool:
        """Whether this thread may have tasks of a library that we serve, which stand still while it blocks."""
        # any() would take four times as long to find none.
        for is_running in self._are_running:  # noqa: SIM110
            if is_running():
                return True
        return False

    # -- about a task ----------------------------------------------------------------------------------------------

    def backend_of(self, task: object) -> Backend | None:
        """The backend whose task it is."""
        served = self._served
        for backend in (self.threads, *served.asyncs.values(), *served.greens):
            if backend.knows(task):
                return backend
        return None

    def describe(self, task: object) -> tuple[str, int]:
        """Name a task for humans: its library, and a number."""
        if self.threads.knows(task):
            return self.threads.library, task.ident  # type: ignore[attr-defined]
        backend = self.backend_of(task)
        return "unknown" if backend is None else backend.library, id(task)


#: The worlds of this process.
worlds: Worlds = Worlds()


def current_green_task() -> object:
    """What locks compare: the identity of the green task that calls, a thread's or a greenlet's.

    For users, a thread is seen as ``threading`` knows it: see the function of
    this name in identities.py.
    """
    if GREENLET in modules:
        return worlds.green_world()[1]
    try:
        return here.task
    except AttributeError:  # a new thread
        return this_thread()


def async_owner() -> tuple[AsyncBackend, object]:
    """The async task that calls, and the backend that serves it.

    Raises:
        RuntimeError: The caller is a callback of a running loop, not a task.
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.
    """
    try:
        task = worlds.certain_task()
        return worlds.backends[type(task)], task
    except (RuntimeError, KeyError):  # not certain, or its type is new
        pass
    backend, task = worlds.async_world()
    if task is None:
        raise RuntimeError(
            f"no current task: {backend.library} runs a callback here, which is none and can own nothing"
        )
    return backend, task


def current_async_task() -> object:
    """What locks compare: the async task that calls; raises what :func:`async_owner` raises.

    The function of this name in identities.py is the same, for users.
    """
    return async_owner()[1]


def async_task() -> object:
    """The async task that calls; ``None`` in a callback of a loop, which has none."""
    return worlds.async_world()[1]
