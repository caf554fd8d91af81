# SPDX-License-Identifier: ISC
"""The behaviour suite: every primitive's duties, in any world.

``from aiologic.testing.behaviour import *`` in a test file, and a fixture
``world`` (:mod:`aiologic.testing.harness`), are all it takes.

It asks what users rely on. Of whatever can be had: who is served next
(``hand_over``), how many have it at once (``counting``), that nothing is lost with
a task that is cancelled (``granted_then_cancelled``) or gives up (``leaving``), and
that a thread is not blocked for ever by what its own task holds (``deadlocks``). Of
all calls: that time-outs hold (``timeouts``), how often they let others run
(``checkpoints``), and that nothing piles up (``what_is_left``). That the parties of a
barrier go on together or not at all (``barriers``), that a wait for a condition ends
with its lock (``conditions``), and that what is put into a queue is got once
(``queues``), in time (``queues_in_time``). And of what primitives of one's own are made
of: who calls (``identities``), sleeps and clocks (``sleeps``), waiters (``waiters``),
events for one task (``single_events``), and shields (``shields``).

Run it after the conformance suite: a test that fails here while those pass is
either a bug of core, which its authors want to hear of, or a duty that no test
checks yet, which they want to hear of as well. Where to look is said in the
docstring of each module, and shown with each failure. What a world lacks (tasks that
can be cancelled, tasks that await) is skipped with the reason; what a library
can't do goes into ``World.deviations``.
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
