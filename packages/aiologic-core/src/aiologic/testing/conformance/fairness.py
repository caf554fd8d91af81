# SPDX-License-Identifier: ISC
"""Duty 3: tasks that endlessly wake each other keep nobody else from running.

Unpark, and whatever it has the runtime call, only *schedules*: the task queues up
with the others that are ready, and the runtime looks at its timers and at wake-ups
from elsewhere as often as it does for tasks of its own. No clock is read here: what
counts is how often the two have woken each other meanwhile.
"""

from __future__ import annotations

import time
from functools import partial

import pytest

from .._duties import Wait, in_another_thread, in_turn, park, sleep
from .._stage import LONG, SHORT, Operation
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._runtime.interface import Backend
    from .._stage import Stage

#: A hub may serve a thousand callbacks before it checks its timers.
MOST_TURNS = 10_000
FIRST_TURNS = 10


class Game:
    """Two tasks that wake each other until a third has noticed something."""

    def __init__(
        self,
        backend: Backend,
        each_turn: Callable[[], object],
        timeout: float | None = None,
    ) -> None:
        self._backend = backend
        self._timeout = timeout
        self._each_turn = each_turn
        self._waits: list[Wait | None] = [None, None]
        self.turns: int = 0
        #: The turn in which the event happened that the third is to notice.
        self.happened: int | None = None
        self.noticed: int | None = None

    @property
    def _goes_on(self) -> bool:
        last = FIRST_TURNS if self.happened is None else self.happened
        return self.noticed is None and self.turns <= last + 2 * MOST_TURNS

    def happens(self) -> None:
        self.happened = self.turns

    def notice(self) -> None:
        self.noticed = self.turns

    def player(self, me: int) -> Operation:
        """Wake the other, sleep; and so on."""

        def next_park() -> Operation:
            self._waits[me] = wait = Wait(self._backend)
            return park(wait, self._timeout, partial(self._turn, me))

        def green() -> None:
            while self._goes_on:
                next_park().green()
            self._wake(1 - me)

        async def aio() -> None:
            while self._goes_on:
                await next_park().aio()
            self._wake(1 - me)

        return Operation("take turns", green, aio)

    def _turn(self, me: int) -> None:
        self.turns += 1
        self._each_turn()
        self._wake(1 - me)

    def _wake(self, other: int) -> None:
        wait = self._waits[other]
        if wait is not None and wait.has_begun:
            wait.wake()

    def is_played_on(self, stage: Stage, *onlookers: Operation) -> None:
        """Play the game to its end, beside ``onlookers``, which begin first."""
        operations = [*onlookers, self.player(0), self.player(1)]
        actors = [stage.actor() for _ in operations]
        with stage.frozen():
            calls = [
                actor.starts(operation) for actor, operation in zip(actors, operations)
            ]
        for call in calls:
            call.result()


@pytest.mark.parametrize("timer", ["sleep", "time-out"])
@pytest.mark.parametrize("timeout", [None, LONG], ids=str)
def test_two_tasks_that_wake_each_other_do_not_hold_up_a_timer(
    runtime_stage: Stage, backend: Backend, timeout: float | None, timer: str
) -> None:
    """A timer that is due goes off after a limited number of turns.

    A and B wake each other; in one of their turns so much time passes that C's
    timer is due. C goes on soon, though A and B are never both asleep.

    If this fails: unpark() (or the call by which wake-ups reach the runtime)
    switches to the task, or serves ready tasks until there are none. Let it append
    the task to the runtime's ready queue and return. If that queue is your own,
    serve only the tasks that were in it when you began, and have the runtime call
    you again for the rest.
    """
    setting_out = Wait(backend)
    sets_out: list[float] = []

    def each_turn() -> None:
        if game.turns == FIRST_TURNS:
            setting_out.wake()
        if sets_out and game.happened is None:
            while time.monotonic() <= sets_out[0] + 2 * SHORT:
                pass  # this step takes until the timer is due
            game.happens()

    game = Game(backend, each_turn, timeout)
    sleeper = in_turn(
        park(setting_out),
        run(lambda: sets_out.append(time.monotonic())),
        sleep(backend, SHORT) if timer == "sleep" else park(Wait(backend), SHORT),
        run(game.notice),
    )

    game.is_played_on(runtime_stage, sleeper)

    assert game.happened is not None
    assert game.noticed is not None
    assert game.noticed - game.happened <= MOST_TURNS


def test_two_tasks_that_wake_each_other_do_not_hold_up_other_threads(
    runtime_stage: Stage, backend: Backend
) -> None:
    """A wake-up from another thread comes in after a limited number of turns.

    If this fails: see the test above. The runtime learns of the wake-up through its
    selector, so it must keep polling that.
    """
    wait = Wait(backend)

    def each_turn() -> None:
        if game.turns == FIRST_TURNS:
            in_another_thread(wait.wake)
            game.happens()

    game = Game(backend, each_turn)

    game.is_played_on(runtime_stage, in_turn(park(wait), run(game.notice)))

    assert game.happened is not None
    assert game.noticed is not None
    assert game.noticed - game.happened <= MOST_TURNS
