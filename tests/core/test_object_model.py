# SPDX-License-Identifier: ISC
"""What holds for every primitive as an object: identity, copies, pickles, subclasses, names, size."""

from __future__ import annotations

import copy
import gc
import pickle
import platform
import sys
import weakref
from functools import partial
from typing import Any

import aiologic
import pytest
from aiologic._engine.free_threading import FREE_THREADED
from aiologic._engine.waitqueue import WaitQueue
from aiologic.testing.catalogue import ALL, QUEUE, Kind

# The pickles of a subclass refer to it by name, so each has to be found here.
SUBCLASSES: dict[type, type] = {
    cls: type(f"Sub{cls.__name__}", (cls,), {"__module__": __name__})
    for cls in dict.fromkeys(kind.cls for kind in ALL)
}
globals().update({cls.__name__: cls for cls in SUBCLASSES.values()})


class MarkedSemaphore(aiologic.Semaphore):
    """Keeps something of its own in its pickles."""

    mark: str

    def __getstate__(self) -> Any:
        return {"mark": self.mark}


class MarkedGuard(aiologic.ResourceGuard):
    """The same, with a keyword argument."""

    mark: str

    def __getstate__(self) -> Any:
        return {"mark": self.mark}


class MarkedQueue(aiologic.SimpleQueue[Any]):
    """The same; its copies are made in other code."""

    mark: str

    def __getstate__(self) -> Any:
        return {"mark": self.mark}


class NamedSemaphore(aiologic.Semaphore):
    """Is created with keywords only."""

    def __new__(cls, *, permits: int) -> Any:
        return super().__new__(cls, permits)

    def __getnewargs_ex__(self) -> Any:
        return (), {"permits": self.initial_value}


# The size of an idle primitive of 0.17.1 with all that belongs to it, on CPython 3.13 (16 bytes less on older ones),
# measured as below; how much of that ours may take; and where there is nothing left to save.
BYTES_OF_0_17_1 = {
    "Barrier": 272,
    "BinarySemaphore": 264,
    "BoundedBinarySemaphore": 280,
    "BoundedSemaphore": 331,
    "CapacityLimiter": 435,
    "Condition": 744,
    "CountdownEvent": 464,
    "Event": 192,
    "Flag": 112,
    "Latch": 272,
    "LifoQueue": 608,
    "Lock": 280,
    "PriorityQueue": 608,
    "Queue": 1312,
    "RBarrier": 656,
    "RCapacityLimiter": 435,
    "REvent": 536,
    "RLock": 288,
    "ResourceGuard": 64,
    "Semaphore": 259,
    "SimpleLifoQueue": 376,
    "SimpleQueue": 1080,
}
SMALLER = 0.8
# Queues of 0.17.1 had no end, and did not count what was done. And where a store needs mutual exclusion, ours brings a
# kind that can't deadlock a signal handler: 300 bytes, which only matter to programs with very many queues.
OTHERWISE = {
    "LifoQueue": 1.4,
    "PriorityQueue": 1.4,
    "Queue": 0.5,
    "SimpleLifoQueue": 0.5,
    "SimpleQueue": 0.5,
}
# With the places of one that has a limit.
WITH_A_LIMIT = {"LifoQueue": 1.7, "PriorityQueue": 1.7, "Queue": 0.6}
SMALL_BYTES = 72

#: Those that can be subscripted.
GENERIC = {
    "Condition",
    "LifoQueue",
    "PriorityQueue",
    "Queue",
    "SimpleLifoQueue",
    "SimpleQueue",
}

#: Public, and nothing that tasks wait for. A flag is generic, and shown as it was made: see test_flag.py.
NO_PRIMITIVES: set[object] = {
    aiologic.Flag,
    aiologic.AsyncView,
    aiologic.Statistics,
    aiologic.SyncView,
    aiologic.once,
    aiologic.synchronized,
}


@pytest.fixture(params=ALL, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=["itself", "subclass"])
def cls(kind: Kind, request: pytest.FixtureRequest) -> Any:
    return kind.cls if request.param == "itself" else SUBCLASSES[kind.cls]


@pytest.fixture
def primitive(cls: Any, kind: Kind) -> Any:
    return cls(*kind.arguments)


def state_of(primitive: Any) -> str:
    """What it shows about itself, except its address."""
    return repr(primitive).split(" at ")[0] + repr(primitive).rsplit("[", 1)[1]


def check_fresh(fresh: Any, used: Any, cls: Any, kind: Kind) -> None:
    assert fresh is not used
    assert type(fresh) is cls
    assert state_of(fresh) == state_of(cls(*kind.arguments))
    assert getattr(fresh, "waiting", 0) == 0
    # It works, and its original does not notice.
    before = state_of(used)
    kind.bring_out(fresh)
    assert state_of(used) == before


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_a_new_one_with_the_same_arguments(
    primitive: Any, cls: Any, kind: Kind, protocol: int
) -> None:
    """D12: protocols 0 and 1 restored half an object."""
    kind.bring_out(primitive)
    check_fresh(pickle.loads(pickle.dumps(primitive, protocol)), primitive, cls, kind)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_a_new_one_with_the_same_arguments(
    primitive: Any, cls: Any, kind: Kind, copied: Any
) -> None:
    kind.bring_out(primitive)
    check_fresh(copied(primitive), primitive, cls, kind)


def pickled(primitive: Any, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(primitive, protocol))


COPIES = [
    pytest.param(copy.deepcopy, id="deepcopy"),
    *(
        pytest.param(partial(pickled, protocol=n), id=f"protocol {n}")
        for n in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
]


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("cls", [MarkedSemaphore, MarkedGuard, MarkedQueue])
def test_a_subclass_may_add_to_its_pickles(cls: Any, copied: Any) -> None:
    marked = cls()
    marked.mark = "x"

    assert copied(marked).mark == "x"


@pytest.mark.parametrize("copied", COPIES)
def test_a_subclass_may_be_made_with_keywords(copied: Any) -> None:
    assert copied(NamedSemaphore(permits=3)).initial_value == 3


def test_its_pickles_name_nothing_private(primitive: Any) -> None:
    """They must be readable by later versions."""
    assert b"aiologic._" not in pickle.dumps(primitive, 0)


def test_it_names_its_constructor_arguments(primitive: Any, kind: Kind) -> None:
    assert primitive.__getnewargs__() == kind.arguments
    assert primitive.__getstate__() is None


def test_equal_to_itself_and_to_nothing_else(
    primitive: Any, cls: Any, kind: Kind
) -> None:
    same = primitive
    other = cls(*kind.arguments)

    assert primitive == same
    assert primitive != other
    assert {primitive: 1, other: 2}[same] == 1
    with pytest.raises(TypeError):
        primitive < other  # noqa: B015  # the comparison is what raises


def test_weak_references(cls: Any, kind: Kind) -> None:
    primitive = cls(*kind.arguments)
    kind.bring_out(primitive)
    reference = weakref.ref(primitive)
    assert reference() is primitive
    del primitive
    gc.collect()
    assert reference() is None


def test_it_has_no_dict(kind: Kind) -> None:
    primitive = kind.make()

    assert not hasattr(primitive, "__dict__")
    for name in "colour", "waiting":
        with pytest.raises(AttributeError):
            setattr(primitive, name, 1)


def test_subclasses_may_have_one(kind: Kind) -> None:
    primitive: Any = SUBCLASSES[kind.cls](*kind.arguments)

    primitive.colour = "red"
    assert primitive.colour == "red"


def test_an_idle_one_owns_no_queue(primitive: Any, kind: Kind) -> None:
    """Not even after it was used, as long as nobody had to wait."""
    kind.bring_out(primitive)
    for idle in kind.make(), primitive:
        assert not any(isinstance(part, WaitQueue) for part in parts_of(idle))
        assert getattr(idle, "waiting", 0) == 0


@pytest.mark.skipif(
    platform.python_implementation() != "CPython", reason="knows sizes of CPython"
)
def test_an_idle_one_is_smaller_than_it_was(kind: Kind) -> None:
    if kind.name not in BYTES_OF_0_17_1:
        pytest.skip(f"0.17.1 had no {kind.name}")
    if FREE_THREADED and kind.kind == QUEUE:
        pytest.skip("without the GIL, its free permits are a deque, which is larger")
    size = sum(map(sys.getsizeof, parts_of(kind.make())))
    # It had a byte for each permit.
    permits = () if kind.kind == QUEUE else kind.arguments
    before = BYTES_OF_0_17_1[kind.name] + sum(
        n for n in permits if n is not None and n > 2
    )
    limits = WITH_A_LIMIT if kind.kind == QUEUE and kind.arguments else OTHERWISE
    limit = limits.get(kind.name, SMALLER)
    assert size <= max(SMALL_BYTES, limit * before)


def parts_of(primitive: Any) -> list[Any]:
    """An object, with all that belongs to it alone."""
    parts: list[Any] = []
    left = [primitive]
    while left:
        part = left.pop()
        # A class or a constant exists only once.
        if part is None or isinstance(part, (type, int, str, bool)) or part == ():
            continue
        if not any(part is known for known in parts):
            parts.append(part)
            left += gc.get_referents(part)
    return parts


def test_repr_names_class_arguments_and_state(
    primitive: Any, cls: Any, kind: Kind
) -> None:
    arguments = kind.shown
    if arguments is None:
        arguments = ", ".join(map(repr, kind.arguments))
    module = "aiologic" if cls is kind.cls else __name__
    beginning = f"<{module}.{cls.__qualname__}({arguments}) at 0x"

    assert repr(primitive).startswith(beginning)
    assert repr(primitive).endswith("]>")
    before = state_of(primitive)
    kind.bring_out(primitive)
    assert state_of(primitive) != before or not kind.has_states


def test_public_names(kind: Kind) -> None:
    assert kind.cls.__module__ == "aiologic"
    assert getattr(aiologic, kind.name) is kind.cls
    assert kind.cls.__doc__


def test_it_is_no_generic(kind: Kind) -> None:
    if kind.name in GENERIC:
        assert kind.cls[int]
        return
    with pytest.raises(TypeError):
        kind.cls[int]


def test_unknown_arguments_are_refused(cls: Any) -> None:
    with pytest.raises(TypeError):
        cls(colour="red")
    with pytest.raises(TypeError):
        cls(1, 1, 1)


def test_each_public_primitive_has_a_line() -> None:
    """Everything that is exported, except exceptions, is tested."""
    public = {getattr(aiologic, name) for name in aiologic.__all__}
    missing = {
        cls
        for cls in public - {kind.cls for kind in ALL} - NO_PRIMITIVES
        if not (isinstance(cls, type) and issubclass(cls, BaseException))
    }
    assert not missing
