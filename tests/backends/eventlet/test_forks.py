# SPDX-License-Identifier: ISC
"""A fork: parent and child each have their own way into their hubs, and neither takes the other's wake-ups."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .steps import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here"),
]

# Nothing is patched: threads, pipes and waitpid() block, so that each step comes after the one before.
BEGIN = """
import os, signal, threading, time
import eventlet
import aiologic

SOON = 5
os.register_at_fork(after_in_child=lambda: signal.alarm(40))  # should its parent fail


def sleeper():
    woken = aiologic.Event()
    greenlet = eventlet.spawn(woken.wait, 4 * SOON)
    eventlet.sleep(0)
    return woken, greenlet


def wake(event):
    # The hub sleeps, or might: the wake-up has to come in from elsewhere.
    thread = threading.Thread(target=event.set)
    thread.start()
    thread.join()


def hears(greenlet):
    began = time.monotonic()
    return greenlet.wait() and time.monotonic() - began < SOON


def run_hub():
    # More often than it takes the hub to look at its descriptors.
    for _ in range(5):
        eventlet.sleep(0)


eventlet.sleep(0)  # from now on there is a hub
aiologic.Event().wait(0)  # and a way into it
"""

WOKEN_AFTERWARDS = """
begun, looked = os.pipe(), os.pipe()
pid = os.fork()
if (pid == 0) is CHILD_IS_WOKEN:
    event, greenlet = sleeper()
    wake(event)
    os.write(begun[1], b"1")
    os.read(looked[0], 1)
    is_heard = hears(greenlet)
else:
    os.read(begun[0], 1)
    run_hub()
    os.write(looked[1], b"1")
    is_heard = True
"""

SCRIPTS = {
    "child is woken": WOKEN_AFTERWARDS.replace("CHILD_IS_WOKEN", "True"),
    "parent is woken": WOKEN_AFTERWARDS.replace("CHILD_IS_WOKEN", "False"),
    "woken before": """
event, greenlet = sleeper()
wake(event)
heard = os.pipe()
pid = os.fork()
if pid:
    os.read(heard[0], 1)
is_heard = hears(greenlet)
os.write(heard[1], b"1")
""",
    "grandchild is woken": """
child = os.fork()
if child:
    os._exit(os.waitpid(child, 0)[1] >> 8)
"""
    + WOKEN_AFTERWARDS.replace("CHILD_IS_WOKEN", "True"),
    "the parent's end is let go": """
hub = eventlet.hubs.get_hub()
before = {*hub.listeners[hub.READ]}
pid = os.fork()
is_heard = pid or not before & {*hub.listeners[hub.READ]}
""",
    # As for a daemon that has closed all its descriptors: eventlet finds out, and listens to them no more.
    "the pair was taken away": """
hub = eventlet.hubs.get_hub()
for descriptor in [*hub.listeners[hub.READ]]:
    hub.remove_descriptor(descriptor)
pid = os.fork()
is_heard = True
if pid == 0:
    event, greenlet = sleeper()
    wake(event)
    is_heard = hears(greenlet)
""",
    "nobody waited": """
eventlet.hubs.use_hub()
pid = os.fork()
event, greenlet = sleeper()
wake(event)
is_heard = hears(greenlet)
""",
}

END = """
if pid == 0:
    os._exit(not is_heard)
assert is_heard
assert os.waitpid(pid, 0)[1] == 0
"""


def run(script: str, hub: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BEGIN + script + END],
        env={**os.environ, "EVENTLET_HUB": hub},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("hub", ["poll", "selects"])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_wake_ups_of_parent_and_child_go_their_own_ways(script: str, hub: str) -> None:
    run(script, hub)


@pytest.mark.parametrize("script", ["child is woken", "parent is woken"])
def test_a_hub_that_is_shared_is_left_by_the_child(script: str) -> None:
    """What the README says about epoll: the child takes another hub, before it waits."""
    fork = "pid = os.fork()\n"
    take_another = "if pid == 0:\n    eventlet.hubs.use_hub()\n"
    run(SCRIPTS[script].replace(fork, fork + take_another), "epolls")


def test_a_hub_without_a_pair_is_left_alone_by_the_child() -> None:
    """A hub on asyncio is reached through its loop, which asyncio leaves to the parent."""
    run("pid = os.fork()\nis_heard = True\n", "asyncio")
