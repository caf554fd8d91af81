# SPDX-License-Identifier: ISC
"""A time-out argument is checked once; a wrong one is refused with its name and value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf, nan
from typing import Any

import pytest
from aiologic._engine.deadline import checked_timeout


class Seconds:
    """Like the scalars of numpy: not a number by type, but convertible to float."""

    def __init__(self, value: float) -> None:
        self._value = value

    def __float__(self) -> float:
        return self._value

    def __repr__(self) -> str:
        return f"Seconds({self._value})"


def by_type(value: object) -> str:
    """An id for pytest; some values are thousands of digits long."""
    return f"{type(value).__name__}"


@pytest.mark.parametrize(
    "timeout",
    [
        None,
        inf,
        10**400,
        10**5000,
        Decimal("Infinity"),
        Fraction(10**400),
        Seconds(inf),
    ],
    ids=by_type,
)
def test_for_ever(timeout: Any) -> None:
    assert checked_timeout(timeout) is None


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        (0, 0.0),
        (0.0, 0.0),
        (-0.0, 0.0),
        (5e-324, 5e-324),
        (1, 1.0),
        (1.5, 1.5),
        (1e300, 1e300),
        (10**300, 1e300),
        (True, 1.0),
        (False, 0.0),
        (Decimal("0.25"), 0.25),
        (Fraction(1, 4), 0.25),
        (Seconds(2.5), 2.5),
    ],
    ids=by_type,
)
def test_a_finite_number_of_seconds(timeout: Any, seconds: float) -> None:
    checked = checked_timeout(timeout)

    assert type(checked) is float
    assert checked == seconds


@pytest.mark.parametrize(
    "timeout",
    [-1, -0.5, -5e-324, -inf, -(10**400), Decimal(-1), Fraction(-1, 3), Seconds(-1.0)],
    ids=by_type,
)
def test_negative(timeout: Any) -> None:
    with pytest.raises(ValueError, match="timeout must be non-negative") as caught:
        checked_timeout(timeout)

    assert repr(timeout) in str(caught.value)


@pytest.mark.parametrize(
    "timeout", [nan, Decimal("NaN"), Decimal("sNaN"), Seconds(nan)], ids=by_type
)
def test_not_a_number(timeout: Any) -> None:
    with pytest.raises(ValueError, match="timeout must be non-NaN") as caught:
        checked_timeout(timeout)

    assert repr(timeout) in str(caught.value)


@pytest.mark.parametrize("timeout", ["1", b"1", "", [], (1,), 1j, object], ids=by_type)
def test_no_number_at_all(timeout: Any) -> None:
    with pytest.raises(TypeError, match="timeout must be a number or None") as caught:
        checked_timeout(timeout)

    assert repr(timeout) in str(caught.value)
    # Its user reads one sentence, and not how we found out.
    assert caught.value.__suppress_context__


def test_a_number_too_long_to_be_shown_is_refused_all_the_same() -> None:
    # Since 3.11 the interpreter does not print integers of more than 4,300 digits.
    with pytest.raises(ValueError, match=r"."):
        checked_timeout(-(10**5000))
