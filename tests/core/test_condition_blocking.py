# SPDX-License-Identifier: ISC
"""``AIOLOGIC_BLOCKING`` and conditions, whose waits release a lock before they sleep, and sleep again to regain it."""

from __future__ import annotations

import pytest

from .blocking import run

pytest.importorskip("aiologic_asyncio", reason="tasks need a backend")

BEGINNING = """
import time


def until(look):
    end = time.monotonic() + 20
    while not look():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.0005)


MAKERS = aiologic.Lock, aiologic.RLock, aiologic.BinarySemaphore
WAITS = (
    lambda condition: condition.wait(5),
    lambda condition: condition.wait_for(lambda: False, 5),
)
"""


def run_all(script: str, blocking: str) -> None:
    # The beginnings are concatenated as they are, so the script must not be indented.
    run(BEGINNING + script, blocking)


@pytest.mark.parametrize("blocking", ["warn", "error"])
def test_who_is_told_has_not_left_its_lock(blocking: str) -> None:
    """The error came when the lock had been released, and then another one as the lock was to be regained.

    A warning may be raised as an error, too.
    """
    run_all(
        """
def attempt(condition, wait):
    warnings.simplefilter("error", BlockingWarning)
    entered = []

    def enter():
        with condition:
            entered.append(1)

    with condition:
        thread = threading.Thread(target=enter)
        thread.start()
        until(lambda: getattr(condition.lock, "waiting", 1))  # locks of threads don't tell
        try:
            wait(condition)
        except (BlockingError, BlockingWarning) as error:
            text = str(error)
        assert not entered
        assert condition
        assert condition.waiting == 0
        assert condition.notify() == 0
    thread.join()
    assert entered
    assert not condition
    return text


for make in (*MAKERS, threading.Lock, threading.RLock):
    for wait in WAITS:
        text = told(lambda: attempt(aiologic.Condition(make()), wait))[1]
        assert "condition.wait" in text, text
        assert "await condition" in text, text
""",
        blocking,
    )


@pytest.mark.parametrize("blocking", ["warn", "error"])
def test_the_lock_is_regained_whoever_may_be_told(blocking: str) -> None:
    """A single look need not wait; but then another thread has the lock."""
    run_all(
        """
def look(condition):
    def borrow():
        with condition:
            until(lambda: condition.lock.waiting)

    with condition:
        thread = threading.Thread(target=borrow)
        thread.start()
        until(lambda: condition.lock.waiting)
        assert condition.wait(0) is False
        assert condition
        assert condition.notify() == 0
    thread.join()
    assert not condition


for make in MAKERS:
    assert told(lambda: look(aiologic.Condition(make()))) == ([], None)
""",
        blocking,
    )


def test_each_wait_is_told_of_once() -> None:
    run_all(
        """
def block(condition, wait):
    def notify():
        until(lambda: condition.waiting)
        with condition:
            condition.notify()

    with condition:
        thread = threading.Thread(target=notify)
        thread.start()
        outcome = wait(condition)
    thread.join()
    return outcome


for make in (*MAKERS, threading.Lock, lambda: None):
    texts, outcome = told(lambda: block(aiologic.Condition(make()), WAITS[0]))
    assert outcome is True
    assert len(texts) == 1, texts
    assert "condition.wait" in texts[0], texts
""",
        "warn",
    )


def test_who_has_no_lock_is_told_that() -> None:
    run_all(
        """
def attempt(condition, wait):
    try:
        wait(condition)
    except BlockingError:
        raise
    except RuntimeError as error:
        return str(error)


for make in MAKERS:
    for wait in WAITS:
        assert told(lambda: attempt(aiologic.Condition(make()), wait)) == ([], "cannot wait on un-acquired lock")
""",
        "error",
    )


def test_near_misses_are_told_nothing() -> None:
    """Calls that need not wait, and a thread beside the loop."""
    run_all(
        """
def find(condition):
    with condition:
        assert condition.wait_for(lambda: True) is True


def miss(condition):
    with condition:
        return condition.wait(0.01)


async def main(condition):
    return await asyncio.get_running_loop().run_in_executor(None, miss, condition)


for make in MAKERS:
    assert told(lambda: find(aiologic.Condition(make()))) == ([], None)
    assert asyncio.run(main(aiologic.Condition(make()))) is False
""",
        "error",
    )
