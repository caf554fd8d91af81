# SPDX-License-Identifier: ISC
"""The conformance suite: a backend's duties, each as the tests that check it.

``from aiologic.testing.conformance import *`` in a test file, and a fixture
``world`` (:mod:`aiologic.testing.harness`), are all it takes.

The duties are numbered in :mod:`aiologic.backends`. The docstring of each module
begins with those that it checks, and that of each test says what to look at if it
fails. Begin with ``wakeups``, since all other modules wait and wake.
"""

from __future__ import annotations

from .cancellation import *
from .checkpoints import *
from .clock import *
from .deliveries import *
from .detection import *
from .deviations import *
from .fairness import *
from .identity import *
from .interruptions import *
from .lifecycle import *
from .shield import *
from .shield_in_shield import *
from .threads import *
from .timeouts import *
from .tokens import *
from .wakeups import *
from .which_way import *
