# SPDX-License-Identifier: ISC
"""The inside of curio's kernel: all that this backend uses of it and curio does not promise."""

# curio shows the kernel to coroutines only, through traps: "what happens in the kernel stays in the kernel". But core
# asks for the current task without ``await``, and a wake-up may come from a thread, a signal handler or a finalizer,
# none of which can use a trap. So this file looks into the kernel. No other file does.
#
# The kernel is a closure. Where its variables are is read from its code when this file is imported, so a curio that has
# renamed one is refused then, with a plain sentence. What can't be read from the code is guarded by tests.
#
# PRIVATE-API curio 1.6: the variables below and their meaning, ``_locals``, ``_runner``, ``_traps``,
# ``_shutdown_funcs``, ``_tasks``, ``_selector``, ``_max_select_timeout``, ``Task._run_coro``, ``SchedBase``, and how
# ``_kernel_task`` serves its queue; guarded by tests/backends/curio/test_kernel.py.

from __future__ import annotations

import selectors
from types import CodeType
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    curio: Any
    Kernel: type[Any]
    SchedBase = object
    _locals: Any
else:
    import curio
    from curio.kernel import Kernel
    from curio.meta import _locals
    from curio.sched import SchedBase


def _place_of(variable: str, function: str) -> int:
    """Where a function of the kernel keeps one of the kernel's variables."""
    runtime: CodeType = Kernel._make_kernel_runtime.__code__
    for constant in runtime.co_consts:
        if isinstance(constant, CodeType) and constant.co_name == function:
            if variable in constant.co_freevars:
                return constant.co_freevars.index(variable)
            break
    raise ImportError(
        f"aiologic-curio can't work with curio {curio.__version__}: its kernel has"
        f" no variable {variable!r} in {function}(); please report it"
    )


_CURRENT = _place_of("current", "kernel_run")
_READY = _place_of("ready", "kernel_run")
_CLOCK = _place_of("time_monotonic", "kernel_run")
_WAKE = _place_of("wake", "trap_future_wait")
_WAKE_QUEUE = _place_of("wake_queue", "wake")


def current_kernel() -> Any:
    """The kernel that runs in this thread, or ``None``."""
    return _locals.__dict__.get("kernel")


def current_task() -> Any:
    """The task of which a step runs in this thread, or ``None``.

    The kernel's ``current`` is set also while it carries out a trap of that
    task, or notifies its activations. Then it is the kernel that runs.
    """
    # Every operation on a lock comes here, in other libraries' threads, too: so it is written out, and raises nothing.
    # (getattr() with a default raises an error inside, and swallows it: if a thread-local lacks the name, that takes
    # 1.5 us, and asking its dict takes 0.2.)
    kernel = _locals.__dict__.get("kernel")
    if kernel is None:
        return None
    runner = kernel._runner
    if runner is None:  # it is just being set up, or shut down
        return None
    task = runner.__closure__[_CURRENT].cell_contents
    return task if task is not None and task._run_coro.cr_running else None


def task_at_work(kernel: Any) -> Any:
    """The task of that very kernel of which a step runs in this thread, or ``None``."""
    return current_task() if current_kernel() is kernel else None


def root_frame(task: Any) -> FrameType | None:
    """The frame in which the task begins; it is the kernel's own, so it is always there."""
    frame: FrameType | None = task._run_coro.cr_frame
    return frame


def has_task(kernel: Any, task: Any) -> bool:
    """Whether the task lives in that kernel."""
    return kernel._tasks.get(task.id) is task


def clock_of(kernel: Any) -> float:
    """The time by which the kernel measures its sleeps."""
    now: float = kernel._runner.__closure__[_CLOCK].cell_contents()
    return now


def polls(kernel: Any) -> bool:
    """Whether its selector counts milliseconds, as poll, epoll and devpoll do."""
    return isinstance(kernel._selector, getattr(selectors, "_PollLikeSelector", ()))


def longest_select_of(kernel: Any) -> float | None:
    """The most seconds that it lets its selector wait, whatever its tasks wait for."""
    return kernel._max_select_timeout  # type: ignore[no-any-return]


class _Rest(SchedBase):
    """A place for a task to be suspended in; it keeps nothing, so there is nothing to undo."""

    def __len__(self) -> int:
        return 0

    def _kernel_suspend(self, task: Any) -> Callable[[], None]:
        return _nothing_to_undo

    def _kernel_wake(self, ntasks: int = 1) -> list[Any]:
        return []


def _nothing_to_undo() -> None:
    return None


#: ``await rest.suspend()`` ends by :func:`let_go_on`, or by an exception.
rest: Any = _Rest()


def let_go_on(kernel: Any, task: Any) -> None:
    """Called in a step of that kernel: end the suspension of a task, of whatever kind.

    Without effect on a task that has been made ready before, by the end of its
    sleep or by a cancellation: the kernel has then cleared ``cancel_func``.
    """
    leave = task.cancel_func
    if leave is None:
        return
    leave()  # a sleep forgets its time
    task.cancel_func = None
    task.state = "READY"
    # Not by the kernel's reschedule_task(), which searches the whole ready queue, in an assertion, for each task.
    kernel._runner.__closure__[_READY].cell_contents.append(task)


class _Errand:
    """A function to call, in the guise of a task in the queue of tasks to wake.

    The kernel's own task serves that queue. For each pair (task, future), it first
    checks whether ``task.future is future``; if not, it takes the wake-up for one
    that came too late, and does nothing more.
    """

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function

    @property
    def future(self) -> None:
        self._function()


def call_soon(kernel: Any, function: Callable[[], None]) -> None:
    """Have a function called in a step of the kernel's own task.

    That is what curio does for its futures: it appends to a deque, and writes
    to a socket that does not block.

    Raises:
        RuntimeError: The kernel was shut down, or has crashed.

    Threads:
        Callable from any thread, signal handler and finalizer.
    """
    if has_ended(kernel):
        raise RuntimeError("the kernel has ended")
    wake = kernel._traps["trap_future_wait"].__closure__[_WAKE].cell_contents
    try:
        wake(_Errand(function), True)
    except BlockingIOError:
        # The socket is full, so there are bytes that the kernel has yet to read; then it will find all errands.
        return
    except OSError:  # closed meanwhile
        raise RuntimeError("the kernel has ended") from None


def has_ended(kernel: Any) -> bool:
    """Whether the kernel will never run again."""
    return kernel._shutdown_funcs is None


def drop_errands(kernel: Any) -> None:
    """Forget the errands of a kernel that has ended: its queue outlives it."""
    wake = kernel._traps["trap_future_wait"].__closure__[_WAKE].cell_contents
    wake.__closure__[_WAKE_QUEUE].cell_contents.clear()
