# SPDX-License-Identifier: ISC
"""Every exception that aiologic raises and no standard module has."""

from __future__ import annotations

TYPE_CHECKING = False

__all__ = (
    "AsyncLibraryNotFoundError",
    "BackendError",
    "BlockingError",
    "BlockingWarning",
    "BrokenBarrierError",
    "BusyResourceError",
    "GreenLibraryNotFoundError",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
)


class BackendError(RuntimeError):
    """A backend was found but can't be used; the message says why, and how to fix it.

    Raised only in a task that really runs under the backend's library. In any
    case, ``python -m aiologic`` shows the same message.
    """

    __module__ = "aiologic"


class BrokenBarrierError(RuntimeError):
    """A barrier or a latch was broken, or reset, while the caller waited or before it came."""

    __module__ = "aiologic"


class BlockingError(RuntimeError):
    """A green wait would block the event loop of the async task that called it.

    Raised only if ``AIOLOGIC_BLOCKING=error`` is set.
    """

    __module__ = "aiologic"


class BlockingWarning(RuntimeWarning):
    """A green wait blocks the event loop of the async task that called it.

    Issued only if ``AIOLOGIC_BLOCKING=warn`` is set.
    """

    __module__ = "aiologic"


class BusyResourceError(RuntimeError):
    """Another task is using a resource that only one at a time can use."""

    __module__ = "aiologic"


class GreenLibraryNotFoundError(RuntimeError):
    """No installed backend serves the green library that the caller runs under."""

    __module__ = "aiologic"


class QueueEmpty(Exception):  # noqa: N818  # named like its peers
    """No item was available, at once or in time."""

    __module__ = "aiologic"


class QueueFull(Exception):  # noqa: N818
    """No place for an item was free, at once or in time."""

    __module__ = "aiologic"


class QueueShutDown(Exception):  # noqa: N818
    """The queue was shut down: nothing can be put any more, or nothing is left to get.

    It can be caught as :exc:`queue.ShutDown` and :exc:`asyncio.QueueShutDown`, too,
    where these exist.
    """

    __module__ = "aiologic"


if TYPE_CHECKING:

    class AsyncLibraryNotFoundError(RuntimeError):
        """No installed backend serves the async library that the caller runs under.

        Where sniffio can be imported, it is a subclass of sniffio's exception
        of the same name, which is what other libraries catch.
        """


if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> type[RuntimeError]:
        # Made when first asked for: looking for sniffio during ``import aiologic`` would import it for everybody.
        if name != "AsyncLibraryNotFoundError":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            import sniffio
        except ImportError:
            parent: type[RuntimeError] = RuntimeError
        else:
            parent = sniffio.AsyncLibraryNotFoundError
        doc = (
            "No installed backend serves the async library that the caller runs under."
        )
        found = type(name, (parent,), {"__module__": "aiologic", "__doc__": doc})
        # Two threads may come here at once: the first class stays, or one thread could not catch what the other raised.
        return globals().setdefault(name, found)
