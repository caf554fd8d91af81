# SPDX-License-Identifier: ISC
"""Greenlets and native threads share a lock and an event.

gevent's own locks are for the greenlets of one thread, and a lock of
``threading`` would stop all of them. Here greenlets of a program that gevent has
patched share a ledger with the native threads of gevent's pool: one lock protects it
for both kinds, an event tells the greenlets that the last thread is done, and a
greenlet that times out or is killed leaves the queue without taking the lock with it.
"""

from __future__ import annotations

import sys

try:
    from gevent import monkey
except ImportError:
    print("gevent is not installed, or has no greenlets to stand on")
    sys.exit(0)

monkey.patch_all()

import time  # noqa: E402

import aiologic  # noqa: E402  # before or after patching does not matter
import gevent  # noqa: E402

native_sleep = monkey.get_original("time", "sleep")

NAP = 0.01

lock = aiologic.Lock()
done = aiologic.Event()
ledger: list[str] = []


def book(who: str) -> None:
    ledger.append(f"{who} begins")
    (time.sleep if who.startswith("greenlet") else native_sleep)(NAP)
    ledger.append(f"{who} ends")


def thread(who: str) -> None:
    for _ in range(2):
        with lock:
            book(who)
    finished.append(who)
    if len(finished) == THREADS:
        done.set()  # from a native thread: it wakes the hub


def greenlet(who: str) -> None:
    for _ in range(2):
        with lock:
            book(who)
    done.wait()


def impatient() -> str:
    try:
        with gevent.Timeout(NAP / 5):
            lock.green_acquire()
    except gevent.Timeout:
        return "lost patience"
    lock.green_release()
    return "was lucky"


THREADS = 3
finished: list[str] = []

pool = gevent.get_hub().threadpool
with lock:
    greenlets = [gevent.spawn(greenlet, f"greenlet {n}") for n in range(3)]
    threads = [pool.spawn(thread, f"thread {n}") for n in range(THREADS)]
    patience = gevent.spawn(impatient)
    killed = gevent.spawn(lock.green_acquire)
    gevent.sleep(NAP)
    killed.kill()
gevent.joinall(greenlets, raise_error=True)
for each in threads:
    each.get()

print(*ledger, sep="\n")
print(f"One {patience.get()}, one was killed, and neither has the lock.")

begun, ended = ledger[0::2], ledger[1::2]
if [line.replace("begins", "ends") for line in begun] != ended or lock.locked():
    sys.exit("two of them were in at once")
print(f"{len(begun)} turns of greenlets and threads, and never two at once.")
