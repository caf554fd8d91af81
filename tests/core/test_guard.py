# SPDX-License-Identifier: ISC
"""A guard lets in one task at a time, and refuses the others (contract 1.3.9)."""

from __future__ import annotations

import copy
import inspect
import pickle
import weakref
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest

if TYPE_CHECKING:
    from typing_extensions import Self

    from .crew import Crew
    from .hand_driven import HandWorld

BUSY = r"^another task is already using this resource$"


class SubGuard(aiologic.ResourceGuard):
    pass


@pytest.fixture(params=[aiologic.ResourceGuard, SubGuard], ids=lambda cls: cls.__name__)
def cls(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_one_at_a_time() -> None:
    """Contract 1.3.9: ``with`` returns the guard; a second user is refused, and changes nothing."""
    guard = aiologic.ResourceGuard()
    for _ in range(2):
        assert not guard
        with guard as entered:
            assert entered is guard
            assert guard
            for _ in range(2):
                with pytest.raises(aiologic.BusyResourceError, match=BUSY):
                    guard.__enter__()
            assert guard
        assert not guard


def test_the_error_is_a_runtime_error_and_says_what_is_done() -> None:
    guard = aiologic.ResourceGuard(action="reading from")
    assert issubclass(aiologic.BusyResourceError, RuntimeError)
    with guard, pytest.raises(
        aiologic.BusyResourceError,
        match=r"^another task is already reading from this resource$",
    ):
        guard.__enter__()


def test_an_error_inside_frees_it() -> None:
    guard = aiologic.ResourceGuard()
    with pytest.raises(ZeroDivisionError), guard:
        raise ZeroDivisionError
    assert not guard


def test_leaving_is_not_checked() -> None:
    """Contract 1.3.9: exit always frees, whoever calls it."""
    guard = aiologic.ResourceGuard()
    guard.__exit__(None, None, None)
    with guard:
        guard.__exit__(None, None, None)
        assert not guard


def test_the_action_is_a_keyword() -> None:
    """Contract 1.3.9: nothing is passed by position."""
    assert aiologic.ResourceGuard().action == "using"
    assert aiologic.ResourceGuard(action="x").action == "x"
    with pytest.raises(ValueError, match="the first argument should not") as told:
        aiologic.ResourceGuard("x")  # type: ignore[arg-type]  # that is what is refused
    text = "the first argument should not have been passed"
    assert str(told.value) == f"{text}; write ResourceGuard(action='x')"
    with pytest.raises(TypeError, match=r"got \('x', 'y'\)$"):
        aiologic.ResourceGuard("x", "y")  # type: ignore[arg-type]  # the same
    with pytest.raises(TypeError):
        aiologic.ResourceGuard(colour="red")  # type: ignore[call-arg]  # the same


def test_its_signature_is_the_keyword(cls: Any) -> None:
    """Anybody who asks for it, ``help()`` included, does not see what is refused."""
    for asked, before in (cls, []), (cls.__new__, ["cls"]):
        *first, action = inspect.signature(asked).parameters.values()
        assert [parameter.name for parameter in first] == before
        assert action.name == "action"
        assert action.kind is action.KEYWORD_ONLY
        assert action.default == "using"


def test_the_signature_of_a_subclass_is_its_own() -> None:
    class Named(aiologic.ResourceGuard):
        def __new__(cls, name: str) -> Self:
            return super().__new__(cls, action=f"using {name} as")

    assert list(inspect.signature(Named).parameters) == ["name"]
    assert Named("x").action == "using x as"


def test_repr(cls: Any) -> None:
    module = "aiologic" if cls is aiologic.ResourceGuard else __name__
    guard = cls(action="x")
    assert repr(guard).startswith(f"<{module}.{cls.__qualname__}('x') at 0x")
    assert repr(guard).endswith(" [unlocked]>")
    with guard:
        assert repr(guard).endswith(" [locked]>")


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy]
    + [
        lambda guard, protocol=protocol: pickle.loads(pickle.dumps(guard, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ],
)
def test_copies_and_pickles_are_new_ones(
    cls: Any, copied: Callable[[Any], Any]
) -> None:
    """D8: ``copy.copy()`` raised ValueError. D12: pickle protocols 0 and 1 restored half an object."""
    guard = cls(action="x")
    with guard:
        fresh = copied(guard)
        assert type(fresh) is cls
        assert fresh is not guard
        assert fresh.action == "x"
        assert not fresh
        with fresh:
            pass
        assert guard


def test_as_an_object() -> None:
    guard = aiologic.ResourceGuard()
    assert not hasattr(guard, "__dict__")
    assert weakref.ref(guard)() is guard
    assert guard != aiologic.ResourceGuard()
    assert {guard: 1}[guard] == 1
    SubGuard().colour = "red"  # type: ignore[attr-defined]  # subclasses have a dict
    with pytest.raises(AttributeError):
        guard.action = "x"  # type: ignore[misc]  # it is read-only


def test_an_idle_one_is_small() -> None:
    assert aiologic.ResourceGuard()._place is None
    assert aiologic.Flag[str]()._place is None


def test_tasks_are_refused_as_threads_are(world: HandWorld, crew: Crew) -> None:
    guard = aiologic.ResourceGuard()

    async def use() -> None:
        with guard:
            await world.checkpoint()

    inside = world.spawn(use()).step()
    with pytest.raises(aiologic.BusyResourceError):
        world.spawn(use()).step()
    with pytest.raises(aiologic.BusyResourceError):
        crew.run(guard.__enter__)
    inside.step()
    assert not guard


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_at_once_one_is_in(crew: Crew) -> None:
    """Each round has a new guard, so that its place is created by several at once, too."""
    guards = [aiologic.ResourceGuard() for _ in range(200)]

    def enter() -> list[bool]:
        entered = []
        for guard in guards:
            try:
                guard.__enter__()
            except aiologic.BusyResourceError:
                entered.append(False)
            else:
                entered.append(True)
        return entered

    for outcomes in zip(*crew.race(enter, enter, enter)):
        assert sorted(outcomes) == [False, False, True]
