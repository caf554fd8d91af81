# SPDX-License-Identifier: ISC
"""What the environment variables say, and the trace of how backends are found."""

# Discovery may begin in a signal handler, while the very same thread is printing something. So trace output goes to the
# file descriptor directly, past Python's buffers, which would refuse reentrant writes.

from __future__ import annotations

import os

# What says "off", the empty string included. Anything else is on.
OFF = frozenset({"", "0", "false", "no", "off"})

#: Set it, and each step of the search for backends is told on stderr.
TRACED_BY = "AIOLOGIC_TRACE"

STDERR = 2


def flag(variable: str) -> bool | None:
    """Whether a variable says on or off; ``None`` if it is not set."""
    value = os.environ.get(variable)
    return None if value is None else value.strip().lower() not in OFF


def any_flag(beginning: str, end: str) -> bool:
    """Whether any variable that begins and ends so says on."""
    return any(
        flag(variable)
        for variable in os.environ
        if variable.startswith(beginning) and variable.endswith(end)
    )


is_traced = bool(flag(TRACED_BY))


def tell(text: str) -> None:
    """Say something to a user who set ``AIOLOGIC_TRACE``."""
    if is_traced:
        # Some programs have no stderr. They are not stopped by that.
        try:  # noqa: SIM105  # contextlib would make every import of ours longer
            os.write(STDERR, f"aiologic: {text}\n".encode())
        except OSError:
            pass
