# SPDX-License-Identifier: ISC
"""All worlds at once on one primitive after the other, with random time-outs and cancellations."""

# Short by default; a minute in all with --run-slow, or as long as --stress-seconds says. What the dice say follows from
# a seed, which is printed; --stress-seed says them again. How the threads meet is up to the machine all the same.

from __future__ import annotations

import random
import sys
import time
from contextlib import ExitStack

import aiologic
import pytest
from aiologic.testing.catalogue import BARRIERS, EVENTS, PERMIT, PERMITS, Kind

from tests.worlds.catalogue import NAMES, installed, world_of

from .games import game_of
from .players import Player

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PLAYERS_PER_WORLD = 2
STRESSED = [*PERMITS, *EVENTS, *BARRIERS]
SECONDS = 2.5
SLOW_SECONDS = 60.0
SWITCH_INTERVALS_SECONDS = (5e-3, 1e-4, 1e-6)
ROUNDS_OF_AN_INTERVAL = 20


@pytest.fixture(scope="module")
def players() -> Iterator[list[Player]]:
    """Some of each world."""
    with ExitStack() as stack:
        players: list[Player] = []
        for world in map(world_of, installed(NAMES)):
            stage = stack.enter_context(world.open())
            players += [Player(world, stage) for _ in range(PLAYERS_PER_WORLD)]
        yield players


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    """For one test, of those that run."""
    told: float | None = request.config.getoption("--stress-seconds")
    is_slow = request.config.getoption("--run-slow")
    every = SLOW_SECONDS if is_slow else SECONDS
    which = [getattr(item, "fixturenames", ()) for item in request.session.items]
    return (told or every) / sum("seconds" in names for names in which)


@pytest.fixture
def dice(pytestconfig: pytest.Config) -> random.Random:
    seed: int | None = pytestconfig.getoption("--stress-seed")
    if seed is None:
        # Another one each time, save where every run is to be the same.
        seed = random.randrange(10**6) if pytestconfig.getoption("--run-slow") else 1
    print(f"again: --stress-seed={seed}")
    return random.Random(seed)


@pytest.mark.timeout(0)  # it has a time-out of its own for each step
@pytest.mark.parametrize("kind", STRESSED, ids=str)
def test_nobody_is_lost(
    kind: Kind, players: list[Player], dice: random.Random, seconds: float
) -> None:
    play(kind, players, dice, seconds)


class Generous(aiologic.BinarySemaphore):
    """Makes a second permit when it is released while it is contended."""

    __slots__ = ()

    def _put_back(self, receipt: list[None] | None = None) -> None:
        super()._put_back(receipt)
        if self._queue:
            super()._put_back()


@pytest.mark.slow
def test_a_planted_bug_is_found(players: list[Player], dice: random.Random) -> None:
    kind = Kind(Generous, (1,), PERMIT)
    with pytest.raises(AssertionError, match="inside at once"):
        play(kind, players, dice, 1.0)


def play(
    kind: Kind, players: list[Player], dice: random.Random, seconds: float
) -> None:
    """Let them play for so long, with threads that alternate quickly and slowly."""
    game = game_of(kind, players, dice)
    before = sys.getswitchinterval()
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            sys.setswitchinterval(dice.choice(SWITCH_INTERVALS_SECONDS))
            for _ in range(ROUNDS_OF_AN_INTERVAL):
                game.go_on()
    finally:
        sys.setswitchinterval(before)
    game.over()
