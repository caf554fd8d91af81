# SPDX-License-Identifier: ISC
"""What a queue shows about itself, what its copies contain, and what it keeps alive."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from typing import TYPE_CHECKING, Any

import aiologic
import pytest

from .queues import SIMPLE, drained, each_kind, each_sized, in_order, started

if TYPE_CHECKING:
    from .hand_driven import HandWorld

ITEMS = [2, 3, 1]


@each_kind
def test_repr(cls: Any, world: HandWorld) -> None:
    """Contract 1.3.7: its items, its limit, its length, and who waits, if anybody can."""
    name = f"<aiologic.{cls.__name__}"
    queue = cls()
    assert repr(queue).startswith(f"{name}([]) at 0x")
    assert repr(queue).endswith("[length=0, getting=0]>")
    tasks = started(world, 2, queue.async_get)
    assert repr(queue).endswith("[length=0, getting=2]>")
    for task in tasks:
        task.coroutine.close()
    queue.put_nowait(1)
    assert repr(queue).startswith(f"{name}([1]) at 0x")
    assert repr(queue).endswith("[length=1]>")


@each_sized
def test_repr_of_a_limited_one(cls: Any, world: HandWorld) -> None:
    queue = cls([1, 2], maxsize=2)
    assert "Queue([1, 2], maxsize=2) at 0x" in repr(queue)
    [putter] = started(world, 1, lambda: queue.async_put(3))
    assert repr(queue).endswith("[length=2, putting=1]>")
    putter.coroutine.close()
    queue.get_nowait()
    assert repr(queue).endswith("[length=1]>")
    queue.shutdown()
    assert repr(queue).endswith("[length=1, shut down]>")


@each_kind
def test_statistics(cls: Any, world: HandWorld) -> None:
    queue = cls([1, 2])
    assert queue.statistics().value == 2
    drained(queue)
    tasks = started(world, 2, queue.async_get)
    said = queue.statistics()
    assert (said.value, said.waiting) == (0, 2)
    assert said.waiting_by_library == {"handdriven": 2}
    for task in tasks:
        task.coroutine.close()


@each_kind
def test_copies_and_pickles_have_the_items_and_warn(cls: Any) -> None:
    """Contract 1.3.7: while they have them, anybody who relies on it is warned, once."""
    options: Any = {} if cls in SIMPLE else {"maxsize": 3}
    queue = cls(ITEMS, **options)
    expected = in_order(cls, ITEMS)
    with pytest.warns(DeprecationWarning, match="^Copying will no") as warned:
        copied = copy.copy(queue)
    assert len(warned) == 1
    assert warned[0].filename == copy.__file__, "which is Python"
    assert drained(copied) == expected
    assert getattr(copied, "maxsize", 3) == 3
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.warns(DeprecationWarning, match="^Pickling will no") as warned:
            pickled = pickle.dumps(queue, protocol)
        assert len(warned) == 1
        assert drained(pickle.loads(pickled)) == expected
    with pytest.warns(DeprecationWarning, match="Use copy.copy") as warned:
        copied = queue.copy()
    assert [each.filename for each in warned] == [__file__]
    assert drained(copied) == expected
    assert len(queue) == 3


@each_kind
def test_copies_of_an_empty_one_are_silent(cls: Any) -> None:
    """Contract 1.3.7: nothing is lost."""
    for made in [cls()] if cls in SIMPLE else [cls(), cls(3)]:
        for copied in copy.copy(made), pickle.loads(pickle.dumps(made)):
            assert type(copied) is cls
            assert len(copied) == 0
            assert getattr(copied, "maxsize", None) == getattr(made, "maxsize", None)


@each_kind
def test_arguments(cls: Any) -> None:
    """Contract 1.3.7: the arguments that would create it."""
    assert cls().__getnewargs__() == ()
    assert cls([1]).__getnewargs__() == ([1],)
    if cls not in SIMPLE:
        assert cls(4).__getnewargs__() == (4,)
        assert cls([1], 4).__getnewargs__() == ([1], 4)


@each_sized
def test_a_copy_of_one_that_was_shut_down_is_open(cls: Any) -> None:
    queue = cls(2)
    queue.shutdown()
    copied = copy.copy(queue)
    copied.put_nowait(1)
    assert copied.get_nowait() == 1
    assert not copied.is_shutdown


@each_kind
def test_what_was_got_is_not_kept(cls: Any) -> None:
    class Item:
        def __lt__(self, other: object) -> bool:
            return False

    queue = cls()
    item = Item()
    reference = weakref.ref(item)
    queue.put_nowait(item)
    del item
    assert queue.get_nowait() is reference()
    gc.collect()
    assert reference() is None


def test_to_ask_what_is_in_it_gets_nothing() -> None:
    queue = aiologic.Queue([1])
    with pytest.raises(TypeError):
        assert 1 in queue
    assert len(queue) == 1
