# SPDX-License-Identifier: ISC
"""Containers that are small until they are used, a deque and a queue: how they are created, and what they are."""

from __future__ import annotations

import collections.abc
import copy
import itertools
import pickle
import sys
import weakref
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import _lazy_content
from aiologic._engine import newborn
from aiologic.lowlevel import lazydeque, lazyqueue
from aiologic.testing._interruption import (
    Interrupted,
    Interruption,
    RaisingInterruption,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .crew import Crew

# Where their contents are created.
WITHIN = [_lazy_content.__file__, newborn.__file__]


# -- a deque ---------------------------------------------------------------------------------------------------------


class Named(lazydeque[int]):
    """A subclass, as a user may write it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.name = "it"


def test_how_it_is_made() -> None:
    assert lazydeque(iterable=[1], maxlen=2) == deque([1])
    assert lazydeque(range(5), 2) == deque([3, 4])
    wrong: list[Any] = [(None,), (5,), ([], "x"), ([], 1.5)]
    for arguments in wrong:
        with pytest.raises(TypeError) as refused:
            lazydeque(*arguments)
        with pytest.raises(TypeError, match=str(refused.value)):
            deque(*arguments)
    # Not when the first item comes, and its caller can do nothing about it.
    refusal = "maxlen must be non-negative"
    if sys.implementation.name == "pypy":
        refusal = "expected a non-negative integer"
    with pytest.raises(ValueError, match=refusal):
        lazydeque([], -1)


def test_what_it_is_not() -> None:
    lazy: Any = lazydeque([1, 2])
    assert lazy != [1, 2]
    assert lazydeque() != []
    wrong: list[Callable[[], object]] = [
        lambda: lazy + [3],  # noqa: RUF005
        lambda: [3] + lazy,  # noqa: RUF005
        lambda: lazy < [3],
        lambda: lazy[:1],
        lambda: lazy.__setitem__(slice(1), [3]),
        lambda: lazy.__delitem__(slice(1)),
        lambda: hash(lazy),
        lambda: lazy * "3",
    ]
    for call in wrong:
        with pytest.raises(TypeError):
            call()
    for name, value in [("anything", 1), ("maxlen", 1)]:
        with pytest.raises(AttributeError):
            setattr(lazy, name, value)
    assert lazy == deque([1, 2])


def test_it_is_a_sequence() -> None:
    lazy: lazydeque[int] = lazydeque()
    assert isinstance(lazy, collections.abc.MutableSequence)
    assert weakref.ref(lazy)() is lazy
    expected = "lazydeque[int]" if sys.version_info >= (3, 9) else "lazydeque'>"
    assert repr(lazydeque[int]).endswith(expected)
    assert lazydeque.__module__ == lazyqueue.__module__ == "aiologic.lowlevel"


def test_it_is_small_until_it_is_used() -> None:
    """Contract 1.4.5: a container that gets no items needs no memory for them."""
    lazy: Any = lazydeque((), 5)
    lazy.extend([])
    lazy.extendleft(())
    lazy += ()
    lazy *= 3
    lazy.clear()
    lazy.rotate()
    lazy.reverse()
    assert lazy._content is None
    assert not copy.copy(lazy) + lazy
    if sys.implementation.name == "cpython":
        assert sys.getsizeof(lazy) <= 72
        assert sys.getsizeof(lazyqueue()) <= 64


@pytest.mark.parametrize("maxlen", [None, 2])
@pytest.mark.parametrize("extend", ["extend", "extendleft", "__iadd__"])
def test_what_comes_before_an_error_is_there(extend: str, maxlen: int | None) -> None:
    """And can be seen meanwhile, as in a deque: nothing is read in advance."""

    def items(of: Any, lengths: list[int]) -> Iterator[int]:
        for number in range(4):
            lengths.append(len(of))
            yield number
        raise LookupError

    outcomes: list[object] = []
    for kind in lazydeque, deque:
        one: Any = kind((), maxlen)
        lengths: list[int] = []
        with pytest.raises(LookupError):
            getattr(one, extend)(items(one, lengths))
        outcomes.append((list(one), lengths))
    assert outcomes[0] == outcomes[1]


def test_what_is_added_is_not_held() -> None:
    """The first item may go while the others come."""
    lazy: Any = lazydeque((), 1)
    made: list[Callable[[], object]] = []

    def items() -> Iterator[object]:
        for _ in range(3):
            item = Named()
            made.append(weakref.ref(item))
            yield item
            del item
            assert sum(each() is not None for each in made) == 1

    if sys.implementation.name == "cpython":
        lazy.extend(items())
        assert len(lazy) == 1


class Asked:
    """Records that it was asked, if the other side has no answer."""

    def __radd__(self, other: object) -> str:
        return "asked"

    __add__ = __gt__ = __ge__ = __lt__ = __le__ = __radd__


def test_it_is_no_deque_that_is_compared_or_added() -> None:
    """As with a deque, the other side is asked; and it makes no difference if items repeat."""
    other: Any = Asked()
    for mine in lazydeque[int](), lazydeque([1]):
        assert mine + other == "asked"
        assert other + mine == "asked"
        assert [mine < other, mine <= other, mine > other, mine >= other] == [
            "asked"
        ] * 4
        for same in lazydeque(mine), deque(mine):
            assert (mine != same, same != mine) == (False, False)


def test_subclasses() -> None:
    named = Named([1], 3)
    for other in [
        copy.copy(named),
        named.copy(),
        named + named,
        named * 2,
        copy.deepcopy(named),
        pickle.loads(pickle.dumps(named)),
    ]:
        assert type(other) is Named
        assert (other.name, other.maxlen, other[0]) == ("it", 3, 1)
    assert repr(named) == "Named([1], maxlen=3)"
    named.name = "another"
    assert copy.deepcopy(named).name == "another"


# -- a queue ---------------------------------------------------------------------------------------------------------


def test_a_queue_is_first_in_first_out() -> None:
    """Contract 1.4.5."""
    queue: lazyqueue[int] = lazyqueue()
    for _ in range(2):
        with pytest.raises(IndexError, match="get from an empty queue"):
            queue.get()
        assert (len(queue), bool(queue)) == (0, False)
        for item in range(3):
            queue.put(item)
        assert (len(queue), bool(queue)) == (3, True)
        assert [queue.get() for _ in range(3)] == [0, 1, 2]


def test_a_queue_as_an_object() -> None:
    """Contract 1.4.5: weak references, no copies."""
    queue: Any = lazyqueue()
    assert repr(queue) == f"<lazyqueue object at {id(queue):#x}: length=0>"
    queue.put(None)
    assert repr(queue).endswith(": length=1>")
    for reproduce in copy.copy, copy.deepcopy, pickle.dumps:
        with pytest.raises(TypeError, match="cannot reduce"):
            reproduce(queue)
    assert [weakref.ref(queue)()] == [queue]
    with pytest.raises(TypeError):
        lazyqueue([1])  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        list(queue)
    with pytest.raises(AttributeError):
        queue.anything = 1
    assert queue != lazyqueue()


# -- the first item --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
@pytest.mark.parametrize("kind", [lazydeque, lazyqueue])
def test_no_first_item_is_lost(crew: Crew, kind: Any) -> None:
    # Several threads find no content, and each creates one.
    for _ in range(50):
        lazy = kind()
        add = lazy.put if kind is lazyqueue else lazy.append
        crew.race(*[lambda: add(1)] * 4)  # noqa: B023
        assert len(lazy) == 4
    assert not newborn._newborn


def test_a_handler_that_raises_leaves_nothing_for_others() -> None:
    """An object that gets the number of one that is gone does not get its items."""
    for number in itertools.count():
        lazy: lazyqueue[int] = lazyqueue()
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            handler.during(lambda: lazy.put(1))  # noqa: B023
        assert not newborn._newborn, handler.where
        if not handler.was_made:
            assert number > 2
            break


def test_a_handler_comes_before_the_first_item() -> None:
    for number in itertools.count():
        lazy: lazyqueue[int] = lazyqueue()
        handler = Interruption(
            number,
            lambda: lazy.put(2),  # noqa: B023
            WITHIN,
        )
        handler.during(lambda: lazy.put(1))  # noqa: B023
        assert len(lazy) == 1 + handler.was_made, handler.where
        if not handler.was_made:
            assert number > 5
            break
    assert not newborn._newborn
