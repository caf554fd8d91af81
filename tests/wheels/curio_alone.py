# SPDX-License-Identifier: ISC
"""Core and the curio backend: two kernels take turns; where curio can't be imported, it is said plainly."""

from __future__ import annotations

import sys
import threading

import aiologic
from aiologic.lowlevel import current_async_library_tlocal

lock = aiologic.Lock()
turns: list[None] = []


def two_kernels() -> None:
    import curio

    async def task() -> None:
        for _ in range(100):
            async with lock:
                turns.append(None)
                await curio.sleep(0)

    async def two_tasks() -> None:
        async with curio.TaskGroup() as group:
            await group.spawn(task)
            await group.spawn(task)

    threads = [threading.Thread(target=curio.run, args=[two_tasks]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(turns) == 400


def what_a_task_is_told() -> str:
    """Somebody says that curio runs here."""
    current_async_library_tlocal.name = "curio"
    try:
        lock.async_acquire().send(None)
    except aiologic.BackendError as error:
        return str(error)
    finally:
        current_async_library_tlocal.name = None
    raise AssertionError("nobody can serve curio here")


if sys.version_info < (3, 12):
    two_kernels()
else:
    told = what_a_task_is_told()
    assert "can't be imported on Python 3.12 and newer" in told, told
    with lock:  # and threads are none the worse for it
        pass
assert not {"aiologic_asyncio", "aiologic_trio", "anyio", "gevent"} & set(sys.modules)
print("core and curio: ok")
