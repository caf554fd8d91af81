# SPDX-License-Identifier: ISC
"""Many threads may reach their first async operation at once: each of them is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Site

MANY_AT_ONCE = """
    import sys
    import threading
    import toy
    import aiologic

    toy.task = object()
    sys.setswitchinterval(1e-6)
    together = threading.Barrier(8)
    outcome = []

    # To each a lock of its own: the task of this library is in all threads at once, as no real one ever is, so for a
    # shared lock it would compete with itself.
    def come():
        lock = aiologic.Lock()
        together.wait(20)
        try:
            lock.async_acquire().send(None)
        except BaseException as done:
            outcome.append(f"{type(done).__name__} {lock.locked()}")

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    print(*outcome)
"""

# A is in the middle of loading the plugin when B comes: B must load it too, or wait for A.
ONE_BY_ONE = """
    import threading
    import toy
    import aiologic

    toy.task = object()
    toy.a_is_inside = threading.Event()
    toy.b_has_come = threading.Event()
    lock = aiologic.RLock()
    outcome = {}

    def come(name):
        try:
            outcome[name] = ask()
        except BaseException as done:
            outcome[name] = type(done).__name__
        if name == "b":
            toy.b_has_come.set()

    a = threading.Thread(target=come, args="a")
    b = threading.Thread(target=come, args="b")
    a.start()
    assert toy.a_is_inside.wait(20)
    b.start()
    a.join(20)
    b.join(20)
    print(outcome["a"], outcome["b"])
"""

# With a limit, because B may have to wait for this very import to end.
SLOW_PLUGIN = """
import toy

toy.a_is_inside.set()
toy.b_has_come.wait(0.2)
"""


def test_many_threads_at_once(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")

    assert site.run(MANY_AT_ONCE) == " ".join(["StopIteration True"] * 8)


@pytest.fixture
def slow(site: Site) -> Site:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", checkpoints=True)
    plugin = site.folder / "aiologic_toy.py"
    plugin.write_text(SLOW_PLUGIN + plugin.read_text("utf-8"), "utf-8")
    return site


def test_a_thread_that_comes_while_another_is_loading(slow: Site) -> None:
    ask = "def ask(): return lock.async_acquire(blocking=False).send(None)"

    assert slow.run(ask, ONE_BY_ONE) == "StopIteration StopIteration"


def test_a_thread_that_asks_about_checkpoints_meanwhile(slow: Site) -> None:
    ask = """
    from aiologic.lowlevel import async_checkpoint_enabled as ask
    """

    assert slow.run(ask, ONE_BY_ONE) == "True True"


# What a signal handler or a finalizer does in the middle of an import: it asks which library runs it.
MEANWHILE = """
from aiologic.lowlevel import current_async_library

print(current_async_library(failsafe=True))
"""

COME = """
    import toy
    import aiologic

    toy.task = object()
    lock = aiologic.Lock()
    try:
        lock.async_acquire().send(None)
    except StopIteration:
        print(lock.owner[0])
"""


def test_a_handler_in_the_midst_of_a_plugin_s_import(site: Site) -> None:
    """A look imports the plugin.   A handler finds half of it. The look must not be affected by that."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    plugin = site.folder / "aiologic_toy.py"
    plugin.write_text(MEANWHILE + plugin.read_text("utf-8"), "utf-8")

    assert site.run(COME).split() == ["None", "toy"]


def test_a_handler_in_the_midst_of_a_plugin_s_import_where_a_library_is_named(
    site: Site,
) -> None:
    """The handler asks for a named library that is not there yet."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    plugin = site.folder / "aiologic_toy.py"
    plugin.write_text(MEANWHILE + plugin.read_text("utf-8"), "utf-8")
    name = """
    from aiologic.lowlevel import current_async_library_tlocal

    current_async_library_tlocal.name = "toy"
    """

    assert site.run(name, COME).split() == ["None", "toy"]


def test_a_handler_in_the_midst_of_the_library_s_import(site: Site) -> None:
    """A handler finds half of the library, which no plugin can work with; the task that comes later must be served."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    library, plugin = site.folder / "toy.py", site.folder / "aiologic_toy.py"
    library.write_text(MEANWHILE + library.read_text("utf-8"), "utf-8")
    plugin.write_text(
        "from toy import checkpoints\n" + plugin.read_text("utf-8"), "utf-8"
    )

    assert site.run(COME).split() == ["None", "toy"]


def test_a_library_whose_import_fails_at_first(site: Site) -> None:
    """It is not watched while it is half imported; when it is imported at last, that must be noticed."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    library = site.folder / "toy.py"
    library.write_text(
        MEANWHILE
        + "import sys\nsys.tries = getattr(sys, 'tries', 0) + 1\n1 / (sys.tries - 1)\n"
        + library.read_text("utf-8"),
        "utf-8",
    )
    fail = """
    try:
        import toy
    except ZeroDivisionError:
        print("failed")
    """
    look = """
    from aiologic.lowlevel import current_async_library
    print(current_async_library(failsafe=True))
    """

    assert site.run(fail, look, COME).split() == [
        "None",
        "failed",
        "None",
        "None",
        "toy",
    ]


def test_a_library_that_is_just_being_searched_for(site: Site) -> None:
    """A finds the library's file.   B looks, and sets its hook too late for this import.   A has the library."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    look_meanwhile = """
    import sys
    from aiologic.lowlevel import current_async_library

    class Finder:
        @classmethod
        def find_spec(cls, name, path=None, target=None):
            if name == "toy" and cls in sys.meta_path:
                sys.meta_path.remove(cls)
                print(current_async_library(failsafe=True))

    sys.meta_path.insert(0, Finder)
    """

    assert site.run(look_meanwhile, COME).split() == ["None", "toy"]


def test_a_library_whose_import_begins_while_another_thread_looks(site: Site) -> None:
    """B looks what is imported.   A begins.   B sets its hook too late for this import.   A has the library."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    library = site.folder / "toy.py"
    library.write_text(
        "import sys\nsys.has_begun.set()\nassert sys.has_looked.wait(20)\n"
        + library.read_text("utf-8"),
        "utf-8",
    )
    look_meanwhile = """
    import sys
    import threading
    from aiologic._runtime import activation
    from aiologic.lowlevel import current_async_library

    sys.has_begun, sys.has_looked = threading.Event(), threading.Event()
    a = threading.Thread(target=__import__, args=("toy",))
    watch = activation.watch

    def begin_and_watch(*args):
        a.start()
        assert sys.has_begun.wait(20)
        watch(*args)

    activation.watch = begin_and_watch
    print(current_async_library(failsafe=True))
    activation.watch = watch
    sys.has_looked.set()
    a.join(20)
    """

    # No other library: one that wrapt imports would cause another look.
    said = site.run(look_meanwhile, COME, AIOLOGIC_BACKENDS="toy")

    assert said.split() == ["None", "toy"]


def test_a_library_whose_import_begins_and_fails_while_another_thread_looks(
    site: Site,
) -> None:
    """A begins.   B sets no hook, because it finds half of it.   A fails.   B looks what is imported."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    look_meanwhile = """
    import sys
    from types import ModuleType
    from aiologic._runtime import activation
    from aiologic.lowlevel import current_async_library

    watch = activation.watch

    def fail_after_watching(*args):
        sys.modules["toy"] = ModuleType("toy")
        watch(*args)
        del sys.modules["toy"]

    activation.watch = fail_after_watching
    print(current_async_library(failsafe=True))
    activation.watch = watch
    print(current_async_library(failsafe=True))
    """

    said = site.run(look_meanwhile, COME, AIOLOGIC_BACKENDS="toy")

    assert said.split() == ["None", "None", "toy"]


def test_a_library_whose_import_begins_and_fails_as_its_hook_is_set(site: Site) -> None:
    """B finds no toy.   A begins.   B's hook is called at once, and not kept.   A fails."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    look_meanwhile = """
    import sys
    import wrapt
    from types import ModuleType
    from aiologic.lowlevel import current_async_library

    when_imported = wrapt.when_imported

    def begin_and_fail(name):
        def set_hook(hook):
            wrapt.when_imported = when_imported
            sys.modules[name] = ModuleType(name)
            when_imported(name)(hook)
            del sys.modules[name]

        return set_hook if name == "toy" else when_imported(name)

    wrapt.when_imported = begin_and_fail
    print(current_async_library(failsafe=True))
    print(current_async_library(failsafe=True))
    """

    said = site.run(look_meanwhile, COME, AIOLOGIC_BACKENDS="toy")

    assert said.split() == ["None", "None", "toy"]
