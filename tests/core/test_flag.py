# SPDX-License-Identifier: ISC
"""A flag is set by one task, which is told that it was the one (contract 1.3.8)."""

from __future__ import annotations

import copy
import pickle
import sys
import warnings
import weakref
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic._engine import newborn

if TYPE_CHECKING:
    from .crew import Crew

EACH_PROTOCOL = pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))


class SubFlag(aiologic.Flag[str]):
    pass


def test_the_first_marker_stays() -> None:
    """Contract 1.3.8: True iff the stored marker is the one passed."""
    flag = aiologic.Flag[object]()
    one, other = object(), object()
    assert flag.set(one) is True
    assert flag.set(other) is False
    assert flag.set(one) is True
    assert flag.get() is one
    flag.clear()
    assert flag.set(other) is True


def test_it_goes_by_identity() -> None:
    flag = aiologic.Flag[object]()
    flag.clear()  # nothing, for one that was never set
    assert flag.set([]) is True
    assert flag.set([]) is False


def test_without_a_marker_the_call_that_set_it_hears_so() -> None:
    """Contract 1.3.8: ``set()`` uses a fresh object."""
    flag = aiologic.Flag[object]()
    assert flag.set() is True
    assert flag.set() is False
    assert flag


def test_it_is_true_while_it_is_set() -> None:
    """Contract 1.3.8: also if the marker is false."""
    flag = aiologic.Flag[object]()
    assert not flag
    for marker in (None, 0, "", False):
        assert flag.set(marker) is True
        assert flag
        assert flag.get("default") is marker
        flag.clear()
        assert not flag
    flag.clear()


def test_what_get_falls_back_on() -> None:
    """Contract 1.3.8: the marker; else the default, even if there is a factory; else the factory; else LookupError."""
    flag = aiologic.Flag[object]()
    assert flag.get(None) is None
    assert flag.get("default", default_factory=list) == "default"
    assert flag.get(default_factory=list) == []
    with pytest.raises(LookupError) as caught:
        flag.get()
    assert caught.value.args == (flag,)
    assert aiologic.Flag(1).get(2, default_factory=list) == 1


def test_an_error_of_the_factory_stands_alone() -> None:
    """Contract 2.1, 47: the factory is called outside of any ``except`` of ours."""
    with pytest.raises(ZeroDivisionError) as caught:
        aiologic.Flag[object]().get(default_factory=lambda: 1 / 0)
    assert caught.value.__context__ is None


def test_a_marker_from_the_beginning() -> None:
    flag = aiologic.Flag("x")
    assert flag
    assert flag.get() == "x"
    assert aiologic.Flag(None)
    with pytest.raises(TypeError):
        aiologic.Flag(1, 2)  # type: ignore[call-arg]  # that is what is refused


def test_repr() -> None:
    """Contract 1.2: as it is created."""
    assert repr(aiologic.Flag[int]()) == "aiologic.Flag()"
    assert repr(aiologic.Flag("x")) == "aiologic.Flag('x')"
    assert repr(SubFlag("x")) == f"{__name__}.SubFlag('x')"


def test_subscription() -> None:
    """Contract 1.2: ``Flag[int]`` works at run time."""
    alias: Any = aiologic.Flag[int]
    assert isinstance(alias("x"), aiologic.Flag)
    assert issubclass(SubFlag, aiologic.Flag)
    if sys.version_info >= (3, 9):
        assert alias.__origin__ is aiologic.Flag


# -- copies ----------------------------------------------------------------------------------------------------------


def check_copies(copied: Callable[[Any], Any], text: str) -> None:
    for cls in (aiologic.Flag, SubFlag):
        with pytest.warns(DeprecationWarning, match=text) as told:
            fresh = copied(cls("x"))
        assert len(told) == 1, "one copy, one warning"
        assert told[0].filename == __file__, "it shows the line that copies"
        assert type(fresh) is cls
        assert fresh.get() == "x"
        fresh.clear()


def check_silent(copied: Callable[[Any], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not copied(aiologic.Flag[int]())


def test_copy_keeps_the_marker_and_warns_once() -> None:
    """D27: ``.copy()`` warned twice, and the text said "queue"."""
    check_copies(lambda flag: flag.copy(), r"Use copy\.copy\(flag\) instead")
    # The method itself will go, whatever is in the flag.
    with pytest.warns(DeprecationWarning, match="instead"):
        assert not aiologic.Flag[int]().copy()


def test_a_copy_of_an_unset_one_is_silent() -> None:
    """D27: ``copy.copy(Flag())`` warned though there was nothing to lose."""
    check_silent(copy.copy)


@EACH_PROTOCOL
def test_pickles_of_an_unset_one_are_silent(protocol: int) -> None:
    """D12: protocols 0 and 1 restored half an object."""
    check_silent(lambda flag: pickle.loads(pickle.dumps(flag, protocol)))


def test_copies_and_pickles_keep_the_marker_and_warn() -> None:
    with pytest.warns(DeprecationWarning, match="^Copying will no longer preserve"):
        assert copy.copy(aiologic.Flag("x")).get() == "x"
    copies: list[Callable[[Any], Any]] = [
        copy.deepcopy,
        lambda flag: pickle.loads(pickle.dumps(flag)),
    ]
    for copied in copies:
        with pytest.warns(DeprecationWarning, match="^Pickling will no longer"):
            assert copied(aiologic.Flag("x")).get() == "x"


def test_as_an_object() -> None:
    flag = aiologic.Flag("x")
    assert not hasattr(flag, "__dict__")
    assert weakref.ref(flag)() is flag
    assert flag != aiologic.Flag("x")
    assert {flag: 1}[flag] == 1
    assert flag.__getnewargs__() == ("x",)
    assert aiologic.Flag.__module__ == "aiologic"


# -- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_at_once_one_wins(crew: Crew) -> None:
    """Each round has a new flag, so that its place is created by several at once, too."""
    flags = [aiologic.Flag[object]() for _ in range(200)]

    def set_all() -> list[bool]:
        return [flag.set() for flag in flags]

    for outcomes in zip(*crew.race(set_all, set_all, set_all)):
        assert sorted(outcomes) == [False, False, True]


def test_whose_place_is_made_meanwhile_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A is about to create the place.   B creates it, sets the flag and is done.   A uses B's, and not its own."""
    flag = aiologic.Flag[str]()

    class Newborn(dict):  # type: ignore[type-arg]  # a dict of the module
        def setdefault(self, key: Any, place: Any) -> Any:  # type: ignore[override]
            monkeypatch.setattr(newborn, "_newborn", {})
            assert flag.set("B")
            return super().setdefault(key, place)

    monkeypatch.setattr(newborn, "_newborn", Newborn())
    assert flag.set("A") is False
    assert flag.get() == "B"


def test_statistics() -> None:
    flag: aiologic.Flag[object] = aiologic.Flag()
    assert flag.statistics().value == 1
    flag.set()
    assert flag.statistics().value == 0
    assert flag.statistics().waiting == 0
