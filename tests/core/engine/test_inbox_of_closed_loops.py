# SPDX-License-Identifier: ISC
"""Wake-ups for a loop that is, or will soon be, closed or forgotten: each is delivered, or reported as lost."""

from __future__ import annotations

import gc
from functools import partial
from itertools import chain
from platform import python_implementation
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from aiologic._engine.inbox import _Delivery
from aiologic.backends import Inbox, Inboxes

from .fake_loops import FakeLoop, FakeWaiter, post_all

if TYPE_CHECKING:
    from typing import Any, Callable

    from ..crew import Crew


# -- a loop that is closed -------------------------------------------------------------------------------------------


def test_a_closed_loop_loses_the_waiter_at_once(loop: FakeLoop) -> None:
    inbox = Inbox()
    waiter = FakeWaiter()
    loop.close()

    inbox.post(waiter, loop.schedule)
    gc.collect()

    assert waiter.heard == ["lost"]


def test_each_post_to_a_closed_loop_is_lost(loop: FakeLoop) -> None:
    inbox = Inbox()
    loop.close()
    waiters = [FakeWaiter() for _ in range(3)]

    for waiter in waiters:
        inbox.post(waiter, loop.schedule)

    assert [waiter.heard for waiter in waiters] == [["lost"]] * 3


def test_whoever_keeps_what_a_closed_loop_refused_keeps_nobody_asleep(
    loop: FakeLoop,
) -> None:
    """A traceback may keep it, for example: so its finalizer must not be needed to report the waiters."""
    inbox = Inbox()
    loop.close()
    kept: list[Callable[[], None]] = []

    def schedule(delivery: Callable[[], None]) -> None:
        kept.append(delivery)
        loop.schedule(delivery)

    waiters = [FakeWaiter() for _ in range(3)]
    for waiter in waiters:
        inbox.post(waiter, schedule)
        assert waiter.heard == ["lost"]

    assert kept


# -- a loop that drops what it had -----------------------------------------------------------------------------------


def test_a_delivery_that_is_dropped_unrun_loses_all_that_it_had(loop: FakeLoop) -> None:
    inbox = Inbox()
    waiters = [FakeWaiter() for _ in range(3)]
    for waiter in waiters:
        inbox.post(waiter, loop.schedule)

    loop.close()

    assert [waiter.heard for waiter in waiters] == [["lost"]] * 3
    late = FakeWaiter()
    inbox.post(late, loop.schedule)
    assert late.heard == ["lost"]


def test_a_delivery_that_has_run_loses_nobody_when_it_dies(loop: FakeLoop) -> None:
    inbox = Inbox()
    waiter = FakeWaiter()
    inbox.post(waiter, loop.schedule)
    (delivery,) = loop.scheduled
    loop.turn()

    delivery()  # nor when it is called twice
    del delivery
    loop.close()

    assert waiter.heard == ["resume"]


def test_a_delivery_that_was_never_filled_dies_quietly() -> None:
    """An exception may come before it has its inbox."""
    _Delivery.__new__(_Delivery).__del__()


def test_a_delivery_that_is_used_again_is_dropped_like_any_other(
    loop: FakeLoop,
) -> None:
    inbox = Inbox()
    inbox.post(FakeWaiter(), loop.schedule)
    loop.turn()
    waiter = FakeWaiter()
    inbox.post(waiter, loop.schedule)

    loop.close()

    assert waiter.heard == ["lost"]


def test_a_post_that_meets_the_delivery_as_it_dies_is_lost(loop: FakeLoop) -> None:
    """It is finalized only once, and weak references to it still work then."""
    inbox: Any = Inbox()
    first, second = FakeWaiter(), FakeWaiter()
    inbox.post(first, loop.schedule)
    on_its_way = inbox.last
    dying: list[Any] = []
    first.lost = lambda: dying.append(on_its_way())  # type: ignore[method-assign]

    def found_as_it_died() -> Any:
        loop.close()
        return dying.pop()

    inbox.last = found_as_it_died
    inbox.post(second, loop.schedule)

    assert second.heard == ["lost"]


def test_a_post_that_the_dying_delivery_has_returned_is_not_sent_on(
    loop: FakeLoop,
) -> None:
    """B appends.   A lets it die, and returns those in it.   B sees that it is dying, and finds nobody left."""
    inbox = Inbox()

    class Dying(_Delivery):
        __slots__ = ()

        def append(self, waiter: Any) -> None:
            super().append(waiter)
            self.__del__()

    dying = Dying(inbox)
    inbox.last = ref(dying)
    waiter = FakeWaiter()

    inbox.post(waiter, loop.schedule)

    assert waiter.heard == ["lost"]
    assert not loop.calls


@pytest.mark.usefixtures("tiny_switch_interval")
def test_a_loop_that_closes_under_posts_forgets_nobody(
    crew: Crew, loop: FakeLoop
) -> None:
    inbox = Inbox()
    crowds = [[FakeWaiter() for _ in range(200)] for _ in range(3)]

    def run() -> None:
        crew.wait_until(lambda: loop.turn() or crowds[0][50].heard)  # type: ignore[func-returns-value]
        loop.is_closed = True

    crew.race(run, *[partial(post_all, inbox, loop, crowd) for crowd in crowds])
    loop.turn()  # a loop runs what is inside before it is done
    loop.close()

    for waiter in chain(*crowds):
        assert waiter.heard in (["resume"], ["lost"])


# -- a loop that is forgotten ----------------------------------------------------------------------------------------


def test_the_spare_of_a_loop_goes_with_it() -> None:
    inboxes = Inboxes()
    loop = FakeLoop()
    inboxes.of(loop).post(FakeWaiter(), loop.schedule)
    loop.turn()
    spare: Any = inboxes.of(loop).spare
    assert spare is not None
    spare = ref(spare)

    del loop
    if python_implementation() != "CPython":
        for _ in range(3):  # one for each that held the next
            gc.collect()

    assert spare() is None


def test_a_forgotten_loop_is_collected_and_its_waiters_are_lost() -> None:
    inboxes = Inboxes()
    loop = FakeLoop()
    waiter = FakeWaiter()
    waiter.when_resumed = loop.turn  # a waiter holds its loop
    inboxes.of(loop).post(waiter, loop.schedule)
    heard = waiter.heard
    del loop, waiter
    for _ in range(3):  # without reference counting, finalizers take their time
        gc.collect()

    assert heard == ["lost"]
