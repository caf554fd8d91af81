# SPDX-License-Identifier: ISC
"""The two waiting functions: which methods of the primitive are called when a wait ends, and how it ended.

Each test runs for both of them, which differ in one ``await``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest
from aiologic._engine import waiting
from aiologic._engine.waiting import DONE, async_wait, green_wait
from aiologic.backends import PENDING, AsyncWaiter, GreenWaiter, Waiter

if TYPE_CHECKING:
    from typing import Any

    # Happens while the task is parked: it returns what park() returns, or raises.
    Happening = Callable[[Waiter], bool]
    Wait = Callable[[Happening, "Source", "float | None"], bool]


class Source:
    """A primitive that records which of its methods are called."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def _accept(self, waiter: Waiter) -> None:
        assert waiter.source is None
        self.heard.append("accept")

    def _take_back(self, waiter: Waiter) -> None:
        assert waiter.source is None
        self.heard.append("take back")

    def _leave(self, waiter: Waiter) -> None:
        assert waiter.source is None
        assert not waiter, "left undecided"
        self.heard.append("leave")


class FakeGreenWaiter(GreenWaiter):
    __slots__ = ("happening", "timeouts")

    happening: Happening
    timeouts: list[float | None]

    def park(self, timeout: float | None) -> bool:
        self.timeouts.append(timeout)
        return self.happening(self)

    def unpark(self) -> None:
        """The plan continues by itself."""


class FakeAsyncWaiter(AsyncWaiter):
    __slots__ = ("happening", "timeouts")

    happening: Happening
    timeouts: list[float | None]

    async def park(self, timeout: float | None) -> bool:
        self.timeouts.append(timeout)
        return self.happening(self)

    def unpark(self) -> None:
        """The plan continues by itself."""


def prepared(waiter: Any, happening: Happening, source: Source) -> Any:
    waiter.happening = happening
    waiter.timeouts = []
    waiter.source = source
    return waiter


def check_and_return(waiter: Any, timeout: float | None) -> None:
    assert waiter.source is None, "the source is still to be bothered"
    assert waiter.timeouts == [timeout]
    assert not waiter, "nobody decided the wait"


def wait_green(happening: Happening, source: Source, timeout: float | None) -> bool:
    waiter = prepared(FakeGreenWaiter(PENDING), happening, source)
    try:
        return green_wait(waiter, timeout)
    finally:
        check_and_return(waiter, timeout)


def wait_async(happening: Happening, source: Source, timeout: float | None) -> bool:
    waiter = prepared(FakeAsyncWaiter(PENDING), happening, source)
    try:
        async_wait(waiter, timeout).send(None)
    except StopIteration as stop:
        return bool(stop.value)
    finally:
        check_and_return(waiter, timeout)
    raise AssertionError("it waits")


@pytest.fixture(params=[wait_green, wait_async], ids=["green", "async"])
def wait(request: pytest.FixtureRequest) -> Wait:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.mark.parametrize("timeout", [None, 0.0, 1.5])
def test_woken(wait: Wait, source: Source, timeout: float | None) -> None:
    assert wait(lambda waiter: waiter.wake(), source, timeout) is True

    assert source.heard == ["accept"]


def test_time_is_up(wait: Wait, source: Source) -> None:
    assert wait(lambda _: False, source, 1.0) is False

    assert source.heard == ["leave"]


def test_woken_in_the_moment_when_time_is_up(wait: Wait, source: Source) -> None:
    def happening(waiter: Waiter) -> bool:
        assert waiter.wake()
        return False  # the library's timer was first

    assert wait(happening, source, 1.0) is True

    assert source.heard == ["accept"]


def test_cancelled(wait: Wait, source: Source) -> None:
    def happening(_: Waiter) -> bool:
        raise KeyboardInterrupt("now")

    with pytest.raises(KeyboardInterrupt, match="now"):
        wait(happening, source, None)

    assert source.heard == ["leave"]


def test_granted_then_cancelled(wait: Wait, source: Source) -> None:
    def happening(waiter: Waiter) -> bool:
        assert waiter.wake()
        raise ZeroDivisionError("now")

    with pytest.raises(ZeroDivisionError, match="now"):
        wait(happening, source, None)

    assert source.heard == ["take back"]


def test_cancelled_then_granted(wait: Wait) -> None:
    woken: list[bool] = []

    class Late(Source):
        def _leave(self, waiter: Waiter) -> None:
            woken.append(waiter.wake())

    def happening(_: Waiter) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        wait(happening, Late(), None)

    # The release that comes too late learns of that, and goes on to the next.
    assert woken == [False]


# -- a handler that raises -------------------------------------------------------------------------------------------

# As waiter.py says about Source. No other exception may replace the handler's.


class Interrupted(Source):
    """A handler raises in the first call of the method, once that has begun, and perhaps done its work."""

    def __init__(self, method: str, fills: bool = False) -> None:
        super().__init__()
        self.method = method
        self.fills = fills

    def _interrupt(self, method: str, waiter: Waiter) -> None:
        if method == self.method:
            self.method = ""
            if self.fills:
                waiter.append(None)
            raise ZeroDivisionError("a handler's")

    def _accept(self, waiter: Waiter) -> None:
        super()._accept(waiter)
        self._interrupt("accept", waiter)

    def _take_back(self, waiter: Waiter) -> None:
        super()._take_back(waiter)
        self._interrupt("take back", waiter)

    def _leave(self, waiter: Waiter) -> None:
        super()._leave(waiter)
        self._interrupt("leave", waiter)


def raises(_: Waiter) -> bool:
    raise KeyboardInterrupt


def raises_when_woken(waiter: Waiter) -> bool:
    waiter.wake()
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("method", "happening", "heard"),
    [
        ("leave", raises, ["leave"] * 2),
        ("leave", lambda _: False, ["leave"] * 2),
        ("take back", raises_when_woken, ["take back"] * 2),
        ("accept", lambda waiter: waiter.wake(), ["accept", "take back"]),
    ],
    ids=["interrupted", "time is up", "granted then interrupted", "granted"],
)
def test_what_a_handler_has_interrupted_is_done_once_more(
    wait: Wait, method: str, happening: Happening, heard: list[str]
) -> None:
    source = Interrupted(method)

    with pytest.raises(ZeroDivisionError, match="a handler's"):
        wait(happening, source, 1.0)

    assert source.heard == heard


@pytest.mark.parametrize("kind", [FakeGreenWaiter, FakeAsyncWaiter])
def test_a_grant_is_not_taken_back_twice(kind: type[Any]) -> None:
    """The waiter is refilled if it must not be done again."""
    source = Interrupted("take back", fills=True)
    waiter = prepared(kind(PENDING), raises_when_woken, source)

    with pytest.raises(ZeroDivisionError, match="a handler's"):
        waited(waiter)

    assert source.heard == ["take back"]


@pytest.mark.parametrize("kind", [FakeGreenWaiter, FakeAsyncWaiter])
def test_who_is_interrupted_on_the_way_to_the_queue_has_nothing_to_leave(
    kind: type[Any],
) -> None:
    def join(waiter: Waiter, request: object) -> None:
        assert (type(waiter), request) == (kind, "request")
        raise ZeroDivisionError("a handler's")

    with pytest.raises(ZeroDivisionError, match="a handler's"):
        waited(kind(PENDING), join, "request")


@pytest.mark.parametrize("kind", [FakeGreenWaiter, FakeAsyncWaiter])
def test_who_is_interrupted_as_it_begins_to_give_up_gives_up(
    kind: type[Any], source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiter = prepared(kind(PENDING), raises, source)

    def begin(_: Waiter) -> None:
        monkeypatch.undo()
        raise ZeroDivisionError("a handler's")

    monkeypatch.setattr(waiting, "give_up", begin)
    with pytest.raises(ZeroDivisionError, match="a handler's"):
        waited(waiter)

    assert source.heard == ["leave"]


def waited(waiter: Any, *join: Any) -> None:
    """Wait for it without a time-out, by one of the two."""
    if isinstance(waiter, GreenWaiter):
        green_wait(waiter, None, *join)
    else:
        async_wait(waiter, None, *join).send(None)


def test_a_closed_coroutine_leaves(source: Source) -> None:
    class Sleeping(FakeAsyncWaiter):
        __slots__ = ()

        def park(self, timeout: float | None) -> Any:
            return self

        def __await__(self) -> Any:
            yield

    waiter = prepared(Sleeping(PENDING), lambda _: True, source)
    coroutine = async_wait(waiter, None)
    coroutine.send(None)

    coroutine.close()

    assert source.heard == ["leave"]
    assert waiter.wake() is False


def test_done_can_be_awaited_any_number_of_times() -> None:
    async def leave() -> list[Any]:
        return [await DONE, await DONE]  # type: ignore[func-returns-value]

    for _ in range(3):
        with pytest.raises(StopIteration) as stopped:
            leave().send(None)
        assert stopped.value.value == [None, None]
