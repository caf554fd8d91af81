# SPDX-License-Identifier: ISC
"""Duty 13: the library's time goes on, and sleeps are as long as they say."""

from __future__ import annotations

import pytest

from .._duties import Wait, in_turn, park, settled, sleep, starts_cancelled
from .._stage import CANCELLED, LONG, SHORT, Stage
from ..operations import run
from .timeouts import HUGE_TIMEOUTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..._runtime.interface import Backend


def test_the_clock_never_goes_back(stage: Stage, backend: Backend) -> None:
    """It is a number of seconds, and does not fall while tasks sleep and wait.

    If this fails: return the clock on which the library bases its own sleeps.
    """
    now = run(backend.clock)
    steps = [now]
    for _ in range(5):
        naps = sleep(backend, 0), sleep(backend, SHORT / 10), park(Wait(backend), 0)
        steps += [*naps, now]

    times = stage.actor().does(in_turn(*steps))[::4]

    assert all(isinstance(time, float) for time in times)
    assert times == sorted(times)
    assert times[0] < times[-1]


@pytest.mark.parametrize("seconds", [SHORT / 4, SHORT, 2 * SHORT])
def test_a_sleep_lasts_as_long_as_it_says(
    stage: Stage, backend: Backend, seconds: float
) -> None:
    """No less by the backend's clock, and not for ever.

    If this fails by a little: the library computes deadlines from a time that was
    read at the beginning of its turn; have it read anew in clock(), or before the
    sleep. (Libraries that count in whole milliseconds may be off by one.)
    """
    now = run(backend.clock)

    began, result, ended = stage.actor().does(
        in_turn(now, sleep(backend, seconds), now)
    )

    assert result is None
    assert seconds - 0.0011 < ended - began < LONG


def test_others_run_while_a_task_sleeps(runtime_stage: Stage, backend: Backend) -> None:
    """A sleep suspends the task, and not the thread.

    If this fails: ``time.sleep`` was called.
    """
    call = runtime_stage.actor().starts(sleep(backend, LONG / 10))

    assert runtime_stage.actor().does(run(lambda: "runs")) == "runs"

    assert not call.is_done


@HUGE_TIMEOUTS
def test_a_huge_sleep_goes_on_until_it_is_cancelled(
    cancelling_stage: Stage, backend: Backend, timeout: float
) -> None:
    """It neither overflows nor ends at once.

    If this fails: sleep in portions that the library can count.
    """
    began: list[bool] = []
    both = in_turn(run(lambda: began.append(True)), sleep(backend, timeout))
    call = cancelling_stage.actor().starts(both)
    settled(cancelling_stage)
    assert began
    assert not call.is_done

    cancelling_stage.inside(call.cancel)

    assert call.result() == CANCELLED


def test_a_task_that_is_cancelled_does_not_sleep(
    cancelling_stage: Stage, backend: Backend
) -> None:
    """A cancellation that is pending when the sleep begins ends it.

    If this fails: sleep in a way that the library can interrupt.
    """
    actor = cancelling_stage.actor()

    call = starts_cancelled(cancelling_stage, actor, sleep(backend, LONG))

    assert call.result() == CANCELLED
