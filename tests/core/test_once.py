# SPDX-License-Identifier: ISC
"""A function that runs once, for all threads that call it (contract 1.4.4)."""

from __future__ import annotations

import inspect
import subprocess
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import lowlevel, once
from aiologic.testing._interruption import Interrupted, RaisingInterruption

from . import attempts
from .attempts import Failing, Thing, waiting
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .crew import Crew, Member


# -- results and errors ----------------------------------------------------------------------------------------------


def test_it_runs_once_and_its_result_is_kept() -> None:
    make = Failing()
    made = once(make)

    first = made()
    assert isinstance(first, Thing)
    assert made() is first
    assert len(make.calls) == 1


def test_any_result_is_one() -> None:
    """Even one that is false, or that stands for "none" elsewhere."""
    calls: list[None] = []
    append = once(partial(calls.append, None))
    assert [append(), append()] == [None, None]
    assert len(calls) == 1


def test_an_exception_is_not_kept() -> None:
    make = Failing(2)
    made = once(make)

    for number in (1, 2):
        with pytest.raises(LookupError, match=str(number)):
            made()
    assert made() is made()
    assert len(make.calls) == 3


# -- several threads -------------------------------------------------------------------------------------------------


def test_callers_block_their_threads_and_go_on_together(crew: Crew) -> None:
    go_on = threading.Event()
    calls: list[None] = []

    @once
    def make() -> Thing:
        calls.append(None)
        assert go_on.wait(20)
        return Thing()

    members = [crew.start(make) for _ in range(4)]
    crew.wait_until(lambda: waiting(make) == 3)
    assert all(member.thread.is_alive() for member in members)
    go_on.set()

    assert len({id(member.result()) for member in members}) == 1
    assert len(calls) == 1


def test_of_those_who_wait_one_tries_again(crew: Crew) -> None:
    """Its caller gets the exception; one of the others makes the next attempt, and the last waits for that."""
    go_on = [threading.Event(), threading.Event()]
    calls: list[None] = []

    @once
    def make() -> Thing:
        calls.append(None)
        number = len(calls)
        assert go_on[number - 1].wait(20)
        if number == 1:
            raise LookupError
        return Thing()

    failing = crew.start(make)
    crew.wait_until(lambda: calls)
    others = [crew.start(make) for _ in range(2)]
    crew.wait_until(lambda: waiting(make) == 2)
    go_on[0].set()

    with pytest.raises(LookupError):
        failing.result()
    crew.wait_until(lambda: waiting(make) == 1)
    go_on[1].set()
    assert others[0].result() is others[1].result()
    assert len(calls) == 2


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_at_once_one_runs_it(crew: Crew) -> None:
    for failures in (0, 1, 2) * 10:
        make = Failing(failures)
        made = once(make)

        def call(made: Any = made) -> Any:
            try:
                return made()
            except LookupError:
                return None

        results = crew.race(*[call] * 4)
        assert len(make.calls) == failures + 1
        assert results.count(None) == failures
        assert len({id(result) for result in results if result is not None}) == 1


# -- calls inside of calls -------------------------------------------------------------------------------------------


def test_a_recursive_call_is_refused() -> None:
    @once
    def make() -> Thing:
        with pytest.raises(RuntimeError, match="this function is already executing"):
            make()
        return Thing()

    assert make() is make()


def test_a_reentrant_one_runs_inside_and_the_last_result_is_kept(crew: Crew) -> None:
    depth: list[None] = []
    members: list[Member] = []

    @once(reentrant=True)
    def make() -> str:
        depth.append(None)
        if len(depth) == 2:
            return "inner"
        assert make() == "inner"
        # Nobody else gets the result before everything is over.
        members.append(crew.start(make))
        crew.wait_until(lambda: waiting(make) == 1)
        return "outer"

    assert make() == "outer"
    assert members[0].result() == "outer"
    assert make() == "outer"
    assert len(depth) == 2


def test_what_an_inner_call_returned_is_kept_if_the_outer_one_fails() -> None:
    depth: list[None] = []

    @once(reentrant=True)
    def make() -> str:
        depth.append(None)
        if len(depth) == 1:
            make()
            raise LookupError
        return "inner"

    with pytest.raises(LookupError):
        make()
    assert make() == "inner"
    assert len(depth) == 2


# -- handlers --------------------------------------------------------------------------------------------------------


def test_a_handler_may_call_it_at_any_moment() -> None:
    """It is refused while its own thread runs the function, and else gets the result; it never waits for itself."""
    for interruption in interruptions():
        make = Failing()
        made = once(make)
        heard: list[Any] = []

        def handler(made: Any = made, heard: list[Any] = heard) -> None:
            try:
                heard.append(made())
            except RuntimeError as error:
                heard.append(str(error))

        result = interruption.during(made, handler)

        assert isinstance(result, Thing)
        assert made() is result
        assert len(make.calls) == 1
        for each in heard:
            assert each is result or each == "this function is already executing"


def test_a_handler_may_run_a_reentrant_one_at_any_moment() -> None:
    for interruption in interruptions():
        make = Failing()
        made = once(reentrant=True)(make)
        result = interruption.during(made, made)

        assert isinstance(result, Thing)
        assert made() is made()
        assert len(make.calls) <= 2


@pytest.mark.parametrize("failures", [0, 1])
def test_an_interrupt_leaves_it_as_it_was_or_done(failures: int) -> None:
    """KeyboardInterrupt, wherever a signal handler can raise; see aiologic/testing/_interruption.py."""
    for number in range(200):
        make = Failing(failures)
        made = once(make)
        interruption = RaisingInterruption(
            number,
            Interrupted.now,
            [lowlevel.once.__code__.co_filename, attempts.__file__],
        )
        heard: BaseException | None = None
        try:
            interruption.during(made)
        except (Interrupted, LookupError) as error:
            heard = error
        assert isinstance(heard, Interrupted) is interruption.was_made
        make.failures = 0
        # Nobody is inside any more, so nobody waits for ever.
        thread = threading.Thread(target=made, daemon=True)
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), interruption.where
        assert made() is made()
        if not interruption.was_made:
            assert number > 3
            return
    pytest.fail("it does not end")


# -- as an object ----------------------------------------------------------------------------------------------------


def test_it_has_the_name_of_what_it_wraps() -> None:
    def make() -> Thing:
        """Make it."""
        return Thing()

    made = once(make)
    assert (made.__name__, made.__doc__, made.__module__) == (
        "make",
        "Make it.",
        __name__,
    )
    assert inspect.unwrap(made) is make
    with pytest.raises(TypeError, match="takes 0 positional arguments"):
        made(1)  # type: ignore[call-arg]


def test_what_cant_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a function, got 5"):
        once(5)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="must be a function"):
        once(reentrant=True)(None)  # type: ignore[type-var]


def test_it_is_one_thing_under_two_names() -> None:
    assert lowlevel.once is aiologic.once


def test_who_does_not_ask_for_it_does_not_import_it() -> None:
    script = (
        "import sys, aiologic, aiologic.lowlevel; a = set(sys.modules);"
        "aiologic.lowlevel.once; print('aiologic._once' in a, 'aiologic._once' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
