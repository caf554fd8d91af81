# SPDX-License-Identifier: ISC
"""How to test a backend: describe how to run its library, and the suites do the rest.

A *world* is what there is to know about a library; a *stage* is the library
running in a thread; an *actor* on it is one task that carries out orders.
Subclass :class:`LoopStage` (for libraries that await) or :class:`GreenletStage`,
describe it in a :class:`World`, and return that from the one fixture that the
suites use::

    # conftest.py
    pytest_plugins = ["aiologic.testing.plugin"]


    @pytest.fixture
    def world():
        return World(
            name="toy",
            library="toy",
            open=ToyStage,
            is_async=True,
            cancels=True,
            wakes_first=False,
        )


    # test_conformance.py
    from aiologic.testing.conformance import *

    # test_behaviour.py
    from aiologic.testing.behaviour import *

What a stage does *inside* (``spawn``, ``stop``, a mailbox's ``put``, a call's
``cancel``), it does without ``await``. If the library only has coroutines for
this, put them into a list, and have the task that serves ``call_soon`` await them
after each function. Only ``cancel`` has to take effect at once: whatever the task
does after that step, it gets the cancellation first, unless it was ready to go on
(:attr:`World.wakes_first`). If the library throws the exception immediately, it may
do so; but a task may also cancel itself, and then gets it when it next suspends.

A *switch*, as the suites count it, is each time that a task yields to its loop,
even if only to ask for something and to go on at once
(:attr:`World.traps_are_switches`).
"""

from __future__ import annotations

from ._interruption import (
    Interrupted as Interrupted,
    Interruption as Interruption,
    RaisingInterruption as RaisingInterruption,
)
from ._loops import (
    GreenletStage as GreenletStage,
    LoopStage as LoopStage,
    attempt_in as attempt_in,
)
from ._stage import (
    CANCELLED as CANCELLED,
    LONG as LONG,
    SHORT as SHORT,
    Actor as Actor,
    Call as Call,
    Operation as Operation,
    Stage as Stage,
    World as World,
    until as until,
    wait_for as wait_for,
)
from ._switches import Counted as Counted, switches_of as switches_of
from ._threads import THREADS as THREADS
from .operations import (
    acquire as acquire,
    block as block,
    get as get,
    put as put,
    release as release,
    releasing as releasing,
    run as run,
    wait as wait,
)

__all__ = (
    "CANCELLED",
    "LONG",
    "SHORT",
    "THREADS",
    "Actor",
    "Call",
    "Counted",
    "GreenletStage",
    "Interrupted",
    "Interruption",
    "LoopStage",
    "Operation",
    "RaisingInterruption",
    "Stage",
    "World",
    "acquire",
    "attempt_in",
    "block",
    "get",
    "put",
    "release",
    "releasing",
    "run",
    "switches_of",
    "until",
    "wait",
    "wait_for",
)
