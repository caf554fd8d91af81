# SPDX-License-Identifier: ISC
"""Planted bugs in queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import Queue, QueueEmpty, SimpleQueue
from aiologic._carrying import bring
from aiologic._engine.waiting import green_wait
from aiologic._exclusive import Exclusive
from aiologic._permits import Permits
from aiologic._places import Places
from aiologic._runtime.detect import worlds
from aiologic._tally import Tally, number
from aiologic.testing._virtual import VirtualGreenWaiter

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter


class PermitBeforeItem(SimpleQueue[Any]):
    """A permit is freed before its item is there."""

    __slots__ = ()

    def green_put(self, item: Any, **how: Any) -> None:
        self._free.append(None)
        if self._queue:
            self._settle()
        (self._data or self._make_store()).append(item)


class PermitKept(SimpleQueue[Any]):
    """A getter that is cancelled keeps the item that it was promised."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        pass


class NewcomerFirst(SimpleQueue[Any]):
    """A newcomer takes an item even if others wait."""

    __slots__ = ()

    def green_get(self, /, *, blocking: bool = True, timeout: Any = None) -> Any:
        if self._free:
            del self._free[-1]
            return self._data.popleft()
        return super().green_get(blocking=blocking, timeout=timeout)


class EndIsAFlag(Queue[Any]):
    """A put that meets a shutdown does not check where its item is in the queue."""

    __slots__ = ()

    def _come_late(self, *brought: Any) -> None:
        self._free.extend([None] * len(brought))


class LateIsRefused(Queue[Any]):
    """A put that meets a shutdown is always refused, although its item may be in the queue."""

    __slots__ = ()

    def _claim(self, item: Any, behind: Any) -> bool:
        return True


class NoLookAfterJoining(Queue[Any]):
    """A getter that has joined the queue does not check whether that has ended meanwhile."""

    __slots__ = ()

    def green_get(self, **how: Any) -> Any:
        try:
            return super().green_get(blocking=False)
        except QueueEmpty:
            green_wait(worlds.create_green_waiter(), None, self._join)
            return self._remove()


class NobodyIsTold(Queue[Any]):
    """A getter that takes the last item does not tell those that wait that no more will come."""

    __slots__ = ()

    def _look_for_the_end(self) -> None:
        pass


class DiscardsOnce(Queue[Any]):
    """Only the shutdown itself discards items, and not a put that meets it."""

    __slots__ = ()

    def green_put(self, item: Any, **how: Any) -> None:
        next(self._tally.put)
        self._make_store().append(item)
        if self._is_open:
            self._free.append(None)
        else:
            self._come_late(item)


class DiscardsNotWhatCameBack(Queue[Any]):
    """A task that is cancelled puts its permit back, and does not check whether the item is to be discarded."""

    __slots__ = ()

    def _put_back(self, receipt: Any = None) -> None:
        Permits._put_back(self, receipt)


class DiscardsNotWhatWasInTheAir(Queue[Any]):
    """Nor does a task that leaves, and had the permit when the queue was shut down."""

    __slots__ = ()

    def _leave(self, waiter: Waiter) -> None:
        Permits._leave(self, waiter)


class PlaceKept(Places):
    """A putter that is cancelled keeps its place."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        pass


class PassesOnWhatIsTaken(Places):
    """A putter that is interrupted passes on its place, although its item was taken."""

    __slots__ = ()

    def _take_back(self, waiter: Waiter) -> None:
        self._put_back()


class LeavesItInTheBox(VirtualGreenWaiter):
    """An item is brought into the queue, but not taken out of its putter's box."""

    __slots__ = ()

    def unpark(self) -> None:
        box = self.request[1]
        item = box[0]
        bring(self)
        box.append(item)
        super().unpark()


class EmptiesTheBoxLate(VirtualGreenWaiter):
    """An item is put into the queue before it is taken out of its putter's box."""

    __slots__ = ()

    def unpark(self) -> None:
        queue, box = self.request
        if box:
            next(queue._announce)
            queue._row.append(box[0])
            queue._free.append(None)
            box.clear()
            if queue._queue:
                queue._settle()
        super().unpark()


class BringsAndTellsNobody(VirtualGreenWaiter):
    """A task that brings an item does not check whether others wait for one."""

    __slots__ = ()

    def unpark(self) -> None:
        queue, box = self.request
        item = box.pop()
        next(queue._announce)
        queue._row.append(item)
        queue._free.append(None)
        super().unpark()


class KeepsWhatItHas(Queue[Any]):
    """A getter that is interrupted with an item in its hands does not give it back."""

    __slots__ = ()

    def _give_back(self, hands: Any) -> None:
        pass


class OwesNothing(Places):
    """An item that is given back takes up no place."""

    __slots__ = ()

    def owe(self) -> None:
        pass


class HandsOverToNobody(VirtualGreenWaiter):
    """An item is put into a getter's hands without a check whether the getter has left."""

    __slots__ = ()

    def unpark(self) -> None:
        queue, token, hands, _ = self.request
        if token:
            token.clear()
            hands.append(queue._row.popleft())
        super().unpark()


class SaysDoneAndNoMore(Tally):
    """The last "done" does not wake those that wait for it."""

    __slots__ = ()

    def look(self) -> None:
        pass


class CountsTooMany(Tally):
    """A "done" too many counts for the next item."""

    __slots__ = ()

    def say_done(self) -> bool:
        if not self.unfinished():
            return False
        drawn = next(self._done)
        self.look()
        return drawn < number(self.put)


class TwoInside(Exclusive):
    """A task that finds another one inside goes in nevertheless."""

    __slots__ = ()

    def run(self, function: Any, *args: Any) -> Any:
        return function(*args)


class NobodyIsWoken(Exclusive):
    """A task that leaves wakes nobody."""

    __slots__ = ()

    def _let_one_try(self) -> None:
        pass
