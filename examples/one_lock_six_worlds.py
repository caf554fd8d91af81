# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, arg-type, no-untyped-call"
"""One lock for threads, asyncio, trio, curio, gevent and eventlet, all at once.

Each library runs in a thread of its own, written as its users write it, with two
tasks that take the lock a few times. (asyncio runs twice if uvloop is there.)
Libraries that can't be imported are left out, and named. At the end, the script prints
who had the lock, how often and after whom; no two of them ever had it at once.
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
import warnings
from collections import Counter
from typing import Any, Callable

import aiologic

TURNS = 3
TASKS = 2
NAP = 0.002

lock = aiologic.Lock()
start = aiologic.Event()

# Each time that the lock was held: from when, to when, and by whom.
diary: list[tuple[float, float, str]] = []


def in_threads() -> None:
    def work(who: str) -> None:
        start.wait()
        for _ in range(TURNS):
            with lock:
                begin = time.perf_counter()
                time.sleep(NAP)
                diary.append((begin, time.perf_counter(), who))

    threads = [
        threading.Thread(target=work, args=[f"thread {n}"]) for n in range(TASKS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def tasks_of_asyncio(name: str) -> None:
    import asyncio

    async def work(who: str) -> None:
        await start
        for _ in range(TURNS):
            async with lock:
                begin = time.perf_counter()
                await asyncio.sleep(NAP)
                diary.append((begin, time.perf_counter(), who))

    await asyncio.gather(*[work(f"{name}, task {n}") for n in range(TASKS)])


def in_asyncio() -> None:
    import asyncio

    asyncio.run(tasks_of_asyncio("asyncio"))


def in_uvloop() -> None:
    import uvloop

    uvloop.run(tasks_of_asyncio("uvloop"))


def in_trio() -> None:
    import trio

    async def work(who: str) -> None:
        await start
        for _ in range(TURNS):
            async with lock:
                begin = time.perf_counter()
                await trio.sleep(NAP)
                diary.append((begin, time.perf_counter(), who))

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for n in range(TASKS):
                nursery.start_soon(work, f"trio, task {n}")

    trio.run(main)


def in_curio() -> None:
    import curio

    async def work(who: str) -> None:
        await start
        for _ in range(TURNS):
            async with lock:
                begin = time.perf_counter()
                await curio.sleep(NAP)
                diary.append((begin, time.perf_counter(), who))

    async def main() -> None:
        async with curio.TaskGroup() as group:
            for n in range(TASKS):
                await group.spawn(work, f"curio, task {n}")

    curio.run(main)


def in_gevent() -> None:
    import gevent

    def work(who: str) -> None:
        start.wait()
        for _ in range(TURNS):
            with lock:
                begin = time.perf_counter()
                gevent.sleep(NAP)
                diary.append((begin, time.perf_counter(), who))

    greenlets = [gevent.spawn(work, f"gevent, greenlet {n}") for n in range(TASKS)]
    gevent.joinall(greenlets, raise_error=True)
    gevent.get_hub().destroy()  # this thread's hub; the thread ends here


def in_eventlet() -> None:
    import eventlet

    def work(who: str) -> None:
        start.wait()
        for _ in range(TURNS):
            with lock:
                begin = time.perf_counter()
                eventlet.sleep(NAP)
                diary.append((begin, time.perf_counter(), who))

    pool = eventlet.GreenPool()
    for n in range(TASKS):
        pool.spawn(work, f"eventlet, greenlet {n}")
    pool.waitall()


# eventlet comes after trio, since trio breaks if it is imported during eventlet's import.
worlds: dict[str, Callable[[], Any]] = {
    "threading": in_threads,
    "asyncio": in_asyncio,
    "uvloop": in_uvloop,
    "trio": in_trio,
    "curio": in_curio,
    "gevent": in_gevent,
    "eventlet": in_eventlet,
}
left_out: dict[str, str] = {}

for library in list(worlds):
    try:
        with warnings.catch_warnings():
            # eventlet warns that it is in maintenance mode.
            warnings.simplefilter("ignore")
            importlib.import_module(library)
    except ImportError as error:
        del worlds[library]
        left_out[library] = str(error)

threads = [threading.Thread(target=world) for world in worlds.values()]
for thread in threads:
    thread.start()
while start.waiting < TASKS * len(worlds):  # runtimes need a moment to start
    time.sleep(0.001)
start.set()
for thread in threads:
    thread.join()

diary.sort()
print("turns  who                   had it first after")
first: dict[str, str] = {}
for (_, _, before), (_, _, who) in zip([(0, 0, "nobody"), *diary], diary):
    first.setdefault(who, before)
turns = Counter(who for _, _, who in diary)
for who, number in turns.items():
    print(f"{number:5}  {who:22}{first[who]}")
for library, reason in left_out.items():
    version = sys.version.split()[0]
    print(f"left out: {library}, which can't be imported on Python {version}: {reason}")

if set(turns.values()) != {TURNS} or len(turns) != TASKS * len(worlds):
    sys.exit("somebody has missed a turn")
if any(later[0] < earlier[1] for earlier, later in zip(diary, diary[1:])):
    sys.exit("two of them had the lock at once")
print(f"{len(diary)} turns in {len(worlds)} worlds, and never two at once.")
