# SPDX-License-Identifier: ISC
"""Queues of all libraries, as the methods of their two ends in two worlds."""

# Each factory takes a limit, 0 for none, and returns the methods themselves, without a wrapper that would cost time.

from __future__ import annotations

import math
from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any


def nowhere(*_: object) -> Any:
    """Stands for a method that a queue does not have."""
    raise SystemExit("a queue was asked for what it can't do")


class Ends:
    """The functions that producers and consumers call."""

    def __init__(
        self,
        sync_put: Callable[[Any], object] = nowhere,
        sync_get: Callable[[], Any] = nowhere,
        async_put: Callable[[Any], Awaitable[object]] = nowhere,
        async_get: Callable[[], Awaitable[Any]] = nowhere,
    ) -> None:
        self.sync_put = sync_put
        self.sync_get = sync_get
        self.async_put = async_put
        self.async_get = async_get


def _ours(queue: Any) -> Ends:
    return Ends(queue.green_put, queue.green_get, queue.async_put, queue.async_get)


def aiologic_simple(_limit: int) -> Ends:
    import aiologic

    return _ours(aiologic.SimpleQueue())


def aiologic_queue(limit: int) -> Ends:
    import aiologic

    return _ours(aiologic.Queue(limit or None))


def of_threads(limit: int) -> Ends:
    import queue

    made: Any = queue.Queue(limit)
    return Ends(made.put, made.get)


def of_threads_simple(_limit: int) -> Ends:
    import queue

    made: Any = queue.SimpleQueue()
    return Ends(made.put, made.get)


def of_asyncio(limit: int) -> Ends:
    import asyncio

    made: Any = asyncio.Queue(limit)
    return Ends(async_put=made.put, async_get=made.get)


def of_janus(limit: int) -> Ends:
    import janus  # type: ignore[import-not-found, unused-ignore]  # as above

    made: Any = janus.Queue(limit)
    return _both(made)


def of_culsans(limit: int) -> Ends:
    import culsans  # type: ignore[import-not-found, unused-ignore]  # only in another environment

    return _both(culsans.Queue(limit))


def _both(queue: Any) -> Ends:
    sync, asynchronous = queue.sync_q, queue.async_q
    return Ends(sync.put, sync.get, asynchronous.put, asynchronous.get)


def trio_channel(limit: int) -> Ends:
    import trio

    send: Any
    receive: Any
    send, receive = trio.open_memory_channel(limit or math.inf)
    return Ends(async_put=send.send, async_get=receive.receive)


def anyio_channel(limit: int) -> Ends:
    import anyio

    send: Any
    receive: Any
    send, receive = anyio.create_memory_object_stream(limit or math.inf)
    return Ends(async_put=send.send, async_get=receive.receive)


def by_call_soon(_limit: int) -> Ends:
    """``loop.call_soon_threadsafe(queue.put_nowait, item)``; has to be created in the loop."""
    import asyncio

    made: Any = asyncio.Queue()
    schedule: Any = asyncio.get_running_loop().call_soon_threadsafe
    return Ends(sync_put=partial(schedule, made.put_nowait), async_get=made.get)


def by_run_sync_soon(_limit: int) -> Ends:
    """``token.run_sync_soon(send.send_nowait, item)``; has to be created in the run."""
    import trio

    send: Any
    receive: Any
    send, receive = trio.open_memory_channel(math.inf)
    schedule: Any = trio.lowlevel.current_trio_token().run_sync_soon
    return Ends(sync_put=partial(schedule, send.send_nowait), async_get=receive.receive)


def by_executor(limit: int) -> Ends:
    """``await loop.run_in_executor(None, queue.get)``; has to be created in the loop."""
    import asyncio
    import queue

    made: Any = queue.Queue(limit)
    run: Any = asyncio.get_running_loop().run_in_executor
    return Ends(
        made.put, made.get, partial(run, None, made.put), partial(run, None, made.get)
    )


class Getting:
    """An object that can be awaited, each time as a getter of an empty queue."""

    def __init__(self, queue: Any, name: str) -> None:
        self._get = getattr(queue, name)

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._get().__await__()  # type: ignore[no-any-return]


def getters_of_simple() -> Getting:
    import aiologic

    return Getting(aiologic.SimpleQueue(), "async_get")


def getters_of_queue() -> Getting:
    import aiologic

    return Getting(aiologic.Queue(), "async_get")


def getters_of_asyncio() -> Getting:
    import asyncio

    return Getting(asyncio.Queue(), "get")
