# SPDX-License-Identifier: ISC
"""CPython's own tests of ``asyncio.Queue``, run on ours.

They find our queues where they look for asyncio's. Where ours behave
differently on purpose, the test is overridden here, and says why.
"""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import unittest
from typing import Any

import aiologic
import pytest

pytest.importorskip("aiologic_asyncio", reason="asyncio needs its backend")
if sys.version_info < (3, 11):
    pytest.skip(
        "up to 3.10, these tests drive a loop of their own with a clock of its own",
        allow_module_level=True,
    )


class Names:
    """What the view of a queue has, and how the tests ask who waits."""

    make: Any

    def __init__(self, maxsize: int = 0) -> None:
        self._ours = self.make(maxsize if maxsize > 0 else None)
        self._view = self._ours.async_q

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)

    @property
    def _getters(self) -> range:
        return range(self._ours.getting)

    @property
    def _putters(self) -> range:
        return range(self._ours.putting)


class Queue(Names):
    make = aiologic.Queue

    def __class_getitem__(cls, item: Any) -> Any:
        return aiologic.Queue[item]


class LifoQueue(Names):
    make = aiologic.LifoQueue


class PriorityQueue(Names):
    make = aiologic.PriorityQueue


class Ours:
    """asyncio, but for its queues."""

    Queue = Queue
    LifoQueue = LifoQueue
    PriorityQueue = PriorityQueue

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


def load_tests_of_queues() -> Any:
    """A copy of that module which nobody else has, with our queues."""
    pytest.importorskip(
        "test.test_asyncio",
        reason="this installation has no package of CPython's tests",
    )
    spec = importlib.util.find_spec("test.test_asyncio.test_queues")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.asyncio = Ours()  # type: ignore[attr-defined]  # that is the trick
    return module


queue_tests: Any = load_tests_of_queues()
HAS_SHUTDOWN = hasattr(queue_tests, "QueueShutdownTests")


class BasicTests(queue_tests.QueueBasicTests):  # type: ignore[misc]  # untyped
    async def test_repr(self) -> None:
        """Other words: a class and its arguments, then the state."""
        queue = aiologic.Queue([1], maxsize=1)
        assert repr(queue).startswith("<aiologic.Queue([1], maxsize=1) at 0x")
        assert repr(queue).endswith("[length=1, putting=0]>")

    test_str = test_repr


class GetTests(queue_tests.QueueGetTests):  # type: ignore[misc]  # untyped
    @unittest.skip("about the futures inside of asyncio's; ours has none")
    async def test_get_with_putters(self) -> None:
        """Its place in CPython's."""


class PutTests(queue_tests.QueuePutTests):  # type: ignore[misc]  # untyped
    async def test_float_maxsize(self) -> None:
        """A limit is an integer."""
        with pytest.raises(TypeError, match=r"maxsize must be an integer.*got 1\.3"):
            aiologic.Queue([], maxsize=1.3)  # type: ignore[call-overload]  # that is the point


class LifoQueueTests(queue_tests.LifoQueueTests):  # type: ignore[misc]  # untyped
    """No deviation."""


class PriorityQueueTests(queue_tests.PriorityQueueTests):  # type: ignore[misc]  # untyped
    """No deviation."""


class Format:
    """What differs for each kind."""

    @unittest.skip("about the words of asyncio's repr(), which are others")
    async def test_format(self) -> None:
        """Its place in CPython's."""


class JoinTests(Format, queue_tests.QueueJoinTests):  # type: ignore[misc]  # untyped
    q_class = Queue


class LifoJoinTests(Format, queue_tests.LifoQueueJoinTests):  # type: ignore[misc]  # untyped
    q_class = LifoQueue


class PriorityJoinTests(Format, queue_tests.PriorityQueueJoinTests):  # type: ignore[misc]  # untyped
    q_class = PriorityQueue


if HAS_SHUTDOWN:

    class ShutdownTests(Format, queue_tests.QueueShutdownTests):  # type: ignore[misc]  # untyped
        q_class = Queue

    class LifoShutdownTests(Format, queue_tests.LifoQueueShutdownTests):  # type: ignore[misc]  # untyped
        q_class = LifoQueue

    class PriorityShutdownTests(Format, queue_tests.PriorityQueueShutdownTests):  # type: ignore[misc]  # untyped
        q_class = PriorityQueue

else:

    @pytest.mark.skip("tests of shutdown() came with Python 3.13")
    def test_shutdown() -> None:
        """Their place."""
