# SPDX-License-Identifier: ISC
"""Parts of the search for libraries with one bug each. Their docstrings say which."""

from __future__ import annotations

import sys
from typing import Any, Callable, Iterable

from aiologic._runtime import activation
from aiologic._runtime.activation import is_watched


def noted_as_watched_by_name(
    names: Iterable[str], imported: Callable[[], None]
) -> None:
    """A name is watched for good, though its hook was called and is gone, or was called at once and not kept."""
    import wrapt

    for name in names:
        if sys.modules.get(name) is None and not is_watched(name):
            kept: Any = activation._Hook(imported)
            wrapt.when_imported(name)(lambda _: imported())
            activation._watched[name] = kept


def imported_at_one_look(entry: Any) -> bool:
    """Half of a module is found, its import fails, and then none is under way."""
    return sys.modules.get(entry.name) is not None and not entry.is_being_imported


def halves_hold_for_all(choice: Any) -> Any:
    """What is found while a library is half imported holds until, a line later, it does not."""
    change = choice.change
    asyncs, greens, are_all = choice._active()
    change.served = served = choice._publish(asyncs, greens, change)
    choice.is_stale = False
    if choice.change is not change or not are_all:
        choice.look_again()
    return served


def written_down_with_the_last_change(choice: Any) -> Any:
    """What is found before a change is written down with that change."""
    change = choice.change
    asyncs, greens, are_all = choice._active()
    served = choice._publish(asyncs, greens, change)
    if are_all:
        choice.change.served = served
        choice.is_stale = False
    if choice.change is not change or not are_all:
        choice.look_again()
    return served


def remembered_too_late(worlds: Any) -> Any:
    """A task's backend is remembered among what the choice after that knows."""
    try:
        task = worlds.certain_task()
        return worlds.backends[type(task)], task
    except (RuntimeError, KeyError):
        pass
    found = worlds.find_async_world()
    assert found is not None
    backend, task = found
    worlds.backends[type(task)] = backend
    return found


def loaded_by_each(_registry: Any, entry: Any) -> Any:
    """Two threads that load a backend at once have one each."""
    if not entry.is_settled:
        backend = entry.point.load()
        entry.settle(backend, None)
        return backend
    return entry.backend
