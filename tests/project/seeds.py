# SPDX-License-Identifier: ISC
"""The examples that this project began with, as their documents print them.

Those of aiologic's README, `why.rst` and `libraries.rst` are (c) 2024, 2025 Ilya Egorov, CC-BY-4.0.
"""

from __future__ import annotations

README = """
import asyncio

from threading import Thread

import aiologic

lock = aiologic.Lock()


async def func(i: int, j: int) -> None:
    print(f"thread={i} task={j} start")

    async with lock:
        await asyncio.sleep(1)

    print(f"thread={i} task={j} end")


async def main(i: int) -> None:
    await asyncio.gather(func(i, 0), func(i, 1))


Thread(target=asyncio.run, args=[main(0)]).start()
Thread(target=asyncio.run, args=[main(1)]).start()
"""

README_PRINTS = """
thread=0 task=0 start
thread=1 task=0 start
thread=0 task=1 start
thread=1 task=1 start
thread=0 task=0 end
thread=1 task=0 end
thread=0 task=1 end
thread=1 task=1 end
"""

WHY_COOPERATIVE = """
# cooperative multitasking (deterministic execution order)

async def foo():
    print("foo (in)")
    await asyncio.sleep(0)  # switch to bar()
    print("foo (out)")

async def bar():
    print("bar (in)")
    await asyncio.sleep(0)  # switch to foo()
    print("bar (out)")

async with asyncio.TaskGroup() as tg:
    tg.create_task(foo())
    tg.create_task(bar())
"""

WHY_PREEMPTIVE = """
# preemptive multitasking (non-deterministic execution order)

def foo():
    print("foo (in)")
    time.sleep(0)  # maybe switch to the main thread
    time.sleep(0)  # maybe switch to bar()
    print("foo (out)")

def bar():
    print("bar (in)")
    time.sleep(0)  # maybe switch to the main thread
    time.sleep(0)  # maybe switch to foo()
    print("bar (out)")

with ThreadPoolExecutor(2) as executor:
    executor.submit(foo)
    executor.submit(bar)
"""

WHY_LEAK = """
import asyncio
import threading

from concurrent.futures import ThreadPoolExecutor

executor = ThreadPoolExecutor(8)
semaphore = threading.Semaphore(0)


async def main() -> None:
    loop = asyncio.get_running_loop()

    for _ in range(8):
        future = loop.run_in_executor(executor, semaphore.acquire)

        try:
            await asyncio.wait_for(future, 0)
        except asyncio.TimeoutError:
            pass


print("active threads:", threading.active_count())  # 1
asyncio.run(main())
print("active threads:", threading.active_count())  # 9 - wow, thread leak!

# program will hang until you press Control-C
"""

LIBRARIES_REBINDING = """
def _twisted_running() -> bool:
    global _twisted_running

    from twisted.python.threadable import isInIOThread

    _twisted_running = isInIOThread  # global rebinding

    return _twisted_running()
"""

LIBRARIES_NAIVE = """
def _twisted_running() -> bool:
    global _twisted_running

    try:
        import twisted.internet
    except ImportError:  # reactor is not in use
        return False

    from twisted.python.threadable import isInIOThread

    _twisted_running = isInIOThread  # global rebinding

    return _twisted_running()
"""

LIBRARIES_MODULES = """
def _twisted_running() -> bool:
    global _twisted_running

    if "twisted.internet" not in sys.modules:  # reactor is not in use
        return False

    from twisted.python.threadable import isInIOThread

    _twisted_running = isInIOThread  # global rebinding

    return _twisted_running()
"""

LIBRARIES_HOOKS = """
from wrapt import when_imported

def _twisted_running() -> bool:
    return False

@when_imported("twisted.internet")
def _(_):  # post import hook
    global _twisted_running

    def _twisted_running():  # global rebinding
        global _twisted_running

        from twisted.python.threadable import isInIOThread

        _twisted_running = isInIOThread  # global rebinding

        return _twisted_running()
"""
