# SPDX-License-Identifier: ISC
"""What we use of curio, with the types, which curio does not have."""

# What curio promises is imported here; what it does not promise, in _kernel.py. The types are written down here rather
# than taken from curio, because a type checker may run where curio is not installed.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractAsyncContextManager
    from typing import Any

    #: One of curio's tasks.
    Task: type[Any]

    #: Sleeps; 0 lets other tasks run once. Returns the time at which it ended.
    sleep: Callable[[float], Coroutine[Any, Any, float | None]]

    #: Raises the exception that is pending in this task, if it may be delivered.
    check_cancellation: Callable[[], Coroutine[Any, Any, BaseException | None]]

    #: A block in which this task can't be cancelled.
    disable_cancellation: Callable[[], AbstractAsyncContextManager[Any, None]]
else:
    from curio.task import (
        Task as Task,
        check_cancellation as check_cancellation,
        disable_cancellation as disable_cancellation,
    )
    from curio.time import sleep as sleep
