# SPDX-License-Identifier: ISC
"""Scripts whose asyncio tasks block; each has a process of its own, because ``AIOLOGIC_BLOCKING`` is read at import."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

BEGINNING = """
import asyncio, threading, warnings
import aiologic
from aiologic import BlockingError, BlockingWarning


def told(function):
    "What a call in an async task is told, and what it came to."
    async def main():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                outcome = function()
            except BlockingError as error:
                return str(error), None
        return [str(each.message) for each in caught], outcome

    return asyncio.run(main())


def later(function):
    threading.Timer(0.1, function).start()


def elsewhere(function, *args):
    "Call it in another thread, to its end."
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    thread.join()


def entering(block):
    def enter():
        with block:
            raise AssertionError("it was taken")
    return enter


def says(function, called, advice):
    text, _ = told(function)
    assert text.startswith(called + " blocks the event loop of <Task"), text
    assert text.endswith("while it waits. " + advice), text
"""


def run(script: str, blocking: str | None) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "AIOLOGIC_BLOCKING"}
    if blocking is not None:
        environment["AIOLOGIC_BLOCKING"] = blocking
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + textwrap.dedent(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
