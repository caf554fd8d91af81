# SPDX-License-Identifier: ISC
"""A thread that would wait for ever for tokens of its own tasks gets an error, and nobody else does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import CapacityLimiter, RCapacityLimiter
from aiologic._runtime.threads import ThreadWaiter

from .deadlocks import going_on, releasing

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

DEADLOCK = "already holding all of this capacity limiter's tokens"


@pytest.fixture(params=[CapacityLimiter, RCapacityLimiter])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def refused(limiter: Any) -> str:
    """What the error says; checks that nothing has changed."""
    before = repr(limiter), dict(limiter._holders)
    texts = set()
    for acquire in limiter.green_acquire, limiter.__enter__:
        with pytest.raises(RuntimeError, match=DEADLOCK) as error:
            acquire()
        texts.add(str(error.value))
    assert (repr(limiter), dict(limiter._holders)) == before
    assert limiter.green_acquire(blocking=False) is False
    assert limiter.green_acquire(timeout=0) is False
    assert limiter.green_acquire(timeout=0.001) is False
    assert limiter.waiting == 0
    (text,) = texts
    return text


@pytest.mark.parametrize("tokens", [1, 3])
def test_all_tokens_are_held_here(kind: Any, tokens: int, world: HandWorld) -> None:
    """D18: it hung; and an attempt that ends by itself is not refused, but fails."""
    limiter = kind(tokens)
    tasks = [world.spawn(limiter.async_acquire()).step() for _ in range(tokens)]

    text = refused(limiter)

    assert "<thread 'MainThread' 0x" in text
    assert all(repr(task) in text for task in tasks)
    assert text.endswith("in this very thread")


def test_a_task_that_calls_is_named_and_told_what_to_write(
    kind: Any, world: HandWorld
) -> None:
    limiter = kind(1)
    holder = world.spawn(limiter.async_acquire()).step()
    what = kind.__name__.lower()
    for acquire, instead in (
        (limiter.__enter__, f"async with {what}:"),
        (limiter.green_acquire, f"await {what}.async_acquire(...)"),
    ):
        with world.runs(holder), pytest.raises(RuntimeError, match=DEADLOCK) as error:
            acquire()
        assert str(error.value).endswith(
            f" run in this very thread. The call came from {holder!r}."
            f" Write {instead!r} instead"
        )


def test_of_many_holders_some_are_named(kind: Any, world: HandWorld) -> None:
    limiter = kind(50)
    for _ in range(50):
        world.run(limiter.async_acquire())
    assert " and 47 more, " in refused(limiter)


def test_the_next_in_line_lives_here(
    kind: Any, world: HandWorld, elsewhere: HandWorld
) -> None:
    """The token will go to a task that can't run, whoever has it now."""
    limiter = kind(1)
    elsewhere.run(limiter.async_acquire())
    waiting = world.spawn(limiter.async_acquire(timeout=1)).step()
    assert "are next in line" in refused_with_a_waiter(limiter, world)
    waiting.coroutine.close()


def refused_with_a_waiter(limiter: Any, world: HandWorld) -> str:
    with world.runs(None), pytest.raises(RuntimeError, match=DEADLOCK) as error:
        limiter.green_acquire()
    assert limiter.waiting == 1
    return str(error.value)


def test_who_was_just_given_it_lives_here(kind: Any, world: HandWorld) -> None:
    limiter = kind(1)
    limiter.green_acquire()
    waiting = world.spawn(limiter.async_acquire()).step()
    limiter.green_release()

    assert repr(waiting) in refused(limiter)
    waiting.step()
    assert repr(waiting) in refused(limiter)


def test_one_holds_one_was_given_it_and_one_is_next(
    kind: Any, world: HandWorld, elsewhere: HandWorld
) -> None:
    limiter = kind(3)
    world.run(limiter.async_acquire())
    limiter.green_acquire()
    other = elsewhere.spawn(limiter.async_acquire()).step()
    given, following = (world.spawn(limiter.async_acquire()).step() for _ in range(2))
    limiter.green_release()
    assert [given.is_woken, following.is_woken] == [True, False]
    refused_with_a_waiter(limiter, world)
    with elsewhere.runs(other):
        limiter.async_release()
    assert [given.is_woken, following.is_woken] == [True, True]
    refused(limiter)


# -- near misses: the wait may end, so it is tried --------------------------------------------------------------------


def waits_and_gets_it(
    limiter: Any, world: HandWorld, crew: Crew, *acts: Callable[[], object]
) -> None:
    """The thread waits, in its loop; meanwhile, another thread does what ends its wait."""
    already = limiter.waiting

    def help_it() -> None:
        crew.wait_for_waiters(limiter, already + 1)
        for act in acts:
            act()

    helper = crew.start(help_it)
    with world.runs(None):
        assert limiter.green_acquire() is True
    helper.result()
    limiter.green_release()


def test_one_of_two_is_held_elsewhere(
    kind: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    limiter = kind(2)
    world.run(limiter.async_acquire())
    other = elsewhere.spawn(limiter.async_acquire()).step()
    waits_and_gets_it(limiter, world, crew, releasing(limiter, elsewhere, other))


def test_one_of_two_is_held_by_a_thread(
    kind: Any, world: HandWorld, crew: Crew
) -> None:
    limiter = kind(2)
    world.run(limiter.async_acquire())
    may_end = threading.Event()

    def hold() -> None:
        with limiter:
            assert may_end.wait(20)

    crew.start(hold)
    crew.wait_until(lambda: limiter.available_tokens == 0)
    waits_and_gets_it(limiter, world, crew, may_end.set)


def test_one_of_two_was_just_given_to_somebody_elsewhere(
    kind: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    limiter = kind(2)
    world.run(limiter.async_acquire())
    limiter.green_acquire()
    other = elsewhere.spawn(limiter.async_acquire()).step()
    limiter.green_release()
    waits_and_gets_it(
        limiter,
        world,
        crew,
        going_on(crew, other),
        releasing(limiter, elsewhere, other),
    )


def test_the_next_in_line_lives_here_and_takes_one_of_two(
    kind: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    limiter = kind(2)
    others = [elsewhere.spawn(limiter.async_acquire()).step() for _ in range(2)]
    ahead = world.spawn(limiter.async_acquire()).step()
    ends = [releasing(limiter, elsewhere, other) for other in others]
    waits_and_gets_it(limiter, world, crew, *ends)
    assert ahead.is_woken


def test_the_next_in_line_lives_elsewhere(
    kind: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    limiter = kind(1)
    limiter.green_acquire()
    first = elsewhere.spawn(limiter.async_acquire()).step()
    second = elsewhere.spawn(limiter.async_acquire()).step()
    limiter.green_release()
    waits_and_gets_it(
        limiter,
        world,
        crew,
        going_on(crew, first),
        releasing(limiter, elsewhere, first),
        going_on(crew, second),
        releasing(limiter, elsewhere, second),
    )


def test_who_stood_before_it_has_given_up(
    kind: Any, world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    """Its remains are still in the queue, and take no token."""
    limiter = kind(1)
    other = elsewhere.spawn(limiter.async_acquire()).step()
    assert world.spawn(limiter.async_acquire(timeout=1)).step().time_out().is_done
    assert len(limiter._queue) == 1
    waits_and_gets_it(limiter, world, crew, releasing(limiter, elsewhere, other))


def test_it_was_given_back_before(kind: Any, world: HandWorld) -> None:
    limiter = kind(1)
    task = world.spawn(limiter.async_acquire()).step()
    releasing(limiter, world, task)()
    assert limiter.green_acquire() is True


def test_another_thread_waits_for_tasks_of_this_one(
    kind: Any, world: HandWorld, crew: Crew
) -> None:
    limiter = kind(1)
    task = world.spawn(limiter.async_acquire()).step()
    thread = crew.start(limiter.green_acquire)
    crew.wait_for_waiters(limiter, 1)
    releasing(limiter, world, task)()
    assert thread.result() is True


def test_there_are_no_tokens(
    kind: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait is endless, but not because of any task: nothing is raised, and the thread waits."""
    limiter = kind(0)

    class Parked(BaseException):
        pass

    def park(_waiter: object, timeout: float | None) -> bool:
        assert timeout is None
        raise Parked

    waiting = world.spawn(limiter.async_acquire()).step()
    monkeypatch.setattr(ThreadWaiter, "park", park)
    with pytest.raises(Parked):
        limiter.green_acquire()
    waiting.coroutine.close()
