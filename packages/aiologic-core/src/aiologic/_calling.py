# SPDX-License-Identifier: ISC
"""How a put and a get are called: with options that have to be named."""

# CPython looks up the default of each keyword-only argument in a dict, for each call: that was a twelfth of a put that
# need not wait. Defaults of other arguments are copied from a tuple. So in the code, options have positions, and before
# them is an argument that takes what a caller passes by position, to refuse it:
#
#     @called_as(Items["T"].green_get)
#     def green_get(self, /, _by_position: object = None, blocking: bool = True, timeout: float | None = None) -> T:
#         if timeout is not _by_position:  # as a rule, both are None
#             timeout = checked_options(_by_position, blocking, timeout)
#
# Signatures show what users may write, to people and to type checkers. (A None by position goes unnoticed. To tell it
# from nothing would take one more step in each call.)

from __future__ import annotations

from ._engine.deadline import checked_timeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, TypeVar

    F = TypeVar("F")  # with a bound, pyright would lose what it is called with


def called_as(shown: F) -> Callable[[object], F]:
    """Show a method with the signature of another one."""

    def show(method: Any) -> F:
        method.__wrapped__ = shown  # inspect.signature() looks there
        return method  # type: ignore[no-any-return]

    return show


def checked_options(
    by_position: object, blocking: bool, timeout: float | None
) -> float | None:
    """The time-out; checked, if it is to be used."""
    if by_position is not None:
        refuse(by_position)
    return timeout if timeout is None or not blocking else checked_timeout(timeout)


def refuse(by_position: object) -> NoReturn:
    """Say that an option was passed by position."""
    raise TypeError(
        f"blocking and timeout must be passed by keyword, got {by_position!r} by position"
    )
