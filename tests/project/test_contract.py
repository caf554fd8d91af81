# SPDX-License-Identifier: ISC
"""Each promise about each primitive is held by a test, and the table of them is up to date."""

from __future__ import annotations

import aiologic
from aiologic import lowlevel

from tests import contract
from tests.contract_rows import BEYOND, PRIMITIVES
from tests.contract_rows_lowlevel import LOWLEVEL


def test_each_promise_of_what_there_is_has_a_test() -> None:
    assert not [str(row) for row in contract.missing()]


def test_each_named_test_exists() -> None:
    assert not [str(test) for test in contract.misnamed()]


def test_the_table_is_up_to_date() -> None:
    assert contract.PAGE.read_text("utf-8") == contract.page(), (
        "uv run python -m tests.contract --write"
    )


def test_each_public_name_has_promises() -> None:
    named = {name: getattr(aiologic, name) for name in aiologic.__all__}
    public = {
        name
        for name, value in named.items()
        if not (isinstance(value, type) and issubclass(value, BaseException))
    }
    assert not public.difference(PRIMITIVES, BEYOND)


def test_each_name_of_lowlevel_has_promises() -> None:
    promised = [name for _, names, _ in LOWLEVEL for name in names]
    assert len(set(promised)) == len(promised)
    assert not set(lowlevel.__all__).difference(promised, PRIMITIVES)
    assert not set(promised).difference(lowlevel.__all__)
