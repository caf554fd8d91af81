# SPDX-License-Identifier: ISC
"""What is left of a wait: nothing.

If one of these fails: look at what a wait with a time-out leaves in the library's
timers (duty 7), and at what is kept for each thread-safe call (duty 11). The failure
says what kind of object is left.
"""

from __future__ import annotations

import pytest

import aiologic

from .._census import PRECIOUS, answering, asking, census, growth
from .._stage import Stage, until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._stage import Actor

WAKE_UPS = 10_000
#: Libraries keep some cancelled timers, and objects that they have created for later
#: use.
SOME = WAKE_UPS // 50


@pytest.mark.slow
@pytest.mark.parametrize("timeout", [None, 1000], ids=str)
def test_ten_thousand_wake_ups_from_a_thread_leave_nothing_behind(
    stage: Stage, threads: Stage, timeout: float | None
) -> None:
    """Not one descriptor, thread, or waiter; and no more than a few of anything else."""
    sleeper, waker = stage.actor(), threads.actor()
    wake_up(sleeper, waker, 200, timeout)
    before = census()
    before = census()  # the second one also counts the first

    wake_up(sleeper, waker, WAKE_UPS, timeout)

    left = growth(before, census())
    assert [kind for kind in left if kind in PRECIOUS] == []
    assert {kind: more for kind, more in left.items() if more > SOME} == {}


def wake_up(sleeper: Actor, waker: Actor, times: int, timeout: float | None) -> None:
    there, back = aiologic.BinarySemaphore(0), aiologic.BinarySemaphore(0)
    waking = waker.starts(answering(there, back, times))
    until(lambda: there.waiting, "the thread waits")
    sleeper.does(asking(there, back, times, timeout))
    waking.result()
