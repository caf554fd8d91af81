# SPDX-License-Identifier: ISC
"""The behaviour suite: every primitive's duties, in any world.

``from aiologic.testing.behaviour import *`` in a test file, and a fixture
``world`` (:mod:`aiologic.testing.harness`), are all it takes.

It tests what users rely on. For everything that can be acquired: who is served next
(``hand_over``), how many have it at once (``counting``), that nothing is lost if a
task is cancelled (``granted_then_cancelled``) or gives up (``leaving``), and that a
thread is not blocked for ever by what its own task holds (``deadlocks``). For all
calls: that time-outs work (``timeouts``), how often they let others run
(``checkpoints``), and that nothing accumulates (``what_is_left``). Also that the
parties of a barrier go on together or not at all (``barriers``), that a wait for a
condition ends with its lock held (``conditions``), and that what is put into a queue
is got once (``queues``), in time (``queues_in_time``). And for the building blocks of
primitives: who calls (``identities``), sleeps and clocks (``sleeps``), waiters
(``waiters``), events for one task (``single_events``), and shields (``shields``).

Run it after the conformance suite: if a test fails here while those pass, it is
either a bug of core, or a duty that no test checks yet; please report both. The
docstring of each module says where to look, and is shown with each failure. Tests that
need what a world lacks (tasks that can be cancelled, tasks that await) are skipped with
the reason; what a library can't do goes into ``World.deviations``.
"""

from __future__ import annotations

from .barriers import *
from .checkpoints import *
from .conditions import *
from .counting import *
from .deadlocks import *
from .granted_then_cancelled import *
from .hand_over import *
from .identities import *
from .leaving import *
from .queues import *
from .queues_in_time import *
from .shields import *
from .single_events import *
from .sleeps import *
from .timeouts import *
from .waiters import *
from .what_is_left import *
