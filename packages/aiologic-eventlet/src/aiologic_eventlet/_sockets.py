# SPDX-License-Identifier: ISC
"""A pair of sockets, one byte of which wakes a hub."""

# They are the unpatched ones: those that eventlet puts in their place switch to the hub, and register with it.

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

    Another thread may be about to send when the hub ends. Had close() been
    called then, its byte could go to whatever has got the descriptor's number.
    """

    __slots__ = ()

    def __del__(self) -> None:
        self.close()

    def ring(self, _come_in: object) -> None:
        """Send a byte; never blocks."""
        with suppress(OSError):
            # It may be full, and so is heard; or the other end has gone, and who closed it reports what is left.
            self.send(b"\0")


def pair_of_sockets() -> list[End]:
    """What is sent into the second is received by the first; neither ever blocks."""
    ends = [End(fileno=end.detach()) for end in socket.socketpair()]
    for end in ends:
        end.setblocking(False)
    return ends
