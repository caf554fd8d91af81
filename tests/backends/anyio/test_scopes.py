# SPDX-License-Identifier: ISC
"""AnyIO's scopes around each wait: cancelled before, during and after it, shielded, and out of time."""

# The test's own thread holds what is waited for, and releases it inside the loop: so a wait that should not end waits
# for something that nobody releases. After each test the primitive must be as good as new: nobody waits, and it can be
# had at once when it is open, which would not be so if a grant was lost with a cancelled task.

from __future__ import annotations

import pytest

from .steps import FAR, turns, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import anyio
    import anyio.lowlevel

    from .steps import Runner, Way
else:
    anyio = pytest.importorskip("anyio", reason="about AnyIO")
    pytest.importorskip("anyio.lowlevel")


def check_nothing_is_left(way: Way) -> None:
    """Check that nobody waits, and that it can be had once it is open."""
    assert way.primitive.waiting == 0
    way.open()
    assert way.is_open()


def test_a_scope_that_is_cancelled_already(run: Runner, way: Way) -> None:
    async def main() -> None:
        for _ in range(2):
            with anyio.CancelScope() as scope:
                scope.cancel()
                await way.wait()
                raise AssertionError("it did not wait")
            assert scope.cancel_called
            assert way.primitive.waiting == 0

    run(main)
    check_nothing_is_left(way)


def test_a_scope_that_is_cancelled_meanwhile(run: Runner, way: Way) -> None:
    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            await way.wait()
            raise AssertionError("it did not wait")

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(wait, scope)
            await until_waiting(way.primitive)
            scope.cancel()

    run(main)
    check_nothing_is_left(way)


def test_a_scope_that_is_cancelled_twice(run: Runner, way: Way) -> None:
    """In one turn, in two, and when the wait is over: it counts as one cancellation."""
    caught: list[bool] = []

    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            try:
                await way.wait()
            finally:
                scope.cancel()
        caught.append(scope.cancel_called)
        await anyio.lowlevel.checkpoint()  # nothing of it is left

    async def main() -> None:
        for pause in range(3):
            scope = anyio.CancelScope()
            async with anyio.create_task_group() as group:
                group.start_soon(wait, scope)
                await until_waiting(way.primitive)
                scope.cancel()
                await turns(pause)
                scope.cancel()

    run(main)
    assert caught == [True] * 3
    check_nothing_is_left(way)


def test_a_deadline_that_has_passed(run: Runner, way: Way) -> None:
    """A deadline that has passed already when the block begins, and one that is set to the past inside."""

    async def main() -> None:
        with anyio.CancelScope(deadline=anyio.current_time() - 1) as scope:
            await way.wait()
            raise AssertionError("it did not wait")
        assert scope.cancel_called
        with anyio.move_on_after(-1):
            await way.wait()
            raise AssertionError("it did not wait")
        with anyio.CancelScope() as scope:
            scope.deadline = anyio.current_time() - 1
            await way.wait()
            raise AssertionError("it did not wait")
        with pytest.raises(TimeoutError), anyio.fail_after(0):
            await way.wait()

    run(main)
    check_nothing_is_left(way)


def test_time_runs_out(run: Runner, way: Way) -> None:
    async def main() -> None:
        with anyio.move_on_after(0.01) as scope:
            await way.wait()
            raise AssertionError("it did not wait")
        assert scope.cancel_called
        with pytest.raises(TimeoutError), anyio.fail_after(0.01):
            await way.wait()

    run(main)
    check_nothing_is_left(way)


def test_time_does_not_run_out(run: Runner, way: Way) -> None:
    got: list[object] = []

    async def wait() -> None:
        with anyio.fail_after(FAR):
            await way.wait()
            got.append(None)
        with anyio.move_on_after(FAR) as scope:
            await way.wait()
            got.append(None)
        assert not scope.cancel_called

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await until_waiting(way.primitive)
            way.open()

    run(main)
    assert len(got) == 2
    assert way.is_open()


def test_a_deadline_is_moved_while_it_waits(run: Runner, way: Way) -> None:
    """First later, so that it does not expire; and then sooner, so that it does."""

    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            await way.wait()
            raise AssertionError("it did not wait")

    async def main() -> None:
        scope = anyio.CancelScope(deadline=anyio.current_time() + FAR)
        async with anyio.create_task_group() as group:
            group.start_soon(wait, scope)
            await until_waiting(way.primitive)
            # In one step, so that it can't expire in between, however slow the machine is.
            scope.deadline = anyio.current_time() + 0.02
            scope.deadline = anyio.current_time() + FAR
            await anyio.sleep(0.03)
            assert way.primitive.waiting == 1
            scope.deadline = anyio.current_time()

    run(main)
    check_nothing_is_left(way)


def test_a_shielded_scope_in_a_cancelled_one(run: Runner, way: Way) -> None:
    """The wait inside goes on until it has what it waits for; then the cancellation is there."""
    passed: list[str] = []

    async def wait(outer: anyio.CancelScope) -> None:
        with outer:
            with anyio.CancelScope(shield=True):
                await way.wait()
                passed.append("inside")
            await anyio.lowlevel.checkpoint()
            passed.append("outside")

    async def main() -> None:
        outer = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(wait, outer)
            await until_waiting(way.primitive)
            outer.cancel()
            await turns()
            assert way.primitive.waiting == 1
            way.open()

    run(main)
    assert passed == ["inside"]
    assert way.is_open()


def test_a_shielded_scope_that_begins_in_a_cancelled_one(run: Runner, way: Way) -> None:
    passed: list[str] = []

    async def wait() -> None:
        with anyio.CancelScope() as outer:
            outer.cancel()
            with anyio.CancelScope(shield=True):
                await way.wait()
                passed.append("inside")
            await way.wait()  # free, or to be waited for: only a checkpoint notices it
            await anyio.lowlevel.checkpoint()
            passed.append("outside")

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await until_waiting(way.primitive)
            await turns()
            way.open()

    run(main)
    assert passed == ["inside"]
    assert way.is_open()


def test_time_runs_out_in_a_shield_in_a_cancelled_scope(run: Runner, way: Way) -> None:
    passed: list[str] = []

    async def main() -> None:
        with anyio.CancelScope() as outer:
            outer.cancel()
            with anyio.move_on_after(0.01, shield=True) as inner:
                await way.wait()
                passed.append("got it")
            passed.append(f"{inner.cancel_called}")
            await way.wait()
            passed.append("outside")

    run(main)
    assert passed == ["True"]
    check_nothing_is_left(way)


def test_a_shield_is_taken_away_while_it_waits(run: Runner, way: Way) -> None:
    async def wait(outer: anyio.CancelScope, shield: anyio.CancelScope) -> None:
        with outer, shield:
            await way.wait()
            raise AssertionError("it did not wait")

    async def main() -> None:
        outer, shield = anyio.CancelScope(), anyio.CancelScope(shield=True)
        async with anyio.create_task_group() as group:
            group.start_soon(wait, outer, shield)
            await until_waiting(way.primitive)
            outer.cancel()
            await turns()
            assert way.primitive.waiting == 1
            shield.shield = False

    run(main)
    check_nothing_is_left(way)


@pytest.mark.parametrize("order", ["opened, then cancelled", "cancelled, then opened"])
def test_opened_and_cancelled_in_one_turn(run: Runner, way: Way, order: str) -> None:
    """Either it has what it was given, or that has been passed on."""

    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            await way.wait()

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(wait, scope)
            await until_waiting(way.primitive)
            steps = [way.open, scope.cancel]
            if order == "cancelled, then opened":
                steps.reverse()
            for step in steps:
                step()

    run(main)
    assert way.primitive.waiting == 0
    assert way.is_open()


def test_the_inner_of_two_scopes_is_cancelled(run: Runner, way: Way) -> None:
    """The task goes on after the inner one, and can wait again."""
    got: list[object] = []

    async def wait(inner: anyio.CancelScope) -> None:
        with anyio.CancelScope() as outer:
            with inner:
                await way.wait()
                raise AssertionError("it did not wait")
            await way.wait()
            got.append(None)
        assert not outer.cancel_called

    async def main() -> None:
        inner = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(wait, inner)
            await until_waiting(way.primitive)
            inner.cancel()
            await turns()
            await until_waiting(way.primitive)
            way.open()

    run(main)
    assert len(got) == 1
    assert way.is_open()
