# SPDX-License-Identifier: ISC
"""Parts of the question whether a call is a checkpoint, with one bug each. Their docstrings say which."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Callable

from aiologic._runtime import checkpoints as real

checkpoints: Any = real


def holds_after_a_change(
    choice: Any,
    _change: object,
    announcements: Any,
    backend: Any,
    others_run: Callable[[], bool],
) -> Callable[[], object]:
    """What was chosen before a change answers also after it."""

    def checkpoint_due() -> object:
        name = announcements.name
        if name is None:
            return None
        if name == backend.library and not others_run() and backend.current_task():
            return backend
        return choice.find_checkpoint_due()

    return checkpoint_due


def published_before_it_is_heeded(switch: Any) -> Any:
    """Another thread finds the variable, and is still passed by."""
    if switch._setting is None:
        made: Any = ContextVar("published_too_early", default=None)
        switch._setting = checkpoints._settings.setdefault(switch._kind, made)
        switch.was_switched = True
        switch.surely_on = {}
        switch.maybe = True
        checkpoints.worlds.look_again()
    return switch._setting


def told_only_once(switch: Any) -> Any:
    """Who looks between the change and the variable goes by what was sure."""
    if switch._setting is None:
        made: Any = ContextVar("told_only_once", default=None)
        switch.surely_on = {}
        switch.maybe = True
        checkpoints.worlds.look_again()
        switch._setting = checkpoints._settings.setdefault(switch._kind, made)
        switch.was_switched = True
    return switch._setting
