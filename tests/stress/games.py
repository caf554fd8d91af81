# SPDX-License-Identifier: ISC
"""What players do with each kind of primitive, and what must hold however it goes."""

# A game is told again and again to go on: it hands out work to whoever is idle, and cancels. In the end it says "over",
# and must find that nobody hangs, and that the primitive is as if nothing had been.

from __future__ import annotations

import time
from typing import Counter

from aiologic.lowlevel import async_checkpoint
from aiologic.testing.catalogue import (
    BARRIER,
    EVENT,
    PERMIT,
    Kind,
    free_permits,
)
from aiologic.testing.harness import CANCELLED, Operation, acquire, until, wait

from .players import AllIdle, Player

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random

LONGEST_TIME_OUT = 0.002
HOW_OFTEN_CANCELLED = 0.2


class Game:
    """One kind of primitive, and those who play with it."""

    def __init__(self, kind: Kind, players: list[Player], dice: Random) -> None:
        self.kind = kind
        self.players = players
        self.dice = dice
        self.primitive = kind.make()
        self.outcomes: Counter[object] = Counter()

    def time_out(self) -> float | None:
        return self.dice.choice([None, 0, self.dice.uniform(0, LONGEST_TIME_OUT)])

    def go_on(self) -> None:
        """Give each idle player something to do, and cancel some of the others."""
        for player in self.players:
            if player.is_idle():
                self.start(player)
            elif self.dice.random() < HOW_OFTEN_CANCELLED:
                player.cancel()

    def start(self, player: Player) -> None:
        raise NotImplementedError

    def over(self) -> None:
        """Let all come to an end, and look whether all is well."""
        until(AllIdle(self.players, self.primitive))
        assert self.primitive.waiting == 0
        assert self.primitive.statistics().waiting_by_library == {}


class Permits(Game):
    """Take it, look around, let others run if that is possible, and give it back."""

    def __init__(self, kind: Kind, players: list[Player], dice: Random) -> None:
        super().__init__(kind, players, dice)
        self.inside: list[None] = []
        self.most = 0
        self.turns: list[None] = []

    def start(self, player: Player) -> None:
        def tell(outcome: object) -> None:
            assert outcome in {True, False, CANCELLED}
            assert outcome is not False or limit is not None, "out of time, without any"
            self.outcomes[outcome] += 1

        limit = self.time_out()
        player.plays(self.turn(limit), tell)

    def enters(self) -> None:
        self.inside.append(None)
        self.turns.append(None)
        self.most = max(self.most, len(self.inside))

    def turn(self, timeout: float | None) -> Operation:
        permit = self.primitive
        taking = acquire(permit, timeout=timeout)

        def green() -> object:
            if not taking.green():
                return False
            self.enters()
            time.sleep(0)
            self.inside.pop()
            permit.green_release()
            return True

        async def aio() -> object:
            if not await taking.aio():
                return False
            self.enters()
            try:
                await async_checkpoint(force=True)
            finally:
                self.inside.pop()
                permit.async_release()
            return True

        return Operation(f"a turn, {timeout}", green, aio)

    def over(self) -> None:
        super().over()
        assert self.most <= self.kind.permits, f"{self.most} were inside at once"
        assert self.inside == []
        # Who is cancelled inside has had its turn, too.
        assert len(self.turns) >= self.outcomes[True] > 0
        assert free_permits(self.primitive) == self.kind.permits
        assert self.primitive.statistics().holders == {}


class Events(Game):
    """Wait for it; once all who are still there wait, it happens."""

    def start(self, player: Player) -> None:
        def tell(outcome: object) -> None:
            assert outcome in {True, False, CANCELLED}
            assert outcome is not False or limit is not None, "out of time, without any"
            assert outcome is not True or has_begun, "it has not happened"
            self.outcomes[outcome] += 1

        limit = self.time_out()
        has_begun = self.has_begun
        player.plays(wait(self.primitive, limit), tell)

    def go_on(self) -> None:
        self.has_begun: list[None] = []
        super().go_on()
        if self.dice.random() < 0.5:  # else while some are on their way
            until(self.all_wait)
        self.has_begun.append(None)
        self.kind.happen(self.primitive)
        if self.kind.undo is None:
            until(AllIdle(self.players, self.primitive))
            assert self.primitive
            assert self.primitive.waiting == 0
            self.primitive = self.kind.make()
        else:
            self.kind.undo(self.primitive)

    def all_wait(self) -> bool:
        """Whether all who have something to do wait, and nobody is on the way."""
        busy = AllIdle(self.players, self.primitive).busy()
        return bool(self.primitive.waiting == len(busy))

    def over(self) -> None:
        if self.kind.undo is not None:
            until(self.all_wait)
            self.kind.happen(self.primitive)
            # Those who wait have been woken all the same.
            self.kind.undo(self.primitive)
        super().over()
        assert self.outcomes[True] > 0


class Barriers(Game):
    """Wait until enough have come; whoever gives up breaks it, and then there is a new one."""

    def start(self, player: Player) -> None:
        def tell(outcome: object) -> None:
            self.outcomes[outcome] += 1

        limit = self.time_out() if self.is_wild else None
        player.plays(self.coming(limit), tell)

    def coming(self, timeout: float | None) -> Operation:
        barrier = self.primitive
        waiting = wait(barrier, timeout)

        def green() -> object:
            try:
                waiting.green()
            except RuntimeError:
                return "broken"
            return True

        async def aio() -> object:
            try:
                await waiting.aio()
            except RuntimeError:
                return "broken"
            return True

        return Operation(f"a rendezvous, {timeout}", green, aio)

    def go_on(self) -> None:
        self.primitive = self.kind.make()
        self.is_wild = self.dice.random() < 0.5
        before = self.outcomes.copy()
        count = len(self.players) - len(self.players) % self.kind.permits
        for player in self.players[:count]:
            self.start(player)
        if self.is_wild:
            for player in self.players[:count]:
                if self.dice.random() < HOW_OFTEN_CANCELLED:
                    player.cancel()
            self.primitive.abort()
        until(AllIdle(self.players, self.primitive))
        if not self.is_wild:
            assert self.outcomes - before == {True: count}
        assert self.primitive.broken is self.is_wild
        assert self.primitive.waiting == 0


GAMES: dict[str, type[Game]] = {PERMIT: Permits, EVENT: Events, BARRIER: Barriers}


def game_of(kind: Kind, players: list[Player], dice: Random) -> Game:
    """The game for that kind."""
    return GAMES[kind.kind](kind, players, dice)
