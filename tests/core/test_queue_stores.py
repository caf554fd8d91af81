# SPDX-License-Identifier: ISC
"""Queues that keep their items in another way: ``_init``, ``_put`` and ``_get`` are a subclass's own."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, QueueShutDown
from aiologic.testing._interruption import Interrupted, RaisingInterruption

from .queues import SIZED, Guarded, drained, started
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

WITHIN = [str(Path(aiologic.__file__).parent), __file__]
HEAPS: list[Any] = [aiologic.LifoQueue, aiologic.PriorityQueue]


class Unique(aiologic.Queue[Any]):
    """Has each item once: its store is a dict, which is no sequence."""

    def _init(self, items: Any, maxsize: int) -> None:
        self._data = dict.fromkeys(items)

    def _put(self, item: Any) -> None:
        self._data[item] = None

    def _get(self) -> Any:
        return self._data.popitem()[0]


class Picky(aiologic.Queue[Any]):
    """Fails when it is told to."""

    fails_to_put = fails_to_get = False

    def _put(self, item: Any) -> None:
        if self.fails_to_put:
            raise LookupError(f"will not put {item!r}")
        super()._put(item)

    def _get(self) -> Any:
        if self.fails_to_get:
            raise LookupError("will not get")
        return super()._get()


class Busy(aiologic.Queue[Any]):
    """Does something else while it puts, or gets."""

    while_putting: Any = None
    while_getting: Any = None

    def _put(self, item: Any) -> None:
        super()._put(item)
        self._do("while_putting")

    def _get(self) -> Any:
        item = super()._get()
        self._do("while_getting")
        return item

    def _do(self, name: str) -> None:
        what = getattr(self, name)
        setattr(self, name, None)
        if what is not None:
            what()


# -- when they are called --------------------------------------------------------------------------------------------


def test_they_are_called_with_what_was_given(caller: Caller) -> None:
    """Contract 1.3.7: `_init(items, maxsize)`, `_put(item)`, `_get()`."""
    assert Guarded() is not None
    assert Guarded.inits == ([], 0)
    Guarded(7)
    assert Guarded.inits == ([], 7)
    queue = Guarded(iter([1, 2]), maxsize=7)
    assert Guarded.inits == ([1, 2], 7)
    caller.put(queue, 3)
    assert queue._data == [1, 2, 3]
    assert [caller.get(queue) for _ in range(3)] == [1, 2, 3]
    assert queue.calls == 4
    with pytest.raises(QueueEmpty):
        caller.get(queue, blocking=False)
    assert queue.calls == 4


@pytest.mark.usefixtures("tiny_switch_interval")
@pytest.mark.parametrize("limit", [None, 2])
def test_one_at_a_time(crew: Crew, limit: int | None) -> None:
    """Contract 1.3.7: called with exclusive access."""
    queue = Guarded(limit)

    def put() -> None:
        for item in range(200):
            queue.green_put(item)

    def get() -> list[int]:
        return [queue.green_get() for _ in range(200)]

    results = crew.race(put, get, put, get)
    assert sorted(results[1] + results[3]) == sorted([*range(200)] * 2)
    assert queue.most == 1
    assert queue.calls == 800


@pytest.mark.parametrize("operation", ["_put", "_get"])
def test_a_second_thread_comes_in_when_the_first_has_left(
    crew: Crew, operation: str
) -> None:
    """A is inside, and B sleeps until A has left; then C, who came later."""
    barrier = threading.Barrier(2)

    class Slow(Guarded):
        def linger(self) -> None:
            if self.calls == 1:
                barrier.wait(20)
                barrier.wait(20)

    queue = Slow([1, 2, 3])
    first = partial(queue.put_nowait, 4) if operation == "_put" else queue.get_nowait
    members = [crew.start(first)]
    barrier.wait(20)  # A is inside
    exclusive: Any = queue._exclusive
    members.append(crew.start(queue.get_nowait))
    crew.wait_until(lambda: len(exclusive._waiting) == 1)
    members.append(crew.start(queue.put_nowait, 5))
    crew.wait_until(lambda: len(exclusive._waiting) == 2)
    assert queue.calls == 1
    barrier.wait(20)
    got = [member.result() for member in members]
    assert got[1] == (1 if operation == "_put" else 2)
    assert queue.most == 1
    assert queue.inside == 0
    assert len(drained(queue)) == (4 if operation == "_put" else 2)
    assert exclusive._waiting == []


def test_what_overrides_nothing_takes_the_short_way() -> None:
    class Named(aiologic.Queue[int]):
        pass

    class Mixed(Named, Picky):
        pass

    assert aiologic.Queue()._exclusive is None
    assert Named()._exclusive is None
    for cls in (Picky, Mixed, *HEAPS):
        assert cls()._exclusive is not None


def test_any_container_will_do() -> None:
    """Contract 1.3.7: `_data` is sized, can be copied, and has a truth."""
    queue = Unique([1, 2, 3])
    assert (len(queue), bool(queue)) == (3, True)
    assert "Unique([1, 2, 3])" in repr(queue)
    assert drained(queue) == [3, 2, 1]
    assert not queue
    queue.shutdown()
    with pytest.raises(QueueShutDown):
        queue.get_nowait()


# -- a look ----------------------------------------------------------------------------------------------------------


def test_a_look_where_nobody_says_how() -> None:
    """To show the wrong item would be worse than an error."""
    for cls in Unique, Guarded, Picky:
        queue = cls([1, 2])
        with pytest.raises(TypeError, match=f"{cls.__name__}.*_peek"):
            queue.peek_nowait()
        assert len(queue) == 2

    class Seen(Guarded):
        def _peek(self) -> Any:
            return self._data[0]

    assert Seen([1, 2]).peek_nowait() == 1
    with pytest.raises(QueueEmpty):
        Seen().peek_nowait()

    class Putting(aiologic.PriorityQueue[Any]):
        def _put(self, item: Any) -> None:
            super()._put(item)

    assert Putting([2, 1]).peek_nowait() == 1


@pytest.mark.parametrize("cls", SIZED)
def test_a_look_within_another_operation(cls: Any) -> None:
    """It can't be put off, as a put can."""

    class Looking(cls):  # type: ignore[misc]  # any of them
        def _put(self, item: Any) -> None:
            super()._put(item)
            with pytest.raises(RuntimeError, match=r"peek_nowait.*interrupts"):
                self.peek_nowait()

    queue = Looking()
    queue.put_nowait(1)
    assert queue.peek_nowait() == 1


# -- errors in them --------------------------------------------------------------------------------------------------


def test_an_error_in_put(caller: Caller) -> None:
    """Contract 1.3.7: it is the caller's; nothing was put, and the next may come in."""
    queue = Picky(2)
    queue.put_nowait(1)
    queue.fails_to_put = True
    for _ in range(5):
        with pytest.raises(LookupError, match="will not put 2"):
            caller.put(queue, 2)
    assert (len(queue), queue.unfinished_tasks) == (1, 1)
    queue.fails_to_put = False
    caller.put(queue, 3)
    with pytest.raises(QueueFull):
        queue.put_nowait(4)
    assert drained(queue) == [1, 3]


def test_an_error_in_get(caller: Caller) -> None:
    """Contract 1.3.7: it is the caller's; the item is still there."""
    queue = Picky([1, 2], 2)
    queue.fails_to_get = True
    for _ in range(5):
        with pytest.raises(LookupError, match="will not get"):
            caller.get(queue)
    assert len(queue) == 2
    with pytest.raises(QueueFull):
        queue.put_nowait(3)
    queue.fails_to_get = False
    assert drained(queue) == [1, 2]


def test_an_error_in_put_hands_its_place_on(world: HandWorld) -> None:
    queue = Picky([0], 1)
    first, second = started(world, 2, lambda: queue.async_put(1))
    assert queue.get_nowait() == 0
    queue.fails_to_put = True
    with pytest.raises(LookupError):
        first.step()
    queue.fails_to_put = False
    assert second.is_woken
    second.step()
    assert drained(queue) == [1]


def test_an_error_in_get_hands_its_item_on(world: HandWorld) -> None:
    queue = Picky()
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.fails_to_get = True
    with pytest.raises(LookupError):
        first.step()
    queue.fails_to_get = False
    assert second.is_woken
    assert second.step().result == 1


def test_an_error_lets_the_next_thread_in(crew: Crew) -> None:
    barrier = threading.Barrier(2)

    class Failing(Guarded):
        def linger(self) -> None:
            if self.calls == 1:
                barrier.wait(20)
                barrier.wait(20)
                raise LookupError("inside")

    queue = Failing()
    first = crew.start(queue.put_nowait, 1)
    barrier.wait(20)
    second = crew.start(queue.put_nowait, 2)
    exclusive: Any = queue._exclusive
    crew.wait_until(lambda: len(exclusive._waiting) == 1)
    barrier.wait(20)
    with pytest.raises(LookupError, match="inside"):
        first.result()
    second.result()
    assert drained(queue) == [2]


@pytest.mark.parametrize("cls", HEAPS)
def test_a_put_that_is_interrupted_as_it_serves_serves_all_the_same(
    cls: Any, world: HandWorld
) -> None:
    """The item is there; the handler is heard by who has put it."""

    class InterruptedOnce(cls):  # type: ignore[misc]  # any of them
        handlers = iter([Interrupted])

        def _settle(self) -> None:
            for error in self.handlers:
                raise error
            super()._settle()

    queue = InterruptedOnce()
    [getter] = started(world, 1, queue.async_get)
    with pytest.raises(Interrupted):
        queue.put_nowait(1)
    assert getter.is_woken
    assert getter.step().result == 1


# -- entered again by the same thread --------------------------------------------------------------------------------


def test_a_put_within_a_put_comes_after_it() -> None:
    queue = Busy()
    queue.while_putting = partial(queue.put_nowait, 2)
    queue.put_nowait(1)
    assert len(queue) == 2
    assert queue.unfinished_tasks == 2
    assert drained(queue) == [1, 2]


def test_a_put_within_a_get_comes_after_it() -> None:
    queue = Busy([1])
    queue.while_getting = partial(queue.green_put, 2)
    assert queue.get_nowait() == 1
    assert drained(queue) == [2]


def test_a_put_within_a_get_of_what_is_left_is_refused() -> None:
    """The end can be seen from inside as well; so whoever puts hears of it, and nothing is put off."""
    queue = Busy([1], maxsize=2)
    queue.shutdown()

    def put() -> None:
        with pytest.raises(QueueShutDown):
            queue.put_nowait(2)

    queue.while_getting = put
    assert queue.get_nowait() == 1
    assert queue.while_getting is None
    assert queue.unfinished_tasks == 1


def test_a_put_within_a_get_wakes_who_waits(world: HandWorld) -> None:
    """A takes the only item.   B waits.   A handler in A's thread puts another, which stays behind until A has left."""
    queue = Busy([1])
    waiting: list[Any] = []

    def while_getting() -> None:
        waiting.extend(started(world, 1, queue.async_get))
        queue.put_nowait(2)

    queue.while_getting = while_getting
    assert queue.get_nowait() == 1
    [getter] = waiting
    assert getter.is_woken
    assert getter.step().result == 2


def test_a_get_within_another_is_refused() -> None:
    """It would wait for its own thread for ever."""
    queue = Busy([1, 2])
    refused: list[str] = []

    def get() -> None:
        with pytest.raises(RuntimeError, match="interrupts another") as error:
            queue.get_nowait()
        refused.append(str(error.value))

    queue.while_getting = get
    assert queue.get_nowait() == 1
    queue.while_putting = get
    queue.put_nowait(3)
    assert len(refused) == 2
    # Nothing was taken.
    assert drained(queue) == [2, 3]
    assert queue.statistics().value == 0


def test_an_error_of_a_put_that_was_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is there to hear it, so it is printed; it counts as not put."""
    told: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: told.append(error[0]))
    queue = aiologic.PriorityQueue[Any]([1], maxsize=3)

    class Putting(int):
        def __lt__(self, other: object) -> bool:
            if not told and not pending:
                pending.append(True)
                queue.put_nowait("text")
            return int(self) < other if isinstance(other, int) else NotImplemented

    pending: list[bool] = []
    queue.put_nowait(Putting(2))
    assert told == [TypeError]
    assert queue.unfinished_tasks == 2
    queue.put_nowait(3)
    with pytest.raises(QueueFull):
        queue.put_nowait(4)
    assert drained(queue) == [1, 2, 3]


@pytest.mark.parametrize("immediate", [False, True])
def test_a_shutdown_within_an_operation(world: HandWorld, immediate: bool) -> None:
    """It comes into force when that has ended."""
    queue = Busy([1], 1)
    [putter] = started(world, 1, lambda: queue.async_put(2))
    queue.while_getting = partial(queue.shutdown, immediate)
    if immediate:
        with pytest.raises(QueueShutDown):
            queue.get_nowait()
    else:
        assert queue.get_nowait() == 1
    assert queue.is_shutdown
    with pytest.raises(QueueShutDown):
        putter.step()
    with pytest.raises(QueueShutDown):
        queue.get_nowait()

    queue = Busy(1)
    [getter] = started(world, 1, queue.async_get)
    queue.while_putting = partial(queue.shutdown, immediate)
    queue.put_nowait(1)
    if immediate:
        with pytest.raises(QueueShutDown):
            getter.step()
    else:
        assert getter.step().result == 1


def test_a_shutdown_within_a_put_that_fails(world: HandWorld) -> None:
    """Nothing came, and whoever has failed tells those who wait."""

    class Failing(Busy):
        def _put(self, item: Any) -> None:
            self._do("while_putting")
            raise LookupError(f"will not put {item!r}")

    queue = Failing()
    [getter] = started(world, 1, queue.async_get)
    queue.while_putting = queue.shutdown
    with pytest.raises(LookupError):
        queue.put_nowait(1)
    assert getter.is_woken
    with pytest.raises(QueueShutDown):
        getter.step()


@pytest.mark.parametrize("immediate", [False, True])
def test_a_second_shutdown_within_an_operation(immediate: bool) -> None:
    queue = Busy([1, 2, 3])
    queue.shutdown()
    queue.while_getting = partial(queue.shutdown, immediate)
    if immediate:
        with pytest.raises(QueueShutDown):
            queue.get_nowait()
        assert len(queue) == 0
        assert queue.unfinished_tasks == 0
    else:
        assert queue.get_nowait() == 1
        assert drained(queue) == [2, 3]


def test_a_shutdown_while_all_is_discarded(world: HandWorld) -> None:
    """Whoever interrupts one that discards leaves the rest to it."""
    queue = Busy([1, 2, 3])
    queue.while_getting = partial(queue.shutdown, immediate=True)
    queue.shutdown(immediate=True)
    assert len(queue) == 0
    assert queue.unfinished_tasks == 0
    getter = world.spawn(queue.async_get()).step()
    assert getter.is_woken
    with pytest.raises(QueueShutDown):
        getter.step()


def test_a_shutdown_within_a_look(world: HandWorld) -> None:
    class Looking(Busy):
        def _peek(self) -> Any:
            item = self._data[0]
            self._do("while_getting")
            return item

    queue = Looking([1], 1)
    [putter] = started(world, 1, lambda: queue.async_put(2))
    queue.while_getting = queue.shutdown
    assert queue.peek_nowait() == 1
    assert putter.is_woken
    with pytest.raises(QueueShutDown):
        putter.step()
    assert drained(queue) == [1]


@pytest.mark.parametrize("cls", SIZED)
def test_a_handler_puts_between_any_two_steps_of_a_put(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls(5)
        getters = started(world, 1, queue.async_get)
        interruption.during(partial(queue.put_nowait, 1), partial(queue.put_nowait, 2))
        assert len(queue) == 1 + interruption.was_made
        got = [getters[0].step().result]
        assert sorted(got + drained(queue)) == [1, 2][: 1 + interruption.was_made]
        assert queue.unfinished_tasks == 1 + interruption.was_made


@pytest.mark.parametrize("cls", SIZED)
def test_a_handler_puts_between_any_two_steps_of_a_get(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls([1])
        waiting: list[Any] = []

        def handler(queue: Any = queue, waiting: list[Any] = waiting) -> None:
            task = world.spawn(queue.async_get())
            # To get within a get is refused, and so is to wait while there seems to be an item.
            if not queue.statistics().value:
                waiting.append(task.step())
            else:
                task.coroutine.close()
            queue.put_nowait(2)

        got = [interruption.during(queue.get_nowait, handler)]
        for task in waiting:
            assert task.is_woken
            got.append(task.step().result)
        assert sorted(got + drained(queue)) == [1, 2][: 1 + interruption.was_made]


@pytest.mark.parametrize("cls", SIZED)
def test_a_handler_shuts_down_between_any_two_steps_of_a_put(
    cls: Any, world: HandWorld
) -> None:
    """What is put is got, or refused; and whoever waits is told."""
    for immediate in False, True:
        for interruption in interruptions():
            queue = cls(5)
            getters = started(world, 2, queue.async_get)
            was_put = True
            try:
                interruption.during(
                    partial(queue.put_nowait, 1), partial(queue.shutdown, immediate)
                )
            except QueueShutDown:
                was_put = False
            if not interruption.was_made:
                queue.shutdown(immediate)
            outcomes: list[object] = []
            for getter in getters:
                assert getter.is_woken
                try:
                    outcomes.append(getter.step().result)
                except QueueShutDown:
                    outcomes.append("end")
            if immediate:
                assert set(outcomes) <= {1, "end"}
                assert queue.unfinished_tasks == outcomes.count(1)
            else:
                assert outcomes == [1 if was_put else "end", "end"]
                assert queue.unfinished_tasks == was_put
            assert queue.getting == 0
            assert len(queue) == 0


@pytest.fixture
def alarm() -> Iterator[Any]:
    """To have a signal handler run, here and now."""
    if not hasattr(signal, "SIGUSR1"):
        pytest.skip("this system has no such signals")
    before = signal.getsignal(signal.SIGUSR1)

    def ring(function: Any) -> None:
        signal.signal(signal.SIGUSR1, lambda *_: function())
        signal.raise_signal(signal.SIGUSR1)

    yield ring
    signal.signal(signal.SIGUSR1, before)


def test_a_signal_handler_within_them(alarm: Any) -> None:
    """Users 2.3 C13: it puts while its own thread does."""
    queue = Busy()
    queue.while_putting = partial(alarm, partial(queue.put_nowait, "signal"))
    queue.put_nowait(1)
    queue.while_getting = partial(alarm, partial(queue.put_nowait, "again"))
    assert queue.get_nowait() == 1
    assert drained(queue) == ["signal", "again"]


def test_a_finalizer_within_them() -> None:
    """Users 2.3 C13: garbage is collected while its own thread puts."""
    queue = Busy()

    class Garbage:
        def __init__(self) -> None:
            self.myself = self

        def __del__(self) -> None:
            queue.put_nowait("finalized")

    def collect() -> None:
        Garbage()
        gc.collect()

    queue.while_putting = collect
    queue.put_nowait(1)
    assert drained(queue) == [1, "finalized"]


@pytest.mark.parametrize("operation", ["put", "get"])
def test_a_keyboard_interrupt_lets_the_next_one_in(operation: str) -> None:
    """Wherever a signal handler can raise, see aiologic/testing/_interruption.py."""
    for number in range(1_000):
        queue = Guarded([1, 2])
        call = queue.get_nowait if operation == "get" else partial(queue.put_nowait, 3)
        interruption = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            interruption.during(call)
        if not interruption.was_made:
            assert number > 3
            break
        exclusive: Any = queue._exclusive
        assert not exclusive._inside, interruption.where
        # There are never more permits than items, and one is missing at most.
        missing = len(queue) - queue.statistics().value
        assert 0 <= missing <= 1, interruption.where
        queue.put_nowait(4)
        assert len(drained(queue)) >= 2


def test_a_get_that_fails_once_the_item_is_out_frees_its_place() -> None:
    class Failing(aiologic.Queue[int]):
        def _get(self) -> int:
            super()._get()
            raise ZeroDivisionError

    queue = Failing([1], maxsize=1)
    with pytest.raises(ZeroDivisionError):
        queue.get_nowait()
    queue.put_nowait(2)
    assert len(queue) == 1
