# SPDX-License-Identifier: ISC
"""Tasks of all worlds, each with work in hand, and a way to cancel it."""

from __future__ import annotations

from aiologic.testing.harness import CANCELLED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Call, Operation, Stage, World


class Player:
    """An actor that does one thing after the other, and tells somebody what came of it."""

    def __init__(self, world: World, stage: Stage) -> None:
        self.world = world
        self._stage = stage
        self._actor: Actor = stage.actor()
        self._call: Call | None = None
        self._tell: Callable[[Any], object] = repr
        self._is_cancelled = False

    def plays(self, operation: Operation, tell: Callable[[Any], object]) -> None:
        self._is_cancelled = False
        self._tell = tell
        self._call = self._actor.starts(operation)

    def is_idle(self) -> bool:
        """Whether it has nothing to do; if it has just ended, its outcome is told."""
        call = self._call
        if call is None:
            return True
        if not call.is_done:
            return False
        self._call = None
        outcome = call.result()
        assert outcome != CANCELLED or self._is_cancelled, "cancelled by nobody"
        self._tell(outcome)
        return True

    def cancel(self) -> None:
        """Cancel what it does, in the midst of it or not."""
        call = self._call
        if self.world.cancels and call is not None and call.began:
            self._is_cancelled = True
            self._stage.enter(call.cancel, as_callback=True)

    def __str__(self) -> str:
        doing = self._call.operation.text if self._call is not None else "nothing"
        return f"{self.world.name}: {doing}"


class AllIdle:
    """Whether nobody has anything to do; says who has, for ``until`` to complain."""

    def __init__(self, players: list[Player], what: object) -> None:
        self._players = players
        self._what = what

    def busy(self) -> list[Player]:
        return [player for player in self._players if not player.is_idle()]

    def __call__(self) -> bool:
        return not self.busy()

    def __repr__(self) -> str:
        return f"{self._what}: stuck are {', '.join(map(str, self.busy()))}"
