# SPDX-License-Identifier: ISC
"""Wake-ups for one loop share its entrance, and none is lost, whatever comes in between."""

from __future__ import annotations

import gc
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING

import pytest
from aiologic._engine import inbox as inbox_module
from aiologic.backends import Inbox, Inboxes
from aiologic.testing.harness import Interrupted, RaisingInterruption

from ..raising import needs_places
from . import fake_loops
from .fake_loops import Cancellable, FakeLoop, FakeWaiter, post_all

if TYPE_CHECKING:
    from typing import Any, Callable

    from ..crew import Crew


# -- deliveries ------------------------------------------------------------------------------------------------------


def test_posts_that_arrive_together_share_one_call(loop: FakeLoop) -> None:
    inbox = Inbox()
    order: list[int] = []
    waiters = [FakeWaiter() for _ in range(10)]
    for number, waiter in enumerate(waiters):
        waiter.when_resumed = lambda number=number: order.append(number)  # type: ignore[misc]
        inbox.post(waiter, loop.schedule)
    assert loop.calls == 1

    loop.turn()

    assert order == list(range(10))
    assert loop.calls == 1


def test_a_post_after_the_delivery_makes_another_call(loop: FakeLoop) -> None:
    inbox = Inbox()
    first, second = FakeWaiter(), FakeWaiter()
    inbox.post(first, loop.schedule)
    loop.turn()

    inbox.post(second, loop.schedule)
    assert loop.calls == 2
    loop.turn()

    assert first.heard == second.heard == ["resume"]


def test_a_post_during_the_delivery_is_delivered(loop: FakeLoop) -> None:
    inbox = Inbox()
    first, second = FakeWaiter(), FakeWaiter()
    first.when_resumed = lambda: inbox.post(second, loop.schedule)
    inbox.post(first, loop.schedule)

    loop.turn()
    loop.turn()  # what that post has scheduled may have nothing left to do
    loop.turn()

    assert first.heard == second.heard == ["resume"]
    assert loop.calls <= 2


def test_a_delivery_inside_a_delivery_resumes_each_once(loop: FakeLoop) -> None:
    # A signal handler posts while the loop delivers, and the loop's entrance calls at once.
    inbox = Inbox()
    waiters = [FakeWaiter() for _ in range(3)]
    late = FakeWaiter()
    waiters[0].when_resumed = lambda: inbox.post(late, lambda delivery: delivery())
    for waiter in waiters:
        inbox.post(waiter, loop.schedule)

    loop.turn()

    for waiter in [*waiters, late]:
        assert waiter.heard == ["resume"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_those_behind_one_who_runs_the_loop_anew_are_resumed_by_that(
    loop: FakeLoop, count: int
) -> None:
    agains: list[Cancellable] = []

    def call_soon(its_loop: Any, function: Callable[[], None]) -> Cancellable:
        agains.append(Cancellable(function))
        its_loop.schedule(agains[-1])
        return agains[-1]

    inboxes = Inboxes(call_soon)
    waiters = [FakeWaiter() for _ in range(count)]
    waiters[0].when_resumed = loop.turn
    seen: list[list[list[str]]] = []
    for waiter in waiters:
        inboxes.of(loop).post(waiter, loop.schedule)

    loop.turn()
    seen.append([waiter.heard for waiter in waiters])
    loop.turn()

    assert seen == [[["resume"]] * count]
    assert [waiter.heard for waiter in waiters] == [["resume"]] * count
    # Not one for each of them, and none if nobody is behind; and none is left that would call.
    assert len(agains) == {1: 0, 2: 1, 5: 2}[count]
    assert [again.function for again in agains] == [None] * len(agains)


def test_a_post_that_meets_the_delivery_at_work_is_delivered(loop: FakeLoop) -> None:
    # The poster found the delivery on its way; the loop then ran it completely before anything was appended to it.
    inbox: Any = Inbox()
    first, second = FakeWaiter(), FakeWaiter()
    inbox.post(first, loop.schedule)
    on_its_way = inbox.last

    def found_just_before_it_ran() -> Any:
        delivery = on_its_way()
        loop.turn()
        return delivery

    inbox.last = found_just_before_it_ran
    inbox.post(second, loop.schedule)
    assert (first.heard, second.heard) == (["resume"], [])

    loop.turn()

    assert (first.heard, second.heard) == (["resume"], ["resume"])


def test_a_delivery_that_has_arrived_is_used_again(loop: FakeLoop) -> None:
    inbox = Inbox()
    inbox.post(FakeWaiter(), loop.schedule)
    (delivery,) = loop.scheduled
    loop.turn()

    inbox.post(FakeWaiter(), loop.schedule)

    assert list(loop.scheduled) == [delivery]
    assert loop.scheduled[0] is delivery


# -- the inbox of each loop ------------------------------------------------------------------------------------------


def test_a_loop_has_one_inbox_while_a_delivery_is_on_its_way(loop: FakeLoop) -> None:
    inboxes = Inboxes()
    waiters = [FakeWaiter() for _ in range(3)]
    for waiter in waiters:
        inboxes.of(loop).post(waiter, loop.schedule)
    assert loop.calls == 1
    other = FakeLoop()
    assert inboxes.of(other) is not inboxes.of(loop)

    loop.turn()
    late = FakeWaiter()
    inboxes.of(loop).post(late, loop.schedule)
    loop.turn()

    assert [waiter.heard for waiter in [*waiters, late]] == [["resume"]] * 4


def test_a_loop_does_not_get_the_inbox_of_one_that_had_its_number() -> None:
    """If objects are freed late, the entry of one loop may outlive it until another has its number."""
    inboxes, gone, loop = Inboxes(), FakeLoop(), FakeLoop()
    old = inboxes.of(gone)
    inboxes._by_id[id(loop)] = old

    assert inboxes.of(loop) is not old
    assert inboxes.of(loop) is inboxes.of(loop)


# -- handlers that raise ---------------------------------------------------------------------------------------------


def test_an_interrupt_in_one_of_them_does_not_keep_the_others_asleep(
    loop: FakeLoop,
) -> None:
    inbox = Inbox()
    waiters = [FakeWaiter() for _ in range(3)]

    def interrupt() -> None:
        raise KeyboardInterrupt

    waiters[0].when_resumed = interrupt
    for waiter in waiters:
        inbox.post(waiter, loop.schedule)

    with pytest.raises(KeyboardInterrupt):
        loop.turn()

    # Nobody knows how far the first had come.
    assert [waiter.heard for waiter in waiters] == [["resume"] * 2, *[["resume"]] * 2]


@needs_places
def test_a_handler_that_raises_in_a_delivery_keeps_nobody_asleep() -> None:
    """The loop takes a waiter out, and calls resume().   A handler raises before that has begun. None must be lost."""
    files = [inbox_module.__file__, fake_loops.__file__]
    for number in count():
        inbox, loop = Inbox(), FakeLoop()
        waiters = [FakeWaiter() for _ in range(3)]
        for waiter in waiters:
            inbox.post(waiter, loop.schedule)
        (delivery,) = loop.scheduled
        interruption = RaisingInterruption(number, Interrupted.now, files)
        try:
            interruption.during(delivery)
        except Interrupted:
            # As the call of the delivery itself begins, the loop drops it: no code of ours has run.
            if "__call__" in interruption.where and len(delivery) == 3:  # type: ignore[arg-type]
                continue
        for waiter in waiters:
            assert "resume" in waiter.heard, interruption.where
        if not interruption.was_made:
            assert number > 3
            return


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_handler_that_raises_does_not_close_the_loop(
    loop: FakeLoop, error: type[BaseException], after: bool
) -> None:
    """A handler's RuntimeError is not a refusal, and no mark is left without a delivery."""
    inbox = Inbox()
    first, second = FakeWaiter(), FakeWaiter()
    errors = [error("from a handler")]

    def schedule(delivery: Callable[[], None]) -> None:
        if after:
            loop.schedule(delivery)
        if errors:
            raise errors.pop()
        if not after:
            loop.schedule(delivery)

    with pytest.raises(error, match="from a handler"):
        inbox.post(first, schedule)
    gc.collect()
    inbox.post(second, schedule)
    loop.turn()
    loop.turn()

    assert first.heard == second.heard == ["resume"]


# -- many threads ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
def test_posts_from_many_threads_arrive_once_each(crew: Crew, loop: FakeLoop) -> None:
    inbox = Inbox()
    crowds = [[FakeWaiter() for _ in range(300)] for _ in range(3)]
    everybody = list(chain(*crowds))

    def run() -> None:
        crew.wait_until(lambda: loop.turn() or all(w.heard for w in everybody))  # type: ignore[func-returns-value]

    crew.race(run, *[partial(post_all, inbox, loop, crowd) for crowd in crowds])

    assert {tuple(waiter.heard) for waiter in everybody} == {("resume",)}
    assert loop.calls <= len(everybody)
