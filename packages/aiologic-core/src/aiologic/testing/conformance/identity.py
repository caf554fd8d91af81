# SPDX-License-Identifier: ISC
"""Duties 1 and 9: who runs here, as an object that is that task's alone as long as it lives."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

from ..._runtime.detect import worlds
from .._duties import Wait, checkpoint, in_turn, park, settled
from .._stage import CANCELLED, LONG, Stage
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._runtime.interface import Backend
    from .._stage import Actor, World


def me(backend: Backend) -> Callable[[], object]:
    """A function that returns the current task; None if there is none."""

    def ask() -> object:
        try:
            return backend.current_task()
        except RuntimeError:
            return None

    return ask


def identity_of(actor: Actor, backend: Backend) -> object:
    """The task of an actor."""
    return actor.does(run(me(backend)))


def test_a_task_is_always_the_same_object(stage: Stage, backend: Backend) -> None:
    """Called again, after a wait and after a checkpoint, current_task() returns the same object.

    If this fails: return the object that the library keeps for the task, and not
    a new one that describes it.
    """
    wait = Wait(backend)
    actor = stage.actor()
    ask = run(me(backend))
    call = actor.starts(
        in_turn(
            ask,
            ask,
            park(wait),
            ask,
            checkpoint(backend),
            ask,
            park(Wait(backend), 0),
            ask,
        )
    )
    settled(stage, wait)
    wait.wake()
    answers = call.result()

    task = answers[0]
    assert task is not None
    assert all(answers[number] is task for number in (1, 3, 5, 7))
    assert identity_of(actor, backend) is task


@pytest.mark.parametrize("ended_by", ["cancellation", "the end of the runtime"])
def test_a_task_is_itself_while_it_is_cancelled(
    cancelling_stage: Stage, backend: Backend, ended_by: str
) -> None:
    """As the exception leaves its blocks, the task releases its locks, and has to own them.

    If this fails: tasks are stepped in more than one way, and current_task() knows
    only one of them. Find out where the library throws into a task.
    """
    actor = cancelling_stage.actor()
    task = identity_of(actor, backend)
    wait = Wait(backend)
    parked = park(wait)
    asked: list[object] = []

    def green() -> object:
        try:
            return parked.green()
        finally:
            asked.append(me(backend)())

    async def aio() -> object:
        try:
            return await parked.aio()
        finally:
            asked.append(me(backend)())

    call = actor.starts(parked._replace(green=green, aio=aio))
    settled(cancelling_stage, wait)
    if ended_by == "cancellation":
        cancelling_stage.inside(call.cancel)
    else:
        cancelling_stage.close()

    assert call.result() == CANCELLED
    assert len(asked) == 1
    assert asked[0] is task


def test_two_tasks_are_two_objects(stage: Stage, backend: Backend) -> None:
    """No two tasks that live at the same time are the same, or equal.

    If this fails: what current_task() returns belongs to the runtime or to the
    thread, and not to the task.
    """
    tasks = [identity_of(stage.actor(), backend) for _ in range(5)]

    assert None not in tasks
    assert len(set(map(id, tasks))) == 5
    assert len(set(tasks)) == 5


def test_a_task_is_an_object_that_can_be_kept(stage: Stage, backend: Backend) -> None:
    """It is hashable, equal to itself, and allows weak references; so it is not a number or a string.

    Numbers are reused when their owners have gone, and the next task would then
    own what its predecessor had not released.

    If this fails: return the task itself, and not its id() or its name. If it has
    no weak references, keep an object of your own for it in a place that lives as
    long as the task.
    """
    task = identity_of(stage.actor(), backend)

    assert hash(task) == hash(task)
    assert task == task  # a broken __eq__ is what it is about
    assert weakref.ref(task)() is task


def test_a_backend_knows_its_tasks(stage: Stage, backend: Backend) -> None:
    """knows() is true of this library's tasks, and of nothing else.

    Core uses it to find the backend of a lock's owner.

    If this fails: test for the class of the library's tasks with isinstance().
    """
    task = identity_of(stage.actor(), backend)

    assert backend.knows(task) is True
    namesake = type(type(task).__name__, (), {})()  # many libraries have a class Task
    for other in (None, object(), 1, "text", threading.current_thread(), namesake):
        assert backend.knows(other) is False


def test_no_other_backend_has_tasks_of_that_type(
    stage: Stage, threads: Stage, backend: Backend
) -> None:
    """Core remembers which backend serves a task by the task's type.

    If this fails: two backends return objects of one class. Wrap yours.
    """
    task = identity_of(stage.actor(), backend)
    thread = identity_of(threads.actor(), worlds.threads)
    entries = list(worlds.registry.entries.values())
    others = [entry.backend for entry in entries if entry.backend is not None]

    for other in (*others, worlds.threads):
        assert other is backend or not other.knows(task)
    if backend is not worlds.threads:
        assert not backend.knows(thread)
        assert type(task) is not type(thread)


def test_the_task_of_one_runtime_is_not_that_of_another(
    world: World, stage: Stage, backend: Backend
) -> None:
    """Two runtimes in two threads: each thread is asked for what *it* runs.

    If this fails: the current task is kept per process. It has to be kept per
    thread.
    """
    with world.open() as elsewhere:
        here, there = stage.actor(), elsewhere.actor()
        mine, other = identity_of(here, backend), identity_of(there, backend)

        assert mine is not other
        assert identity_of(here, backend) is mine
        assert identity_of(there, backend) is other


def test_a_thread_beside_runs_no_task(
    runtime_stage: Stage, threads: Stage, backend: Backend
) -> None:
    """current_task() returns None, or raises RuntimeError, in a thread that runs no task of this library.

    If this fails: see the test above.
    """
    with runtime_stage.frozen() as inside:
        assert inside(me(backend)) is not None
        assert threads.actor().does(run(me(backend))) is None


def test_which_thread_a_task_needs(
    runtime_stage: Stage, runtime_world: World, threads: Stage, backend: Backend
) -> None:
    """runs_here(task) is true where blocking this thread for ever would block that task for ever.

    If this fails with True: core would refuse waits that would end. Return True only
    if the task's runtime is the one that runs in this thread now. If it fails with
    False: core would block a thread for ever on what its own task holds.
    """
    actor, neighbour = runtime_stage.actor(), runtime_stage.actor()
    task = identity_of(actor, backend)
    asks = run(lambda: backend.runs_here(task))

    assert actor.does(asks) is True
    assert neighbour.does(asks) is True
    assert threads.actor().does(asks) is False
    with runtime_world.open() as elsewhere:
        assert elsewhere.actor().does(asks) is False
    runtime_stage.close()
    assert backend.runs_here(task) is False


def test_a_thread_is_itself(stage: Stage, world: World, backend: Backend) -> None:
    """If each thread is a runtime of its own, a task runs only in its own thread.

    If this fails: runs_here() has to compare the task with the current one.
    """
    actor, other = stage.actor(), stage.actor()
    task = identity_of(actor, backend)

    assert actor.does(run(lambda: backend.runs_here(task))) is True
    if not world.is_one_runtime:
        assert other.does(run(lambda: backend.runs_here(task))) is False


def test_a_task_that_nobody_needs_is_collected(world: World, backend: Backend) -> None:
    """The backend keeps no task alive.

    If this fails: a dictionary of the backend holds tasks strongly. Use weak
    references, or the library's own place for such things. (Or the stage keeps its
    tasks: look there first.)
    """
    with world.open() as stage:
        actor = stage.actor()
        actor.does(park(Wait(backend), 0))
        remains = weakref.ref(identity_of(actor, backend))
    del actor, stage

    ended = threading.Event()
    for _ in range(50):
        gc.collect()
        if remains() is None:
            ended.set()
            break
        ended.wait(LONG / 1000)
    assert remains() is None
