# SPDX-License-Identifier: ISC
"""A pair of sockets, one byte of which wakes a hub."""

# Unpatched sockets, because the ones that eventlet replaces them with switch to the hub, and register with it.

from __future__ import annotations

from contextlib import suppress

from eventlet.patcher import original  # pyright: ignore[reportUnknownVariableType]

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
else:
    socket = original("socket")


class End(socket.socket):
    """One end of a pair. It closes itself when nobody refers to it any more, and never sooner.

    Another thread may be about to send when the hub ends. If the end were closed
    then, the byte could go to whatever file has the descriptor's number by then.
    """

    __slots__ = ()

    def __del__(self) -> None:
        self.close()

    def ring(self, _come_in: object) -> None:
        """Send a byte; never blocks."""
        with suppress(OSError):
            # Either the buffer is full, so the hub wakes anyway; or the other end is gone: the hub has ended, and what
            # was left is reported as lost elsewhere.
            self.send(b"\0")


def pair_of_sockets() -> list[End]:
    """Two ends: what is sent into the second is received by the first. Neither ever blocks."""
    ends = [End(fileno=end.detach()) for end in socket.socketpair()]
    for end in ends:
        end.setblocking(False)
    return ends
