# SPDX-License-Identifier: ISC
"""Names, also those that are imported when they are first asked for."""

from __future__ import annotations

from types import ModuleType
from typing import Tuple, Type, Union

import aiologic
from aiologic import (
    AsyncLibraryNotFoundError,
    exceptions,
    lowlevel,
    once,
)
from aiologic.backends import (
    hookimpl,
)
from aiologic.lowlevel import (
    current_green_library_tlocal,
    lazydeque,
)
from typing_extensions import assert_type

assert_type(aiologic.RWLock(), aiologic.RWLock)
assert_type(aiologic.__version__, str)
assert_type(aiologic.__version_tuple__, Tuple[Union[int, str], ...])
assert_type(aiologic.lowlevel.create_async_waiter(), lowlevel.AsyncWaiter)
assert_type(aiologic.lowlevel.create_green_waiter().wait(1), bool)
assert_type(lazydeque([1]).popleft(), int)
assert_type(lowlevel.current_thread_ident(), int)
assert_type(lowlevel.current_async_library_tlocal.name, Union[str, None])
assert_type(current_green_library_tlocal.name, Union[str, None])
assert_type(AsyncLibraryNotFoundError, Type[AsyncLibraryNotFoundError])
assert_type(aiologic.meta.import_module("re"), ModuleType)
assert_type(exceptions.QueueEmpty(), aiologic.QueueEmpty)


@hookimpl
def aiologic_backend() -> None: ...


@once
def settings() -> str:
    return ""
