# SPDX-License-Identifier: ISC
"""Events for one task that waits, step by step: set or cancelled, and never both."""

from __future__ import annotations

import copy
import gc
import itertools
import pickle
import signal
import sys
import weakref
from contextlib import suppress
from math import inf, nan
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import _single_events, lowlevel
from aiologic.lowlevel import (
    CANCELLED_EVENT,
    DUMMY_EVENT,
    SET_EVENT,
    AsyncEvent,
    CancelledEvent,
    DummyEvent,
    GreenEvent,
    SetEvent,
    ThreadOnceLock,
    create_async_event,
    create_green_event,
    enable_checkpoints,
)
from aiologic.testing._interruption import (
    Interrupted,
    Interruption,
    RaisingInterruption,
)

if TYPE_CHECKING:
    from aiologic.lowlevel import Event

    from .crew import Crew
    from .hand_driven import HandTask, HandWorld

WITHIN = [_single_events.__file__]
CONSTANTS = [SET_EVENT, DUMMY_EVENT, CANCELLED_EVENT]
EVENTS = [create_green_event, create_async_event]
WRONG = [(nan, ValueError), (-1, ValueError), (-inf, ValueError), ("1", TypeError)]

each_constant = pytest.mark.parametrize("constant", CONSTANTS, ids=str)
each_kind = pytest.mark.parametrize("create", EVENTS)


class Cancelled(BaseException):
    """What this library throws into its tasks."""


def waiting(world: HandWorld, event: Any, timeout: float | None = None) -> HandTask:
    return world.spawn(event.with_(timeout)).step()


def state_of(event: Event) -> str:
    """The state, by all that tells it."""
    state = repr(event).rpartition(": ")[2].rstrip(">")
    assert bool(event) is event.is_set() is (state == "set")
    assert event.cancelled() is (state == "cancelled")
    return state


def end_in_time(world: HandWorld, event: Any) -> object:
    """Wait for it in vain; what the wait says."""
    if isinstance(event, GreenEvent):
        return event.wait(0)
    return waiting(world, event, 5).time_out().result


# -- set or cancelled ------------------------------------------------------------------------------------------------


@each_kind
def test_it_is_set_once(create: Any) -> None:
    """Contract 1.4.2: ``set()`` is true for the first call."""
    event = create()
    assert state_of(event) == "unset"
    assert event.set() is True
    assert event.set() is False
    assert state_of(event) == "set"


def test_set_before_the_wait(world: HandWorld) -> None:
    """D21: remembered, in any world; and again and again."""
    event, green = create_async_event(), create_green_event()
    for one in event, green:
        one.set()
    for timeout in None, 0, 5:
        assert world.run(event.with_(timeout)) is True
        assert green.wait(timeout) is True


def test_set_during_the_wait(world: HandWorld) -> None:
    event = create_async_event()
    task = waiting(world, event, 5)
    assert (task.timeout, task.is_woken) == (5.0, False)
    assert state_of(event) == "unset"
    assert event.set() is True
    assert task.is_woken
    assert task.step().result is True
    assert state_of(event) == "set"


def test_a_thread_is_woken(crew: Crew) -> None:
    event = create_green_event()
    member = crew.start(event.wait)
    crew.wait_until(lambda: event._story)  # type: ignore[attr-defined]
    assert event.set() is True
    assert member.result() is True


@each_kind
def test_time_is_up(world: HandWorld, create: Any) -> None:
    event = create()
    assert end_in_time(world, event) is False
    assert state_of(event) == "cancelled"
    again = event.wait() if create is create_green_event else world.run(event.with_())
    assert again is False
    assert event.set() is False
    assert state_of(event) == "cancelled"


def test_time_is_up_as_it_is_set(world: HandWorld) -> None:
    """The mark of ``set()`` was first: the answer is yes."""
    event = create_async_event()
    task = waiting(world, event, 5)
    assert event.set() is True
    assert task.time_out().result is True
    assert state_of(event) == "set"


@pytest.mark.parametrize("was_set", [False, True])
def test_cancelled(world: HandWorld, was_set: bool) -> None:
    """Contract 1.4.2: the exception propagates, and the state tells who was first."""
    event = create_async_event()
    task = waiting(world, event)
    if was_set:
        assert event.set() is True
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert state_of(event) == ("set" if was_set else "cancelled")
    assert event.set() is False


@pytest.mark.parametrize(("timeout", "error"), WRONG)
@pytest.mark.parametrize("state", ["unset", "set", "cancelled"])
@each_kind
def test_a_wrong_time_out(
    world: HandWorld, create: Any, state: str, timeout: Any, error: type[Exception]
) -> None:
    """Contract 1.4.2: a wait that raises leaves no event that could be set for nobody."""
    event = create()
    if state == "set":
        event.set()
    elif state == "cancelled":
        end_in_time(world, event)

    def wait() -> object:
        if create is create_green_event:
            return event.wait(timeout)
        return world.run(event.with_(timeout))

    with pytest.raises(error, match="timeout"):
        wait()
    assert state_of(event) == (state if state == "set" else "cancelled")


def test_a_second_wait_is_refused_while_the_first_goes_on(world: HandWorld) -> None:
    event = create_async_event()
    task = waiting(world, event)
    for timeout in None, 0, -1:
        with pytest.raises(RuntimeError, match="this event is already in use"):
            waiting(world, event, timeout)
    assert state_of(event) == "unset"
    assert event.set() is True
    # It is set, and its task has not gone on yet.
    assert waiting(world, event).result is True
    assert task.step().result is True


def test_it_lets_its_waiter_go(world: HandWorld) -> None:
    event = create_async_event()
    task = waiting(world, event, 5)
    event.set()
    task.step()
    assert [type(item) for item in event._story] == [_single_events.Mark]  # type: ignore[attr-defined]


@pytest.mark.parametrize("create", [create_green_event, create_async_event])
def test_it_does_not_grow(world: HandWorld, create: Any) -> None:
    """However often it is set, and whoever has joined too late."""
    event = create()
    assert event.set() is True
    for _ in range(3):
        assert event.set() is False
    assert len(event._story) == 1
    event._story.append(world.create_waiter())
    assert event._join(world.create_waiter()) is False
    assert len(event._story) == 1


def test_a_task_that_never_runs_again(world: HandWorld) -> None:
    """It is set, though its loop was closed."""
    event = create_async_event()
    task = waiting(world, event)
    waiter: Any = task._at
    assert event.set() is True
    waiter.lost()
    assert state_of(event) == "set"
    task.coroutine.close()
    assert state_of(event) == "set"


def test_made_anywhere_and_waited_for_somewhere(crew: Crew) -> None:
    """Contract 1.4.2: no library is needed until it has to wait."""
    event = create_async_event()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        event.with_().send(None)
    assert state_of(event) == "unset"
    event.set()
    with pytest.raises(StopIteration) as done:
        event.with_().send(None)
    assert done.value.value is True
    green = crew.run(create_green_event)
    assert crew.run(green.set) is True
    assert green.wait() is True


def test_to_await_it_is_to_wait_without_a_time_out(world: HandWorld) -> None:
    async def work() -> bool:
        return await event

    event = create_async_event()
    task = world.spawn(work()).step()
    assert task.timeout is None
    event.set()
    assert task.step().result is True


# -- shields and checkpoints -----------------------------------------------------------------------------------------


def test_shield_and_force_are_read_when_it_waits(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    shields: list[object] = []

    async def shield(awaitable: Any) -> Any:
        shields.append(awaitable)
        return await awaitable

    monkeypatch.setattr(world, "shield", shield)
    for made, later in [(True, True), (False, True), (True, False)]:
        event = create_async_event(shield=made)
        assert (event.shield, event.force) == (made, False)
        event.shield = later
        task = waiting(world, event)
        event.set()
        assert task.step().result is True
        assert bool(shields) is later
        shields.clear()


@pytest.mark.parametrize("is_set", [False, True])
def test_a_forced_checkpoint(world: HandWorld, is_set: bool) -> None:
    """Contract 1.4.2: ``force`` makes a checkpoint where there is nothing to wait for."""
    event = create_async_event(force=True)
    if is_set:
        event.set()
    else:
        waiting(world, event, 5).time_out()
    task = waiting(world, event)
    assert task.checkpoints == 1
    assert task.step().result is is_set
    event.force = False
    assert world.run(event.with_()) is is_set


@pytest.mark.usefixtures("checkpoints_restored")
@pytest.mark.parametrize("make", [lambda: SET_EVENT, create_async_event])
def test_a_checkpoint_where_they_are_on(world: HandWorld, make: Any) -> None:
    event = make()
    if not event:
        task = world.spawn(enable_checkpoints(event.with_)()).step()
        event.set()
        assert task.step().result is True
        assert task.checkpoints == 0  # it waited
    task = world.spawn(enable_checkpoints(event.with_)()).step()
    assert task.checkpoints == 1
    assert task.step().result is True


@pytest.mark.usefixtures("checkpoints_restored")
def test_a_green_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    from aiologic._runtime.threads import ThreadBackend

    checkpoints: list[None] = []
    monkeypatch.setattr(ThreadBackend, "checkpoint", lambda _: checkpoints.append(None))
    forced = create_green_event(force=True)
    forced.set()
    assert forced.wait() is True
    assert len(checkpoints) == 1
    for constant in CONSTANTS:
        assert constant.wait(0) is constant.is_set()
    assert len(checkpoints) == 1
    with enable_checkpoints():
        for constant in CONSTANTS:
            constant.wait()
    assert len(checkpoints) == 4


# -- who sets it -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_who_set_it_one_is_told_so(crew: Crew) -> None:
    # Two add their marks at once.   Each looks whose is the first, and one of them finds its own.
    for _ in range(50):
        event = create_green_event()
        heard, *said = crew.race(event.wait, *[event.set] * 3)
        assert heard is True
        assert sorted(said) == [False, False, True]


@pytest.mark.usefixtures("tiny_switch_interval")
def test_set_against_a_time_out_in_threads(crew: Crew) -> None:
    for _ in range(50):
        event = create_green_event()
        heard, said = crew.race(lambda: event.wait(0), event.set)  # noqa: B023
        assert heard is said
        assert state_of(event) == ("set" if said else "cancelled")


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_sets_it_in_the_thread_that_waits(crew: Crew) -> None:
    event: Any = create_green_event()

    with crew.interrupts(event.set, lambda: event._story):
        assert event.wait() is True


def test_a_finalizer_sets_it(world: HandWorld) -> None:
    class Resource:
        pass

    event = create_async_event()
    resource = Resource()
    weakref.finalize(resource, event.set)
    task = waiting(world, event)
    del resource
    gc.collect()
    assert task.step().result is True


def test_a_handler_sets_it_at_any_step_of_a_wait(world: HandWorld) -> None:
    """Contract 1.2: usable in handlers, at any bytecode of their own thread's wait."""
    for number in itertools.count():
        event = create_async_event()
        said: list[bool] = []
        handler = Interruption(number, lambda: said.append(event.set()), WITHIN)  # noqa: B023
        task = world.spawn(event.with_(5))
        handler.during(task.step)
        if not handler.was_made:
            assert number > 20
            break
        assert said == [True], handler.where
        assert task.is_done or task.is_woken, handler.where
        assert task.is_done or task.step().result is True


def test_a_handler_sets_it_at_any_step_of_a_time_out() -> None:
    for number in itertools.count():
        event = create_green_event()
        said: list[bool] = []
        handler = Interruption(number, lambda: said.append(event.set()), WITHIN)  # noqa: B023
        heard = handler.during(lambda: event.wait(0))  # noqa: B023
        if not handler.was_made:
            break
        assert said == [state_of(event) == "set"], handler.where
        # The last steps may come after the answer was read.
        assert heard is True or not said[0] or event.wait() is True, handler.where


def test_a_handler_sets_it_at_any_step_of_another_set(world: HandWorld) -> None:
    for number in itertools.count():
        event = create_async_event()
        task = waiting(world, event)
        said: list[bool] = []
        handler = Interruption(number, lambda: said.append(event.set()), WITHIN)  # noqa: B023
        said.append(handler.during(event.set))
        if not handler.was_made:
            break
        assert sorted(said) == [False, True], handler.where
        assert task.step().result is True


def test_a_keyboard_interrupt_in_set_wakes_who_waits(world: HandWorld) -> None:
    """Wherever a handler can raise: it is not set, or its task is woken."""
    for number in itertools.count():
        event = create_async_event()
        task = waiting(world, event)
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        if heard_by(handler, event.set) is not handler.was_made:
            pytest.fail(f"nobody heard of it {handler.where}")
        if not handler.was_made:
            assert number > 2
            break
        assert task.is_woken is event.is_set(), handler.where


def heard_by(handler: RaisingInterruption, call: Any) -> bool:
    """Whether what the handler raised came out of the call."""
    try:
        handler.during(call)
    except Interrupted:
        return True
    return False


def test_a_keyboard_interrupt_in_a_wait_leaves_nobody() -> None:
    """Wherever a handler can raise: what is set later is not set for who has left."""
    for number in itertools.count():
        event: Any = create_green_event()
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            handler.during(lambda: event.wait(0))  # noqa: B023
        if not handler.was_made:
            assert number > 5
            break
        assert not event._story or event.cancelled(), handler.where
        assert len(event._story) <= 1, handler.where


# -- constants -------------------------------------------------------------------------------------------------------


@each_constant
def test_a_constant(world: HandWorld, constant: Any) -> None:
    """Contract 1.4.2: of one state for ever, for green and for async callers."""
    is_set = constant is not CANCELLED_EVENT
    for _ in range(2):
        assert (bool(constant), constant.is_set()) == (is_set, is_set)
        assert constant.cancelled() is not is_set
        assert constant.set() is False
        assert constant.wait() is constant.wait(5) is is_set
        assert world.run(constant.with_(5)) is is_set

    async def work() -> object:
        return await constant

    assert world.run(work()) is is_set
    assert isinstance(constant, GreenEvent)
    assert isinstance(constant, AsyncEvent)


@pytest.mark.parametrize(("timeout", "error"), WRONG)
@each_constant
def test_a_wrong_time_out_of_a_constant(
    world: HandWorld, constant: Any, timeout: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="timeout"):
        constant.wait(timeout)
    with pytest.raises(error, match="timeout"):
        world.run(constant.with_(timeout))


@each_constant
def test_there_is_one_of_a_constant(constant: Any) -> None:
    """Contract 1.4.2: copies and pickles are itself, and its class has no subclasses."""
    assert type(constant)() is constant
    assert copy.copy(constant) is copy.deepcopy(constant) is constant
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(constant, protocol)) is constant
    name = type(constant).__name__
    text = rf"type 'aiologic\.lowlevel\.{name}' is not an acceptable base type"
    with pytest.raises(TypeError, match=text):
        type("Derived", (type(constant),), {})
    with pytest.raises(TypeError):
        type(constant)(1)


@each_constant
@pytest.mark.parametrize("name", ["shield", "force"])
def test_a_constant_is_read_only(constant: Any, name: str) -> None:
    assert getattr(constant, name) is False
    with pytest.raises(AttributeError, match="read-only"):
        setattr(constant, name, True)
    assert getattr(constant, name) is False


def test_names_of_constants() -> None:
    assert [repr(constant) for constant in CONSTANTS] == [
        "aiologic.lowlevel.SET_EVENT",
        "aiologic.lowlevel.DUMMY_EVENT",
        "aiologic.lowlevel.CANCELLED_EVENT",
    ]
    classes: list[type] = [SetEvent, DummyEvent, CancelledEvent]
    assert [type(constant) for constant in CONSTANTS] == classes


# -- objects and classes ---------------------------------------------------------------------------------------------


@each_kind
def test_as_an_object(create: Any) -> None:
    """Contract 1.4.2: slots, no weak references, no copies, and a name that is public."""
    event = create()
    kind = "GreenEvent" if create is create_green_event else "AsyncEvent"
    assert repr(event) == f"<aiologic.lowlevel.{kind} object at {id(event):#x}: unset>"
    assert isinstance(event, getattr(lowlevel, kind))
    for reproduce in copy.copy, copy.deepcopy, pickle.dumps:
        with pytest.raises(TypeError, match="cannot reduce"):
            reproduce(event)
    # PyPy has weak references to everything, and knows no sizes.
    if sys.implementation.name == "cpython":
        with pytest.raises(TypeError, match="weak reference"):
            weakref.ref(event)
        assert sys.getsizeof(event) < 80
    with pytest.raises(AttributeError):
        event.sheild = False
    assert event == event
    assert event != create()


@pytest.mark.parametrize("name", ["Event", "GreenEvent", "AsyncEvent"])
def test_what_is_abstract(name: str) -> None:
    cls: Any = getattr(lowlevel, name)
    assert (cls.__module__, cls.__qualname__) == ("aiologic.lowlevel", name)
    with pytest.raises(TypeError):
        cls()


def test_events_of_ones_own() -> None:
    """The classes are for deriving, too."""

    class Never(GreenEvent):
        def __bool__(self) -> bool:
            return False

        def set(self) -> bool:
            return False

        def is_set(self) -> bool:
            return False

        def cancelled(self) -> bool:
            return False

        def wait(self, /, timeout: float | None = None) -> bool:
            return False

    event: Event = Never()
    assert not event.set()


@each_kind
def test_one_with_a_lock_in_it(create: Any, crew: Crew) -> None:
    """Contract 1.4.2: ``locking`` makes the methods of a once-lock callable for it."""
    event = create(locking=True, shield=True, force=True)
    assert (event.shield, event.force, state_of(event)) == (True, True, "unset")
    assert ThreadOnceLock.acquire(event)
    assert crew.run(ThreadOnceLock.acquire, event, False) is False
    waits = crew.start(ThreadOnceLock.acquire, event)
    ThreadOnceLock.release(event)
    assert waits.result() is True
    ThreadOnceLock.release(event)
    assert event.set() is True
    with pytest.raises(AttributeError):
        ThreadOnceLock.acquire(create())
