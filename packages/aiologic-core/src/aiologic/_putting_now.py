# SPDX-License-Identifier: ISC
"""Putting an item into a queue now, or not at all."""

from __future__ import annotations

from ._getting import Getting
from ._queue_errors import as_peers
from .exceptions import QueueFull, QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeVar

    T = TypeVar("T")


class PuttingNow(Getting["T"]):
    """What producers use that can't wait."""

    __slots__ = ()

    def put_nowait(self, item: T) -> None:
        """Put an item; the same as ``green_put(item, blocking=False)``, in any world.

        Raises:
            QueueFull: There is no place for it.
            QueueShutDown: The queue was shut down.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        places = self._places
        if places is not None and not places.take():
            self._refuse_put()
        for _ in self._announce:  # the next number, without a call
            break
        row = self._row
        if row is None:
            receipt: list[None] = []
            try:
                self._bring(item, receipt)
            except BaseException:
                if not receipt:
                    self._withdraw()
                raise
            return
        try:
            try:
                row.append(item)
            finally:
                # Whatever exception comes in between, the item is there.
                if not self._is_open:
                    self._come_late(item)
                else:
                    self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        if not self._is_open:
            self._wind_up()

    def _refuse_put(self) -> NoReturn:
        raise as_peers(QueueShutDown) if self._is_shut else QueueFull()
