# SPDX-License-Identifier: ISC
"""Greenlets and native threads share a lock and an event.

eventlet's own semaphores are for the greenlets of one thread, and a lock of
``threading`` would stop all of them. Here greenlets fetch what native threads produce,
in a program that eventlet has patched: one lock protects the ledger for both kinds, an
event tells the greenlets that the last thread is done, and a greenlet that times out
leaves the queue without taking the lock with it.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

try:
    with warnings.catch_warnings():
        # It warns that it is in maintenance mode.
        warnings.simplefilter("ignore")
        import eventlet
except ImportError:
    print("eventlet is not installed, or has no greenlets to stand on")
    sys.exit(0)

eventlet.monkey_patch()

# After patching, these are the native ones.
native = eventlet.patcher.original("threading")
native_sleep = eventlet.patcher.original("time").sleep

import aiologic  # noqa: E402  # before or after patching does not matter

NAP = 0.01

lock = aiologic.Lock()
done = aiologic.Event()
ledger: list[str] = []


def book(who: str) -> None:
    ledger.append(f"{who} begins")
    (eventlet.sleep if who.startswith("greenlet") else native_sleep)(NAP)
    ledger.append(f"{who} ends")


def thread(who: str) -> None:
    for _ in range(2):
        with lock:
            book(who)


def greenlet(who: str) -> None:
    for _ in range(2):
        with lock:
            book(who)
    done.wait()


def impatient() -> str:
    try:
        with eventlet.Timeout(NAP / 5):
            lock.green_acquire()
    except eventlet.Timeout:
        return "lost patience"
    lock.green_release()
    return "was lucky"


def wait_for(threads: list[Any]) -> None:
    for each in threads:
        each.join()
    done.set()  # from a native thread: it wakes the hub


threads = [native.Thread(target=thread, args=[f"thread {n}"]) for n in range(3)]
with lock:
    greenlets = [eventlet.spawn(greenlet, f"greenlet {n}") for n in range(3)]
    for each in threads:
        each.start()
    native.Thread(target=wait_for, args=[threads]).start()
    patience = eventlet.spawn(impatient)
    killed = eventlet.spawn(lock.green_acquire)
    eventlet.sleep(NAP)
    killed.kill()
for each in greenlets:
    each.wait()

print(*ledger, sep="\n")
print(f"One {patience.wait()}, one was killed, and neither has the lock.")

begun, ended = ledger[0::2], ledger[1::2]
if [line.replace("begins", "ends") for line in begun] != ended or lock.locked():
    sys.exit("two of them were in at once")
print(f"{len(begun)} turns of greenlets and threads, and never two at once.")
