# SPDX-License-Identifier: ISC
"""Queues with the interfaces of ``queue.Queue`` and ``asyncio.Queue``, and with their exceptions."""

from __future__ import annotations

import asyncio
import copy
import pickle
import queue as stdlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, QueueShutDown

from .queues import each_sized, in_order, started

if TYPE_CHECKING:
    from collections.abc import Callable

    from .crew import Crew
    from .hand_driven import HandWorld


@each_sized
def test_as_a_queue_of_threads(cls: Any, crew: Crew) -> None:
    """The names, arguments and exceptions of ``queue.Queue``, over the same items."""
    queue = cls(2)
    view = queue.sync_q
    assert (view.maxsize, view.qsize(), view.empty(), view.full()) == (
        2,
        0,
        True,
        False,
    )
    assert view.put("a") is None
    assert view.put("b", False) is None
    assert (view.qsize(), view.empty(), view.full()) == (2, False, True)
    calls: list[Callable[[], object]] = [
        lambda: view.put_nowait("c"),
        lambda: view.put("c", block=False),
        lambda: view.put("c", timeout=0.001),
        lambda: view.put("c", True, 0),
    ]
    for call in calls:
        with pytest.raises(stdlib.Full):
            call()
        with pytest.raises(QueueFull):
            call()
    assert len(queue) == 2
    assert view.get() == in_order(cls, ["a", "b"])[0]
    assert view.get_nowait() == in_order(cls, ["a", "b"])[1]
    calls = [
        view.get_nowait,
        lambda: view.get(block=False),
        lambda: view.get(timeout=0.001),
        lambda: view.get(True, 0),
    ]
    for call in calls:
        with pytest.raises(stdlib.Empty):
            call()
        with pytest.raises(QueueEmpty):
            call()
    joining = crew.start(view.join)
    crew.wait_until(lambda: queue._tally._queue)
    assert view.unfinished_tasks == 2
    view.task_done()
    view.task_done()
    assert joining.result() is None
    with pytest.raises(ValueError, match="too many times"):
        view.task_done()


@each_sized
@pytest.mark.parametrize("timeout", [-1, "1"])
def test_wrong_timeouts(cls: Any, timeout: Any) -> None:
    view = cls([1]).sync_q
    for call in view.get, lambda timeout: view.put(1, timeout=timeout):
        with pytest.raises((ValueError, TypeError), match=f"timeout.*{timeout}"):
            call(timeout=timeout)
    assert view.qsize() == 1
    assert view.get(False, timeout) == 1


@each_sized
def test_as_a_queue_of_tasks(cls: Any, world: HandWorld) -> None:
    """The names, arguments and exceptions of ``asyncio.Queue``, over the same items."""
    queue = cls(1)
    view = queue.async_q
    assert (view.maxsize, view.qsize(), view.empty(), view.full()) == (
        1,
        0,
        True,
        False,
    )
    assert world.run(view.put("a")) is None
    assert view.full()
    with pytest.raises(asyncio.QueueFull):
        view.put_nowait("b")
    with pytest.raises(QueueFull):
        view.put_nowait("b")
    [putter] = started(world, 1, lambda: view.put("b"))
    assert view.get_nowait() == "a"
    assert putter.step().is_done
    assert world.run(view.get()) == "b"
    with pytest.raises(asyncio.QueueEmpty):
        view.get_nowait()
    with pytest.raises(QueueEmpty):
        view.get_nowait()
    [getter] = started(world, 1, view.get)
    view.put_nowait("c")
    assert getter.step().result == "c"
    [joining] = started(world, 1, view.join)
    assert view.unfinished_tasks == 3
    for _ in range(3):
        view.task_done()
    assert joining.step().is_done
    assert joining.result is None


@each_sized
@pytest.mark.parametrize("immediate", [False, True])
def test_shut_down(cls: Any, world: HandWorld, immediate: bool) -> None:
    """With the exceptions of Python 3.13, if these exist."""
    queue = cls([1])
    assert not queue.sync_q.is_shutdown
    queue.sync_q.shutdown(immediate)
    assert queue.async_q.is_shutdown
    peers = [QueueShutDown]
    peers += [getattr(stdlib, "ShutDown", QueueShutDown)]
    peers += [getattr(asyncio, "QueueShutDown", QueueShutDown)]
    if not immediate:
        assert queue.sync_q.get() == 1
    for peer in peers:
        for call in queue.sync_q.get, queue.async_q.get_nowait, queue.get_nowait:
            with pytest.raises(peer):
                call()
        with pytest.raises(peer):
            queue.sync_q.put(2)
        with pytest.raises(peer):
            queue.async_q.put_nowait(2)
        for coroutine in queue.async_q.put(1), queue.async_q.get():
            task = world.spawn(coroutine)
            with pytest.raises(peer):  # noqa: PT012  # get() finds the end once it waits
                task.step()
                task.step()


def test_both_are_of_one_queue() -> None:
    queue: aiologic.Queue[int] = aiologic.Queue([1, 2, 3], maxsize=2)
    assert queue.sync_q == queue.sync_q
    assert hash(queue.async_q) == hash(queue.async_q)
    assert queue.sync_q != queue.async_q
    assert queue.sync_q != aiologic.Queue([1]).sync_q
    assert queue.sync_q != queue
    assert queue.sync_q.full()
    assert not aiologic.Queue([1]).async_q.full()
    assert repr(queue.sync_q).startswith("<SyncView of <aiologic.Queue([1, 2, 3]")
    assert repr(queue.async_q).startswith("<AsyncView of <aiologic.Queue([1, 2, 3]")
    assert not hasattr(queue.sync_q, "__dict__")


def test_their_classes_can_be_named() -> None:
    """As users of janus do, in annotations and in ``isinstance()``; also where these are evaluated."""
    queue: aiologic.Queue[int] = aiologic.Queue()
    assert type(queue.sync_q) is aiologic.SyncView
    assert type(queue.async_q) is aiologic.AsyncView
    assert aiologic.SyncView[int](queue) == queue.sync_q
    assert aiologic.AsyncView[int](queue) == queue.async_q


@pytest.mark.parametrize("raised", ["Empty", "Full", "ShutDown"])
def test_their_exceptions_are_pickled_and_copied(raised: str) -> None:
    queue: aiologic.Queue[int] = aiologic.Queue(1)
    view = queue.sync_q
    ours = getattr(aiologic, f"Queue{raised}")
    with pytest.raises(ours) as caught:  # noqa: PT012  # the last line raises
        if raised == "Full":
            view.put(1)
            view.put_nowait(1)
        if raised == "ShutDown":
            view.shutdown()
        view.get_nowait()
    error = caught.value
    assert error.args == ()
    assert type(error).__name__ == ours.__name__
    assert type(error).__module__ == "aiologic"
    for other in pickle.loads(pickle.dumps(error)), copy.copy(error):
        assert type(other) is type(error)
    # One class for all, as long as no other module is imported.
    with pytest.raises(ours) as again:
        view.put_nowait(1) if raised == "Full" else view.get_nowait()
    assert type(again.value) is type(error)


def test_nobody_imports_what_he_does_not_use() -> None:
    """The exceptions derive from those of the modules that are imported: none, at first."""
    code = """
import sys, aiologic
assert "queue" not in sys.modules and "asyncio" not in sys.modules
view = aiologic.Queue().sync_q
try:
    view.get_nowait()
except aiologic.QueueEmpty as error:
    assert type(error).__bases__ == (aiologic.QueueEmpty,), type(error).__bases__
assert "queue" not in sys.modules and "asyncio" not in sys.modules
import queue
try:
    view.get_nowait()
except queue.Empty as error:
    assert type(error).__bases__ == (aiologic.QueueEmpty, queue.Empty)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
