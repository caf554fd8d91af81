# SPDX-License-Identifier: ISC
"""Names that are mistyped: no module says that it has all there could be."""

# Each checker has a comment of its own, with the name of its rule, and one that has nothing to hide is an error. What
# follows from it is not told.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import aiologic
import aiologic.meta
import aiologic.testing
from aiologic import Evnet  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
from aiologic.backends import hookimp  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
from aiologic.exceptions import QueueFul  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
from aiologic.lowlevel import creat_async_waiter  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
from aiologic.meta import isgreenpatched  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

__all__ = ["Evnet", "QueueFul", "creat_async_waiter", "hookimp", "isgreenpatched"]

aiologic.Lokc()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.__versoin__.split()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.exceptions.QueueFul()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.lowlevel.creat_async_waiter()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.meta.DEFUALT()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.testing.exlpore()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.Lock().acquire()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
aiologic.Lock.green_aquire()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
