# SPDX-License-Identifier: ISC
"""Events for one task as objects, their classes, and the constants, of which there is one each."""

from __future__ import annotations

import copy
import pickle
import sys
import weakref
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import lowlevel
from aiologic.lowlevel import (
    CANCELLED_EVENT,
    AsyncEvent,
    CancelledEvent,
    DummyEvent,
    GreenEvent,
    SetEvent,
    ThreadOnceLock,
    create_green_event,
)

from .single_events import CONSTANTS, WRONG, each_constant, each_kind, state_of

if TYPE_CHECKING:
    from aiologic.lowlevel import Event

    from .crew import Crew
    from .hand_driven import HandWorld


# -- constants -------------------------------------------------------------------------------------------------------


@each_constant
def test_a_constant(world: HandWorld, constant: Any) -> None:
    """Contract 1.4.2: its state never changes, for green and for async callers."""
    is_set = constant is not CANCELLED_EVENT
    for _ in range(2):
        assert (bool(constant), constant.is_set()) == (is_set, is_set)
        assert constant.cancelled() is (not is_set)
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
    """Contract 1.4.2: copies and pickles are the object itself, and its class can't be subclassed."""
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
    """Contract 1.4.2: slots, no weak references, no copies, and a public name."""
    event = create()
    kind = "GreenEvent" if create is create_green_event else "AsyncEvent"
    assert repr(event) == f"<aiologic.lowlevel.{kind} object at {id(event):#x}: unset>"
    assert isinstance(event, getattr(lowlevel, kind))
    for reproduce in copy.copy, copy.deepcopy, pickle.dumps:
        with pytest.raises(TypeError, match="cannot reduce"):
            reproduce(event)
    # PyPy has weak references to everything, and can't tell sizes.
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
    """The classes can be subclassed, too."""

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
    """Contract 1.4.2: with ``locking``, the methods of a once-lock can be called on it."""
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
