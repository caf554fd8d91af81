# SPDX-License-Identifier: ISC
"""How many tasks have it at once: as many as there are permits, each of which goes to the next in line.

If one of these fails: look at duties 1 and 9, by which an owner is known; if a task is
not woken, at duties 3 and 4.
"""

from __future__ import annotations

import pytest

from .._stage import SHORT, until
from ..catalogue import free_permits
from ..operations import acquire, block, release

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._stage import Actor, Call, Stage
    from ..catalogue import Kind
    from ..operations import Exclusive


def all_taken(permit: Exclusive, stage: Stage, count: int) -> list[Actor]:
    """Start ``count`` tasks, each of which takes one permit."""
    holders = [stage.actor() for _ in range(count)]
    for holder in holders:
        assert holder.does(acquire(permit)) is True
    return holders


def test_as_many_have_it_as_there_are_permits(stage: Stage, permits: Kind) -> None:
    permit = permits.make()
    assert free_permits(permit) == permits.permits
    holders = all_taken(permit, stage, permits.permits)
    assert free_permits(permit) == 0

    newcomer = stage.actor()
    assert newcomer.does(acquire(permit, blocking=False)) is False
    assert newcomer.does(acquire(permit, timeout=0)) is False
    assert newcomer.does(acquire(permit, timeout=SHORT)) is False

    assert permit.waiting == 0
    for count, holder in enumerate(holders, 1):
        holder.does(release(permit))
        assert free_permits(permit) == count


def test_each_permit_goes_to_the_next_in_line(stage: Stage, permits: Kind) -> None:
    permit = permits.make()
    holders = all_taken(permit, stage, permits.permits)
    actors = [stage.actor() for _ in range(2 * permits.permits)]
    calls: list[Call] = []
    for actor in actors:
        calls.append(actor.starts(acquire(permit)))
        until(lambda: permit.waiting == len(calls))

    for number, holder in enumerate([*holders, *actors[: permits.permits]]):
        holder.does(release(permit))
        assert calls[number].result() is True
        assert [call.is_done for call in calls].count(True) == number + 1
        assert free_permits(permit) == 0

    for actor in actors[permits.permits :]:
        actor.does(release(permit))
    assert free_permits(permit) == permits.permits
    assert permit.waiting == 0


def test_a_block_gives_its_permit_back_whatever_happens(
    stage: Stage, permits: Kind
) -> None:
    permit = permits.make()

    def fail() -> None:
        assert free_permits(permit) == permits.permits - 1
        raise ZeroDivisionError

    actor = stage.actor()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            actor.does(block(permit, fail))
    assert free_permits(permit) == permits.permits


def test_only_who_has_it_gives_it_back(stage: Stage, owners: Kind) -> None:
    owned = owners()
    holder, stranger = stage.actor(), stage.actor()
    with pytest.raises(RuntimeError):
        stranger.does(release(owned))
    holder.does(acquire(owned))
    before = repr(owned)

    with pytest.raises(RuntimeError):
        stranger.does(release(owned))

    assert repr(owned) == before
    holder.does(release(owned))
    with pytest.raises(RuntimeError):
        holder.does(release(owned))
    assert free_permits(owned) == 1


@pytest.mark.parametrize("options", [{}, {"blocking": False}, {"timeout": 0}], ids=str)
def test_who_has_it_gets_it_again_or_an_error(
    stage: Stage, owners: Kind, options: dict[str, float]
) -> None:
    """It gets an error if it can have only one; it never waits for itself."""
    permit = owners.make()
    holder = stage.actor()
    holder.does(acquire(permit))

    if owners.is_reentrant:
        assert holder.does(acquire(permit, **options)) is True
        holder.does(release(permit))
    else:
        with pytest.raises(RuntimeError, match="current task is already holding"):
            holder.does(acquire(permit, **options))

    assert free_permits(permit) == owners.permits - 1
    holder.does(release(permit))
    assert free_permits(permit) == owners.permits
