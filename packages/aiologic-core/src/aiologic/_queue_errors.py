# SPDX-License-Identifier: ISC
"""Exceptions of queues that can be caught by the names of the standard library's, too."""

# Programs that move to our queues contain ``except queue.Empty`` and ``except asyncio.QueueShutDown``. Deriving from
# those classes would import both modules for everybody. But a program with such a line has imported the module; so what
# is raised is a class made at that moment, derived from ours and from those that are there.

from __future__ import annotations

import sys

from .exceptions import QueueEmpty, QueueFull, QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PEERS: dict[type[Exception], tuple[tuple[str, str], ...]] = {
    QueueEmpty: (("queue", "Empty"), ("asyncio.queues", "QueueEmpty")),
    QueueFull: (("queue", "Full"), ("asyncio.queues", "QueueFull")),
    QueueShutDown: (("queue", "ShutDown"), ("asyncio.queues", "QueueShutDown")),
}

_made: dict[tuple[type[Exception], ...], type[Exception]] = {}


def as_peers(ours: type[Exception]) -> Exception:
    """An exception of this class that is also one of each of its peers."""
    found = (
        getattr(sys.modules.get(module), name, None) for module, name in PEERS[ours]
    )
    bases = (ours, *(peer for peer in found if peer is not None))
    made = _made.get(bases)
    if made is None:
        members = {"__module__": ours.__module__, "__reduce__": _reduced}
        made = _made.setdefault(bases, type(ours.__name__, bases, members))
    return made()


def _reduced(error: Exception) -> tuple[Any, ...]:
    """Unpickling creates it anew, because other modules may be imported there."""
    return as_peers, (type(error).__bases__[0],)
