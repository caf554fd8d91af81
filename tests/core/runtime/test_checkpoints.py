# SPDX-License-Identifier: ISC
"""What the environment says about checkpoints: per library, per kind of world, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic._runtime.checkpoints import Switch

if TYPE_CHECKING:
    from ..hand_driven import HandWorld
    from .conftest import Site

# Shows whether checkpoints are on, and how many a free lock makes.
ASK_TOY = """
    import toy
    toy.task = object()
    import aiologic
    from aiologic.lowlevel import async_checkpoint_enabled

    lock = aiologic.Lock()
    try:
        lock.async_acquire().send(None)
    except StopIteration:
        print("on" if async_checkpoint_enabled() else "off", toy.checkpoints)
"""

ASK_THREADS = """
    from aiologic._runtime.threads import ThreadBackend

    made = []
    ThreadBackend.checkpoint = lambda self: made.append(self)

    import aiologic
    from aiologic.lowlevel import green_checkpoint_enabled

    aiologic.Lock().green_acquire()
    print("on" if green_checkpoint_enabled() else "off", len(made))
"""


def answer(is_on: bool) -> str:
    return "on 1" if is_on else "off 0"


@pytest.mark.parametrize(
    ("by_default", "group", "library", "is_on"),
    [
        (False, None, None, False),
        (False, "1", None, True),
        (False, "", None, False),
        (False, None, "1", True),
        (False, "1", "", False),
        (False, "", "1", True),
        (True, None, None, True),
        (True, "", None, False),
        (True, "1", None, True),
        (True, None, "", False),
        (True, "", "1", True),
    ],
)
def test_the_library_wins_over_the_group_and_that_over_the_default(
    site: Site,
    by_default: bool,
    group: str | None,
    library: str | None,
    is_on: bool,
) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", checkpoints=by_default)
    said = {
        "AIOLOGIC_ASYNC_CHECKPOINTS": group,
        "AIOLOGIC_TOY_CHECKPOINTS": library,
        # What is meant for others changes nothing.
        "AIOLOGIC_GREEN_CHECKPOINTS": "1",
        "AIOLOGIC_ROBOT_CHECKPOINTS": "1",
    }
    environment = {name: text for name, text in said.items() if text is not None}

    assert site.run(ASK_TOY, **environment) == answer(is_on)


@pytest.mark.parametrize(
    ("group", "library", "is_on"),
    [
        (None, None, False),
        ("1", None, True),
        (None, "1", True),
        ("1", "", False),
        ("", "1", True),
    ],
)
def test_threads_have_a_group_and_a_library_too(
    site: Site, group: str | None, library: str | None, is_on: bool
) -> None:
    said = {
        "AIOLOGIC_GREEN_CHECKPOINTS": group,
        "AIOLOGIC_THREADING_CHECKPOINTS": library,
        "AIOLOGIC_ASYNC_CHECKPOINTS": "" if is_on else "1",
    }
    environment = {name: text for name, text in said.items() if text is not None}

    assert site.run(ASK_THREADS, **environment) == answer(is_on)


@pytest.mark.parametrize(
    ("text", "is_on"),
    [("0", False), ("false", False), ("off", False), ("No", False), ("yes", True)],
)
def test_zero_is_off(site: Site, text: str, is_on: bool) -> None:
    """D25: any text that was not empty, "0" included, used to be on."""
    assert site.run(ASK_THREADS, AIOLOGIC_GREEN_CHECKPOINTS=text) == answer(is_on)


def test_a_library_has_its_default_also_beside_others(site: Site) -> None:
    for library in "toy", "robot":
        site.add_library(library)
        site.add_distribution(
            f"aiologic-{library}", library, checkpoints=library == "toy"
        )

    assert site.run("import robot", ASK_TOY) == answer(True)


def test_the_first_calls_of_a_process_are_checkpoints_too(site: Site) -> None:
    """A queue need not know its caller, and at first nobody has found out which library that is."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", checkpoints=True)

    said = site.run("""
        import toy
        toy.task = object()
        import aiologic

        async def work():
            for _ in range(2):
                await aiologic.SimpleQueue().async_put("item")

        try:
            work().send(None)
        except StopIteration:
            print(toy.checkpoints)
    """)

    assert said == "2"


@pytest.mark.parametrize("is_on", [False, True])
def test_a_backend_is_asked_also_before_it_is_active(
    new_world: type[HandWorld], is_on: bool
) -> None:
    """A thread may have named it, although nobody has imported its library."""
    world = new_world()
    world.checkpoints_by_default = is_on

    assert Switch("async").is_on(world) is is_on


def test_a_backend_that_takes_another_s_place_is_asked_anew(
    new_world: type[HandWorld],
) -> None:
    switch = Switch("async")
    for is_on in True, False, True:
        world = new_world()
        world.checkpoints_by_default = is_on
        switch.note(world)
        assert (world.library in switch.surely_on) is is_on
        assert switch.is_on(world) is is_on


# A lock asks who its owner is, and so which library runs the owner; a semaphore does not.
@pytest.mark.parametrize(
    ("primitive", "by_default"),
    [("Lock", True), ("Lock", False), ("Semaphore", False)],
)
def test_a_green_library_has_its_own_say(
    site: Site, primitive: str, by_default: bool
) -> None:
    said = site.run(
        f"""
        import sys
        from types import ModuleType, SimpleNamespace

        sys.modules["greenlet"] = greenlet = ModuleType("greenlet")
        greenlet.getcurrent = lambda: SimpleNamespace(parent=None)

        from aiologic._runtime.detect import worlds
        from aiologic._runtime.threads import ThreadBackend

        made = []

        class Greens(ThreadBackend):
            library = "greens"
            checkpoints_by_default = {by_default}

            def checkpoint(self):
                made.append(self)

        import aiologic
        from aiologic.lowlevel import green_checkpoint_enabled

        worlds.add(Greens())
        aiologic.{primitive}().green_acquire()
        print("on" if green_checkpoint_enabled() else "off", len(made))
        """,
        **({} if by_default else {"AIOLOGIC_GREENS_CHECKPOINTS": "1"}),
    )

    assert said == answer(True)


# In a process of its own, because it is remembered for good whether anybody ever switched.
SWITCHED_LATE = """
    import aiologic
    from aiologic.lowlevel import disable_checkpoints

    def checkpoints_of(name):
        library = __import__(name)
        library.task, before = type(name, (), {})(), library.checkpoints
        try:
            work().send(None)
        except StopIteration:
            library.task = None
            return library.checkpoints - before

    async def work():
        async with aiologic.Lock():
            pass

    async def main():
        said = [checkpoints_of("toy"), checkpoints_of("toy")]
        async with disable_checkpoints():
            said.append(checkpoints_of("toy"))
            said += [checkpoints_of("late"), checkpoints_of("late")]  # active from now on
        said += [checkpoints_of("toy"), checkpoints_of("late")]
        print(*said)

    try:
        main().send(None)
    except StopIteration:
        pass
"""


def test_a_block_turns_off_what_was_always_on(site: Site) -> None:
    for library in "toy", "late":
        site.add_library(library)
        site.add_distribution(f"aiologic-{library}", library, checkpoints=True)

    said = site.run(SWITCHED_LATE)

    assert said == "1 1 0 0 0 1 1"


def test_nothing_is_on_outside_of_a_library(site: Site) -> None:
    """D23: the answer was that of whichever library had been imported."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", checkpoints=True)
    said = site.run("""
        import toy
        from aiologic.lowlevel import async_checkpoint_enabled, green_checkpoint_enabled

        print(async_checkpoint_enabled(), green_checkpoint_enabled())
        toy.task = object()
        print(async_checkpoint_enabled(), green_checkpoint_enabled())
    """)

    assert said.splitlines() == ["False False", "True False"]
