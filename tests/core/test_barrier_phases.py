# SPDX-License-Identifier: ISC
"""Phases of a barrier: each ends once, whatever comes or interrupts at the same moment, and is dropped then."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import BrokenBarrierError, RBarrier
from aiologic._phase import BROKEN, Phase
from aiologic._runtime.detect import worlds

from .barriers import at, come, each_cyclic, each_kind, result_of
from .hand_driven import HandWaiter

if TYPE_CHECKING:
    from .hand_driven import HandWorld

# -- in the same moment ----------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("mark", ["broken", "reset"])
@pytest.mark.parametrize("way", ["green", "async"])
def test_whoever_comes_while_it_is_being_broken_does_not_wait(
    cls: Any,
    world: HandWorld,
    mark: str,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A announces that it breaks it, and stops.   B comes. A may be a frame below B, which goes on only after B."""
    made: list[None] = []
    thread = type(worlds.green_backend())
    monkeypatch.setattr(thread, "checkpoint", staticmethod(lambda: made.append(None)))
    barrier = cls(2)
    barrier._phase.announced = mark
    with pytest.raises(BrokenBarrierError):
        barrier.wait() if way == "green" else world.run(at(barrier))
    assert barrier.broken is (mark == "broken")
    assert not made  # nobody runs before it


@each_cyclic
@pytest.mark.parametrize("way", ["green", "async"])
def test_a_phase_that_passes_as_another_comes_is_not_its_own(
    cls: Any, world: HandWorld, way: str
) -> None:
    """A looks at the phase.   B is its last party.   A sees that the phase has passed, and looks for the next."""

    class Late(cls):  # type: ignore[misc]  # any of them
        seen: Any = None

        def _current(self) -> Any:
            seen, self.seen = self.seen, None
            return super()._current() if seen is None else seen

    barrier = Late(1)
    phase = barrier._phase
    assert barrier.wait() == 0
    barrier.seen = phase
    if way == "green":
        assert barrier.wait() == 0
    else:
        (task,) = come(world, barrier, 1)
        assert task.step().result == 0
    assert barrier.seen is None


def test_a_phase_that_is_full_and_was_marked_then() -> None:
    """It has passed for those who belong to it; a surplus party is not told so, and nobody is told of the mark."""
    first, second, surplus = waiters = [HandWaiter((None,)) for _ in range(3)]
    phase = Phase(2)
    for waiter in waiters:
        waiter.unparked = False
        waiter.request = None
        phase.append(waiter)
    phase.announced = BROKEN
    phase.append(BROKEN)
    assert phase.pending() == waiters
    phase.settle()
    assert phase.has_passed()
    assert (first.request, second.request, surplus.request) == (0, 1, None)
    assert phase.pending() == [surplus]


@each_kind
def test_one_that_interrupts_the_waker_goes_on_with_it(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A, the last, wakes the others.   A handler interrupts it there and aborts: all of them have passed."""
    barrier = cls(3)
    tasks = come(world, barrier, 2)

    def interrupt(_: HandWaiter) -> None:
        barrier.abort()

    monkeypatch.setattr(HandWaiter, "when_unparked", interrupt)
    (last,) = come(world, barrier, 1)
    results = [task.step().result for task in [*tasks, last]]
    assert results == [result_of(barrier, index) for index in range(3)]
    assert barrier.broken


# -- memory ----------------------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("ending", ["pass", "abort", "time-out"])
def test_it_lets_go_of_those_who_waited(
    cls: Any, world: HandWorld, ending: str
) -> None:
    """Because their waiters hold loops and frames."""
    barrier = cls(2)
    (task,) = come(world, barrier, 1)
    phase = barrier._phase
    if ending == "pass":
        (last,) = come(world, barrier, 1)
        last.step()
        task.step()
    elif ending == "abort":
        barrier.abort()
        with pytest.raises(BrokenBarrierError):
            task.step()
    else:
        with pytest.raises(BrokenBarrierError):
            task.time_out()
    assert barrier._phase is not phase
    assert not barrier._phase
    assert phase not in gc.get_referents(barrier)


@each_kind
def test_the_last_lets_go_of_it_before_the_others_run(cls: Any) -> None:
    barrier = cls(1)
    phase = barrier._phase
    barrier.wait()
    assert barrier._phase is not phase


def test_a_chain_of_phases_is_followed_from_an_older_one() -> None:
    """A thread that stores an older phase late does no harm."""
    barrier = RBarrier(1)
    oldest: Any = barrier._phase
    for _ in range(50_000):
        barrier.abort()
        barrier.reset()
    barrier._phase = oldest
    assert barrier.wait() == 0
    assert not barrier._phase.next
    del oldest
