# SPDX-License-Identifier: ISC
"""When a call that need not wait lets other tasks run all the same."""

# Three sources decide, the strongest first: ``force``; what enable_checkpoints() and disable_checkpoints() said in the
# running context; the environment, or else the backend's own default. Most programs use none of them, so hot paths look
# at two plain flags, and no context variable exists until somebody switches.
#
# The context's setting carries the number of its thread. Otherwise a context that is copied into another thread
# (to_thread, run_in_executor) would carry a setting that was meant for an event loop into worker threads.

from __future__ import annotations

from ..exceptions import BackendError, GreenLibraryNotFoundError
from .detect import worlds
from .environment import any_flag, flag
from .interface import AsyncBackend
from .unpatched import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextvars import ContextVar
    from typing import Optional, Tuple

    from .interface import Backend

    Setting = ContextVar[Optional[Tuple[int, bool]]]


def _from_environment(name: str) -> bool | None:
    return flag(f"AIOLOGIC_{name.upper()}_CHECKPOINTS")


class Switch:
    """The checkpoints of one kind of world: green or async."""

    __slots__ = (
        "_by_library",  # what the environment, or else the backend, says; filled when first needed
        "_group",  # what the environment says for all of them
        "_kind",
        "_setting",  # the context variable, once somebody switched
        "maybe",  # may any checkpoint be on? Read by hot paths; never goes back to False
        "surely_on",  # libraries whose calls are all checkpoints, because nobody ever switched; read by hot paths
        "was_switched",  # somebody switches, or is about to: nothing is sure any more
    )

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._group = _from_environment(kind)
        self._by_library: dict[str, bool] = {}
        self._setting: Setting | None = None
        self.maybe = bool(self._group)
        self.surely_on: dict[str, bool] = {}
        self.was_switched = False

    def note(self, backend: Backend) -> None:
        """A backend becomes active: remember whether its calls are checkpoints."""
        said = _from_environment(backend.library)
        if said is None:
            said = self._group
        if said is None:
            said = backend.checkpoints_by_default
        self._by_library[backend.library] = said
        self.surely_on.pop(backend.library, None)  # another may have had this name
        if said:
            if not self.was_switched:
                self.surely_on[backend.library] = True
                if self.was_switched:  # since this moment, by another thread
                    self.surely_on = {}  # type: ignore[unreachable]
            self.maybe = True
            worlds.must_ask = True

    def setting(self) -> Setting:
        """The context variable, created if there is none yet."""
        setting = self._setting
        if setting is None:
            from contextvars import ContextVar

            made: Setting = ContextVar(
                f"aiologic_{self._kind}_checkpoints", default=None
            )
            # Whoever finds the variable takes for granted that calls look at it, so it is published last:
            #
            #     A publishes it.   B finds it, and turns checkpoints on.   B's call goes by what was sure before A came.
            self.was_switched = True
            self.surely_on = {}
            self.maybe = True
            worlds.look_again()
            # Two threads may come here at once; the variable that loses must not have been used.
            setting = self._setting = _settings.setdefault(self._kind, made)
        return setting

    def always(self, backend: Backend) -> bool | None:
        """Whether all calls under that backend are checkpoints, or none; ``None`` if that can be set for a block."""
        return None if self.was_switched else self._by_library[backend.library]

    def is_on(self, backend: Backend) -> bool:
        """Whether a call in the current context is a checkpoint, under that backend."""
        if self._setting is not None:
            told = self._setting.get()
            if told is not None and told[0] == get_ident():
                return told[1]
        try:
            return self._by_library[backend.library]
        except KeyError:
            self.note(backend)
            return self._by_library[backend.library]


_settings: dict[str, Setting] = {}

#: The checkpoints of threads and greenlets.
green_switch = Switch("green")
# A call that need not wait does not look which greenlet library runs it. So a setting for one of them has to take
# effect before any look; is_on() knows whether it is meant for the caller's. (Async calls ask for their task first.)
if any_flag("AIOLOGIC_", "_CHECKPOINTS"):
    green_switch.maybe = True

#: The checkpoints of event loops.
async_switch = Switch("async")


def _are_checkpoints(backend: Backend) -> bool | None:
    switch = async_switch if isinstance(backend, AsyncBackend) else green_switch
    switch.note(backend)
    return switch.always(backend)


def _may_checkpoint() -> bool:
    return async_switch.maybe


worlds.are_checkpoints = _are_checkpoints
worlds.may_checkpoint = _may_checkpoint
green_switch.note(worlds.threads)


def green_checkpoint_enabled() -> bool:
    """Whether blocking calls of the current green task are checkpoints."""
    return green_switch.maybe and green_switch.is_on(worlds.green_world()[0])


def async_checkpoint_enabled() -> bool:
    """Whether blocking calls of the current async task are checkpoints.

    Returns:
        ``False`` also if no async library runs the caller.
    """
    return worlds.checkpoint_due() is not None


def _find_checkpoint_due() -> AsyncBackend | None:
    # Before the first look nothing is known.
    if not (async_switch.maybe or worlds.is_stale):
        return None
    try:
        # The task, not just its library: a coroutine that is driven by hand while the library runs no task has none, and
        # must not be asked to let others run (trio's instruments).
        backend = worlds.backends[type(worlds.certain_task())]
        if backend.library in async_switch.surely_on:
            return backend
    except (RuntimeError, KeyError):
        backends = worlds.backends  # first, as in async_world()
        world = worlds.find_async_world()
        if world is None:
            return None
        backend, task = world
        # Otherwise each call that need not wait, as most need not, would come here.
        if task is not None:
            backends[type(task)] = backend
    return backend if async_switch.is_on(backend) else None


worlds.find_checkpoint_due = worlds.checkpoint_due = _find_checkpoint_due


def green_checkpoint(*, force: bool = False) -> None:
    """Let others run once, if checkpoints are on or ``force`` is true.

    Does nothing if the thread was said to run a library that has no backend.

    Args:
        force: Whether to do so even if checkpoints are off.
    """
    if force or green_switch.maybe:
        try:
            backend, _ = worlds.green_world()
        except (GreenLibraryNotFoundError, BackendError):  # as with async ones
            return
        if force or green_switch.is_on(backend):
            backend.checkpoint()


async def async_checkpoint(*, force: bool = False) -> None:
    """Let others run once, if checkpoints are on or ``force`` is true.

    Does nothing if no async library runs the caller.

    Args:
        force: Whether to do so even if checkpoints are off.

    Cancellation:
        Raised here if it is due, as at the library's own checkpoints.
    """
    backend = _forced() if force else worlds.checkpoint_due()
    if backend is not None:
        await backend.checkpoint()


def _forced() -> AsyncBackend | None:
    world = worlds.find_async_world()
    return None if world is None else world[0]


def green_checkpoint_if_cancelled(*, force: bool = False) -> None:
    """Raise if the current green task is cancelled, where its library can tell.

    Does nothing unless checkpoints are on or ``force`` is true.

    Args:
        force: Whether to do so even if checkpoints are off.
    """
    if force or green_switch.maybe:
        try:
            backend, _ = worlds.green_world()
        except (GreenLibraryNotFoundError, BackendError):
            return
        if force or green_switch.is_on(backend):
            backend.checkpoint_if_cancelled()


async def async_checkpoint_if_cancelled(*, force: bool = False) -> None:
    """Raise if the current async task is cancelled, if checkpoints are on or ``force`` is true.

    Args:
        force: Whether to do so even if checkpoints are off.
    """
    backend = _forced() if force else worlds.checkpoint_due()
    if backend is not None:
        await backend.checkpoint_if_cancelled()
