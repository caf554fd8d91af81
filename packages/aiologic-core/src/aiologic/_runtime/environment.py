# SPDX-License-Identifier: ISC
"""What the environment variables say, and the trace of how backends are found."""

# Discovery may begin in a signal handler, while the very same thread is printing something. So trace output goes to the
# file descriptor directly, past Python's buffers, which would refuse reentrant writes.

from __future__ import annotations

import os

# What says "off", the empty string included. Anything else is on.
OFF = frozenset({"", "0", "false", "no", "off"})

#: If it is set, each step of the search for backends is reported on stderr.
TRACED_BY = "AIOLOGIC_TRACE"

STDERR = 2


def flag(variable: str) -> bool | None:
    """Whether a variable says on or off; ``None`` if it is not set."""
    value = os.environ.get(variable)
    return None if value is None else value.strip().lower() not in OFF


def any_flag(beginning: str, end: str) -> bool:
    """Whether any variable with this beginning and this end says on."""
    return any(
        flag(variable)
        for variable in os.environ
        if variable.startswith(beginning) and variable.endswith(end)
    )


is_traced = bool(flag(TRACED_BY))


def tell(text: str) -> None:
    """Say something to a user who set ``AIOLOGIC_TRACE``."""
    if is_traced:
        # Some programs have no stderr, and must not fail because of that.
        try:  # noqa: SIM105  # importing contextlib would slow every import of ours
            os.write(STDERR, f"aiologic: {text}\n".encode())
        except OSError:
            pass
