# SPDX-License-Identifier: ISC
"""Parts of the ways into hubs with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import Any


def left_after_a_look(entrance: Any, function: Any) -> None:
    """Who comes from elsewhere looks whether the hub is there, and only then leaves something."""
    if not entrance.is_open:
        raise RuntimeError("the hub has gone")
    entrance._left.append(function)
    try:
        entrance._watcher.send()
    except ValueError as error:
        raise RuntimeError("the loop has gone") from error


def emptied_before_it_is_closed(entrance: Any) -> None:
    """The hub's thread drops what is left, and only then says that it is gone."""
    if not entrance.is_open:
        return
    entrance._watcher.close()
    while entrance._left:
        entrance._left.popleft()
    entrance.is_open = False
    while entrance._sleepers:
        entrance._sleepers.pop().miss()


def closed_and_counted(entrance: Any, sleeper: Any) -> None:
    """Who leaves does not look whether the watcher is still there."""
    entrance._sleepers.discard(sleeper)
    if not entrance._sleepers:
        entrance._is_holding = False
        entrance._watcher.ref = False


def counts_one(entrance: Any, sleeper: Any) -> None:
    """The first who leaves takes the others' hub away."""
    entrance._sleepers.discard(sleeper)
    if entrance.is_open:
        entrance._count(False)


def comes_in_for_all(left: Any) -> None:
    """The hub calls what is left, and drops what has come meanwhile with it."""
    for function in list(left):
        function()
    left.clear()


def heard_after_a_look(entrance: Any, *_: object) -> None:
    """The hub takes out what is left, and only then what has rung for it."""
    while entrance._left:
        entrance._left.popleft()()
    try:
        entrance._receiver.recv(4096)
    except OSError:
        return


def rung_before_it_is_left(entrance: Any, function: Any) -> None:
    """Who comes from elsewhere rings, and only then leaves something."""
    entrance._ring_bell()
    entrance._left.append(function)


def marked_after_the_round(entrance: Any) -> None:
    """A round that is missed in a running hub is not called anew."""
    entrance._has_round = False


def drops_the_bell_last(entrance: Any) -> None:
    """The hub's thread drops what is left, and only then takes the bell away."""
    while entrance._left:
        entrance._left.popleft()
    while entrance._ready:
        entrance._ready.popleft().lost()
    entrance._ring = entrance._receiver = None
