# SPDX-License-Identifier: ISC
"""Queues, as users write them: what comes out is known to be what was put in."""

# Nothing in this folder is run. Both type checkers read it, as those of users would. What is right must be understood,
# by `assert_type`; what is wrong, in the files that begin with "wrong", must be found.

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Iterable, List, Tuple, TypeVar

import aiologic
from typing_extensions import assert_type

T = TypeVar("T")


class Job:
    name: str


def threads(queue: aiologic.Queue[Job]) -> None:
    queue.green_put(Job())
    queue.green_put(Job(), blocking=False)
    assert_type(queue.green_get(timeout=1), Job)
    assert_type(queue.green_get().name, str)
    queue.put_nowait(Job())
    assert_type(queue.get_nowait(), Job)
    assert_type(queue.green_get_many(10), List[Job])
    queue.green_put_many([Job(), Job()], timeout=1)
    queue.green_put_many(Job() for _ in range(3))
    for job in queue:
        assert_type(job, Job)


async def tasks(queue: aiologic.Queue[Job]) -> None:
    await queue.async_put(Job(), timeout=1)
    assert_type(await queue.async_get(), Job)
    assert_type(await queue.async_get_many(10, timeout=0.1), List[Job])
    await queue.async_put_many([Job()])
    async for job in queue:
        assert_type(job, Job)
    assert_type([job.name async for job in queue], List[str])
    assert_type(len(queue), int)
    assert_type(queue.maxsize, int)


def makers() -> None:
    assert_type(aiologic.Queue([1, 2]), aiologic.Queue[int])
    assert_type(aiologic.Queue([1, 2], maxsize=3), aiologic.Queue[int])
    assert_type(aiologic.Queue[Job](), aiologic.Queue[Job])
    assert_type(aiologic.Queue[Job](100), aiologic.Queue[Job])
    assert_type(aiologic.Queue[Job](maxsize=100), aiologic.Queue[Job])
    declared: aiologic.Queue[Job] = aiologic.Queue(100)
    assert_type(declared.green_get(), Job)
    assert_type(aiologic.LifoQueue(["a"]).get_nowait(), str)
    numbered = aiologic.PriorityQueue[Tuple[int, Job]]()
    assert_type(numbered.green_get(), Tuple[int, Job])
    assert_type(aiologic.PriorityQueue([(1, "a")]).green_get(), Tuple[int, str])


def accept_any_order(queue: aiologic.Queue[Job]) -> None: ...


def give_any_order(
    last: aiologic.LifoQueue[Job], least: aiologic.PriorityQueue[Job]
) -> None:
    accept_any_order(last)
    accept_any_order(least)


async def simple_ones(queue: aiologic.SimpleQueue[Job]) -> None:
    queue.put(Job())
    queue.put_many([Job()])
    assert_type(queue.green_get(), Job)
    assert_type(await queue.async_get(timeout=1), Job)
    assert_type(aiologic.SimpleQueue("ab"), aiologic.SimpleQueue[str])
    assert_type(aiologic.SimpleLifoQueue([1]).green_get(), int)
    declared: aiologic.SimpleQueue[Job] = aiologic.SimpleQueue()
    assert_type(declared, aiologic.SimpleQueue[Job])


async def in_other_words(queue: aiologic.Queue[Job]) -> None:
    assert_type(queue.sync_q, aiologic.SyncView[Job])
    assert_type(queue.async_q, aiologic.AsyncView[Job])
    produce(queue.sync_q)
    await consume(queue.async_q)


def produce(sync_q: aiologic.SyncView[Job]) -> None:
    sync_q.put(Job(), timeout=1)
    sync_q.put_nowait(Job())
    assert_type(sync_q.get(block=False), Job)
    sync_q.join()


async def consume(async_q: aiologic.AsyncView[Job]) -> None:
    await async_q.put(Job())
    assert_type(await async_q.get(), Job)
    assert_type(async_q.get_nowait(), Job)
    async_q.task_done()
    await async_q.join()


class SmallestFirst(aiologic.Queue[T]):
    """A store of one's own, as the documentation tells."""

    def _init(self, items: Iterable[T], maxsize: int) -> None:
        self._data: list[Any] = sorted(items)

    def _put(self, item: T) -> None:
        heappush(self._data, item)

    def _get(self) -> T:
        item: T = heappop(self._data)
        return item


class Mailbox(aiologic.Queue[Job]):
    def next_name(self) -> str:
        return self.green_get().name


def subclasses() -> None:
    assert_type(SmallestFirst([2, 1]).green_get(), int)
    assert_type(SmallestFirst[str]().green_get(), str)
    assert_type(Mailbox().get_nowait(), Job)
    assert_type(Mailbox(5).sync_q, aiologic.SyncView[Job])


@dataclass
class Desk:
    # In the strict mode of pyright, partially unknown, as with asyncio.Queue.
    jobs: aiologic.Queue[Job] = field(  # pyright: ignore[reportUnknownVariableType]
        default_factory=aiologic.Queue
    )
    done: aiologic.SimpleQueue[  # pyright: ignore[reportUnknownVariableType]
        Job
    ] = field(default_factory=aiologic.SimpleQueue)


def factories() -> None:
    assert_type(Desk().jobs, aiologic.Queue[Job])
    assert_type(Desk().done.green_get(), Job)
